"""A request as it will leave, made from the profile's templates and one form's variables."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

import requests

from connector.errors import Declined
from connector.mapping.outbound import Limits
from connector.mapping.outbound_calls import Call
from connector.mapping.outbound_templates import TemplateFault, Variables, cut, fill
from connector.mapping.outbound_words import FILES
from connector.model import EffectKind

_ELSEWHERE = "… (cut here; the case summary has all of it)"


def fitted(variables: Variables, kind: EffectKind, limits: Limits) -> dict[str, Any]:
    """The variables within what the host takes. Declined for a document that is too large."""
    ready = dict(variables)
    if limits.title and isinstance(ready.get("title"), str):
        ready["title"] = cut(ready["title"], limits.title)
    if limits.text and isinstance(ready.get("text"), str):
        ready["text"] = _cut_text(ready["text"], limits.text)
    if limits.name and isinstance(ready.get("name"), str):
        ready["name"] = _cut_name(ready["name"], limits.name)
    if kind in FILES and limits.bytes:
        _refuse_large(len(document(ready)), limits.bytes)
    return ready


def _cut_text(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    kept = length - len(_ELSEWHERE)
    return text[:kept].rstrip() + _ELSEWHERE if kept > 0 else cut(text, length)


def _cut_name(name: str, length: int) -> str:
    """A shorter document name that keeps its ending."""
    if len(name) <= length:
        return name
    stem, dot, ending = name.rpartition(".")
    kept = length - len(dot + ending)
    return stem[:kept].rstrip() + dot + ending if dot and kept > 0 else name[:length]


def _refuse_large(size: int, limit: int) -> None:
    if size > limit:
        raise Declined(
            f"The file has {size / 1024:.0f} kB and the host takes {limit / 1024:.0f} kB. "
            "Attach it by hand, or ask IT to raise the limit."
        )


def document(variables: Variables) -> bytes:
    """The bytes of the document, which travel as base64 until here."""
    try:
        return base64.b64decode(variables.get("base64", ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        pass
    raise Declined("The document could not be read; nothing was sent.")


def drafted(base: str, call: Call, variables: Variables) -> requests.PreparedRequest:
    """The request, without sign-in. Declined where it cannot be put together for this form."""
    try:
        request = requests.Request(
            call.method,
            base + call.path.fill(variables),
            headers=_headers(call, variables),
            **_content(call, variables),
        )
        return request.prepare()
    except TemplateFault as fault:
        message = str(fault)
    except (requests.RequestException, LookupError, ValueError):
        message = f"The {call.method} request of the profile could not be put together."
    raise Declined(f"{message} Nothing was sent.")


def _headers(call: Call, variables: Variables) -> dict[str, str | bytes]:
    headers: dict[str, str | bytes] = {
        "User-Agent": "leaving-care-connector",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    if call.kind == "json" and call.body is not None:
        headers["Content-Type"] = "application/json"
    if call.kind == "binary":
        headers["Content-Type"] = str(variables.get("content_type", "application/octet-stream"))
    given = {name: each.fill(variables).strip() for name, each in call.headers.items()}
    replaced = {name.lower() for name in given}
    kept = {name: each for name, each in headers.items() if name.lower() not in replaced}
    return kept | {name: each.encode("latin-1") for name, each in given.items() if each}


def _content(call: Call, variables: Variables) -> dict[str, Any]:
    if call.kind == "binary":
        return {"data": document(variables)}
    if call.kind == "json":
        return {} if call.body is None else {"data": _json(call, variables)}
    fields = _fields(call, variables)
    if call.kind == "form":
        return {"data": fields}
    part = (variables["name"], document(variables), variables["content_type"])
    return {"data": fields, "files": {call.file_part: part}}


def _json(call: Call, variables: Variables) -> bytes:
    filled = fill(call.body, variables, omit_blank=call.omit_blank)
    return json.dumps(filled, allow_nan=False).encode()


def _fields(call: Call, variables: Variables) -> Mapping[str, str]:
    filled = {name: each.fill(variables) for name, each in call.fields.items()}
    return {name: each for name, each in filled.items() if each or not call.omit_blank}
