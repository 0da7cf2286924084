"""Every request that a profile can make, and how one reads in a golden file.

The variables are one fixed set, made up, with all the letters that break quoting.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any

import requests

from connector.host.drafting import drafted, fitted
from connector.mapping.outbound import Operation, Outbound
from connector.mapping.outbound_calls import Call
from connector.mapping.outbound_words import FILES, KEYS

BASE = "https://host.example"
PDF = b"%PDF-1.7 made up: \xff\x00 is no text\n"
HOSTILE = 'Siân “Tŷ” O\'Neil "x" & co <b> {{ 7*7 }} \\ %2F \U0001f642\nŵ'

_KINDS = {key: kind for kind, key in KEYS.items()}
_FILE = {
    "name": f"Case summary {HOSTILE} {'long ' * 20}v1.pdf",
    "title": f"Case summary {HOSTILE}",
    "content_type": "application/pdf",
    "base64": base64.b64encode(PDF).decode(),
    "size": len(PDF),
    "sha256": "5e" * 32,
    "task_remote_id": "T/9 ?&#ŵ",
}
_WRITE_BACK = {
    "status": "open",
    "line": f"The case stays open: {HOSTILE}",
    "form": "post_21_assessment",
    "closed_on": None,
    "reasons": [HOSTILE, "Two"],
}

VARIABLES: Mapping[str, Any] = MappingProxyType(
    {
        "reference": "lcf-0123456789abcdef0123",
        "reference_guid": "7d444840-9dc0-11d1-b245-5ffdce74fad2",
        "remote_id": "H/7 ?&#ŵ",
        "reason": f"No longer needed: {HOSTILE}",
        "person_id": "P/7 ?&#ŵ'\"",
        "case_id": "C-1",
        "worker_id": "w1",
        "manager_id": "m1",
        "team_id": "t1",
        "author_id": "a1",
        "today": "2026-03-25",
        "since": "2026-03-29T01:30:00+01:00",
        "id": "F/1 ?&#ŵ",
        "form": {
            "id": "F1",
            "version": "2",
            "type": "post_21_assessment",
            "title": "Post-21 assessment",
            "url": "https://host.example/forms/1?a=b&c=d",
        },
        "status": _WRITE_BACK["status"],
        "line": _WRITE_BACK["line"],
        "write_back": _WRITE_BACK,
        "title": f"Ring {HOSTILE} {'and ring again ' * 20}",
        "text": f"Ask how things are.\n\nWhy: {HOSTILE}",
        "date": "2026-03-25",
        "task": "T01",
        "rule": "DS-18",
        "because": HOSTILE,
        "opens_on": "2026-05-20",
        "due_on": "2026-06-17",
        "due_at": "2026-06-17T17:00:00+01:00",
        "inbox": {"kind": "worker", "id": "w/1 'ŵ'"},
    }
)


def calls(outbound: Outbound) -> dict[str, Call]:
    """Every request of a profile by its place there: `task.create`, `attachment.steps.upload`."""
    return dict(_calls(outbound, ()))


def _calls(node: Any, place: tuple[str, ...]) -> Iterator[tuple[str, Call]]:
    if isinstance(node, Call):
        named = (*place, node.name) if node.name else place
        yield ".".join(named), node
    elif isinstance(node, tuple):
        for each in node:
            yield from _calls(each, place)
    elif is_dataclass(node):
        for each in fields(node):
            inner = place if each.name == "call" else (*place, each.name)
            yield from _calls(getattr(node, each.name), inner)


def variables_for(outbound: Outbound, place: str) -> dict[str, Any]:
    """The made-up variables as the client would hand them to the request at this place."""
    kind = _KINDS.get(place.partition(".")[0])
    operation = outbound.operation(kind) if kind else None
    if kind is None or operation is None:
        return {**VARIABLES, "settings": outbound.settings}
    own = VARIABLES | (_FILE if kind in FILES else {})
    ready = fitted(own, kind, operation.limits)
    return ready | {
        "settings": {**outbound.settings, **operation.settings},
        "steps": _made_before(operation),
    }


def _made_before(operation: Operation) -> dict[str, Any]:
    return {each.name: {"id": f"id of {each.name}"} for each in operation.steps}


def as_golden(outbound: Outbound, place: str) -> str:
    """The request at this place as it would leave, but for the sign-in, in readable text."""
    base = BASE + outbound.base_path
    request = drafted(base, calls(outbound)[place], variables_for(outbound, place))
    lines = [f"{request.method} {request.url}"]
    headers = sorted((name.lower(), _as_text(each)) for name, each in request.headers.items())
    lines += [f"{name}: {text}" for name, text in headers]
    text = "\n".join([*lines, "", _body(request), ""])
    boundary = _boundary(request)
    return text.replace(boundary, "BOUNDARY") if boundary else text


def _as_text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _boundary(request: requests.PreparedRequest) -> str:
    """What parts the parts of a multipart body, which is another one each time."""
    return _as_text(request.headers.get("Content-Type", "")).partition("boundary=")[2]


def _body(request: requests.PreparedRequest) -> str:
    """JSON in its order and with its letters; anything else as its bytes, line ends in sight."""
    body = request.body or b""
    raw = body.encode() if isinstance(body, str) else body
    if _as_text(request.headers.get("Content-Type", "")) == "application/json":
        return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    return raw.decode("utf-8", "backslashreplace").replace("\r\n", "␍␊\n").replace("\x00", "␀")
