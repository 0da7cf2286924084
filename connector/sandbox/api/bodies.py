"""Reading the JSON a caller sent, refusing what a case system would refuse (422)."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from connector.sandbox.api.problems import ApiProblem

LONGEST_TITLE = 200
LONGEST_NAME = 80
INBOXES = ("worker", "manager", "team")


def json_object() -> Mapping[str, Any]:
    """The request's JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiProblem(400, "Send a JSON object with Content-Type application/json.")
    return body


def text(body: Mapping[str, Any], name: str, *, longest: int | None = None) -> str:
    """A text that must be there and not blank."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ApiProblem(422, f"{name} must be a text and not blank.", name)
    if longest and len(value) > longest:
        raise ApiProblem(422, f"{name} may have at most {longest} characters.", name)
    return value


def optional_text(body: Mapping[str, Any], name: str) -> str:
    """A text that may be left out."""
    return text(body, name) if body.get(name) not in (None, "") else ""


def day(body: Mapping[str, Any], name: str) -> str:
    """An ISO date such as 2026-03-27."""
    value = text(body, name)
    try:
        if date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise ApiProblem(422, f"{name} must be a date such as 2026-03-27.", name)


def details(body: Mapping[str, Any]) -> dict[str, Any]:
    """The flat object that goes with an outcome."""
    value = body.get("details", {})
    if not isinstance(value, dict):
        raise ApiProblem(422, "details must be an object.", "details")
    return value


def assignee(body: Mapping[str, Any]) -> dict[str, str]:
    """Whose inbox a task goes into: a worker's, a manager's or a team's."""
    value = body.get("assignee")
    if not isinstance(value, dict) or value.get("kind") not in INBOXES:
        raise ApiProblem(422, "assignee.kind must be worker, manager or team.", "assignee.kind")
    return {"kind": value["kind"], "id": text(value, "id")}


def base64_bytes(body: Mapping[str, Any], name: str) -> bytes:
    """Bytes sent as base64 text."""
    try:
        return b64decode(text(body, name), validate=True)
    except ValueError:
        raise ApiProblem(422, f"{name} must be base64.", name) from None
