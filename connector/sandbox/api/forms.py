"""Completed forms over the REST API, for a connector that missed their webhooks."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request, url_for

from connector.sandbox.api import bodies
from connector.sandbox.api.door import api_blueprint
from connector.sandbox.api.misbehaviour import may_misbehave
from connector.sandbox.api.problems import ApiProblem
from connector.sandbox.desk import desk
from connector.sandbox.filled_forms import FilledForm
from connector.sandbox.payload import webhook_body

calls = api_blueprint("forms")
MOST = 50


@calls.get("/forms")
@may_misbehave("read")
def completed_forms(register: str) -> Response:
    """Every version of a form completed since a moment, oldest first, as its webhook has it."""
    since = bodies.moment(request.args, "since")
    skip = bodies.whole_number(request.args, "skip", otherwise=0)
    page = desk().forms.completed_since(register, since, skip, MOST + 1)
    items = [_as_sent(form) for form in page[:MOST]]
    return jsonify({"items": items, "next": _next(register, skip) if len(page) > MOST else None})


@calls.get("/forms/<form_id>/<int:version>")
@may_misbehave("form")
def one_form(register: str, form_id: str, version: int) -> Response:
    """One version of a completed form, as its webhook has it."""
    for form in desk().forms.versions(form_id):
        if (form.register, form.version) == (register, version):
            return jsonify(_as_sent(form))
    raise ApiProblem(404, "There is no such version of a form.")


def _next(register: str, skip: int) -> str:
    here = url_for("api_forms.completed_forms", register=register)
    return f"{here}?{urlencode({'since': request.args['since'], 'skip': skip + MOST})}"


def _as_sent(form: FilledForm) -> Any:
    """The form's webhook; made now for a version of which only an event was sent."""
    webhook = desk().webhooks.of_form(form.id, form.version)
    if webhook:
        return json.loads(webhook.body)
    return json.loads(webhook_body(f"{form.id}-{form.version}", form, ""))
