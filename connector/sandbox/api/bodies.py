"""Reading the JSON a caller sent, refusing what a case system would refuse (422)."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, date, datetime
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


def moment(body: Mapping[str, Any], name: str) -> datetime:
    """An ISO date-time with offset, such as 2026-03-27T14:05:00Z, in UTC."""
    value = text(body, name)
    try:
        typed = datetime.fromisoformat(value)
        if typed.tzinfo:
            return typed.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ApiProblem(422, f"{name} must be a time such as 2026-03-27T14:05:00Z.", name)


def whole_number(body: Mapping[str, Any], name: str, *, otherwise: int) -> int:
    """A number from 0 that may be left out."""
    value = str(body.get(name, otherwise))
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ApiProblem(422, f"{name} must be a whole number.", name)
    return int(value)


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
