"""Where hosts send completed forms, and where they may ask beforehand what would become of one."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, request

from connector.dry_run import has_errors
from connector.errors import Refused
from connector.intake import Receipt, Webhook, proven, readable, receive
from connector.mapping.profile import HostProfile
from connector.model import Severity
from connector.signature import Outcome
from connector.web.body import read_body
from connector.web.problems import problem
from connector.web.services import WebServices

log = structlog.get_logger("connector.web")


def hook_routes(services: WebServices) -> Blueprint:
    """`POST /hooks/{host}` and, for FHIR servers, PUT with the resource's id in the path."""
    routes = Blueprint("hooks", __name__)

    @routes.post("/hooks/<host>")
    @routes.put("/hooks/<host>/<resource_id>")
    @routes.put("/hooks/<host>/<resource_type>/<resource_id>")
    def take(host: str, resource_type: str = "", resource_id: str = "") -> tuple[Response, int]:
        profile, secrets = _host(services, host)
        try:
            receipt = receive(services.store, profile, secrets, _webhook(), services.now())
        except Refused as refusal:
            _log_refusal(host, refusal)
            raise
        log.info(
            "webhook kept",
            host=host,
            submission=receipt.submission_id,
            state=receipt.state,
            duplicate=receipt.duplicate,
            key_id=receipt.secret_env,
        )
        return jsonify(_accepted(services, receipt)), 202

    return routes


def validate_routes(services: WebServices) -> Blueprint:
    """`POST /hosts/{host}/validate`: the same proof and limits, nothing stored or written."""
    routes = Blueprint("validate", __name__)

    @routes.post("/hosts/<host>/validate")
    def validate(host: str) -> Response:
        profile, secrets = _host(services, host)
        webhook = _webhook()
        verdict = proven(profile, secrets, webhook, services.now())
        if verdict.outcome is Outcome.STALE:
            raise Refused(401, verdict.reason)
        return _judged(services.dry_run(host, readable(webhook)))

    return routes


def _host(services: WebServices, name: str) -> tuple[HostProfile, tuple[str, ...]]:
    profile = services.hosts.get(name)
    if profile is None:
        raise Refused(404, "No host of this name is set up.")
    return profile, services.secrets.get(name, ())


def _log_refusal(host: str, refusal: Refused) -> None:
    # The sentence is ours and repeats nothing that was sent.
    log.warning("webhook refused", host=host, http_status=refusal.status, reason_code=str(refusal))


def _webhook() -> Webhook:
    return Webhook(dict(request.headers), request.args.to_dict(), read_body(request))


def _accepted(services: WebServices, receipt: Receipt) -> dict[str, Any]:
    base = services.public_url.rstrip("/")
    answer: dict[str, Any] = {
        "submission": receipt.submission_id,
        "state": receipt.state,
        "status_url": f"{base}/submissions/{receipt.submission_id}",
    }
    return answer | ({"duplicate": True} if receipt.duplicate else {})


def _judged(result: Mapping[str, Any]) -> Response:
    if not has_errors(result):
        return Response(json.dumps(result, ensure_ascii=False), content_type="application/json")
    people = [result, *result.get("others", [])]
    problems = [each for person in people for each in person["problems"]]
    return problem(422, _what_to_do(result, problems), problems=problems)


def _what_to_do(result: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> str:
    errors = sum(each["severity"] == Severity.ERROR for each in problems)
    if not errors:
        return f"This form cannot be read: {result['line']}"
    answers = "One answer" if errors == 1 else f"{errors} answers"
    return f"{answers} must be put right first."
