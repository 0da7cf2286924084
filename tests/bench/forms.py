"""Distinct, signed forms made from the samples that ship with the profiles."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from connector.assembly import today
from connector.cli.demonstration.forms import EXAMPLES, completed_today, sample
from connector.mapping import translate
from connector.mapping.profile import HostProfile
from connector.signature import prove, secrets_of

from .setting import Setting

Examples = Sequence[tuple[str, str]]
"""Hosts, each with the form of its that is sent."""


@dataclass(frozen=True)
class Form:
    """One webhook: its host and its body."""

    host: str
    body: bytes


def forms(of: Setting, count: int, examples: Examples = EXAMPLES) -> Iterator[Form]:
    """The example forms in turn, completed today, each for a person of its own."""
    templates = [_template(of, host, form_type, today()) for host, form_type in examples]
    for number, (host, text, names) in zip(range(count), cycle(templates), strict=False):
        yield Form(host, _renamed(text, names, number).encode())


def heavy_forms(of: Setting, count: int, size: int) -> Iterator[Form]:
    """One host's form with repeated parts up to about `size` bytes, `count` times."""
    host, text, names = _template(of, "question-code", "post_21_assessment", today())
    parts = max(0, round(size / len(text)) - 1)
    heavy = json.dumps(json.loads(text) | {"attached": [json.loads(text)] * parts})
    for number in range(count):
        yield Form(host, _renamed(heavy, names, number).encode())


def request(of: Setting, form: Form, number: int) -> bytes:
    """The form as it goes over the wire, signed as its host signs."""
    authentication = of.configuration.hosts[form.host].inbound.authentication
    proof = prove(
        authentication,
        secrets_of(authentication, of.environment),
        message_id=f"bench-{number}",
        timestamp=int(time.time()),
        body=form.body,
    )
    headers = {
        "Host": "bench",
        "Content-Type": "application/json",
        "Content-Length": str(len(form.body)),
        **proof.headers,
    }
    query = f"?{urlencode(proof.query)}" if proof.query else ""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /hooks/{form.host}{query} HTTP/1.1\r\n{lines}\r\n".encode() + form.body


def _template(
    of: Setting, host: str, form_type: str, day: date
) -> tuple[str, str, tuple[str, ...]]:
    profile = of.configuration.hosts[host]
    payload = completed_today(profile, sample(of.configuration.folder / host, form_type), day)
    return host, json.dumps(payload), _names(profile, payload)


def _names(profile: HostProfile, payload: Any) -> tuple[str, ...]:
    """The ids in a payload that make it one delivery, one form and one person."""
    values = translate(profile, payload).readings[0].values
    named = profile.inbound.delivery_id
    delivery = named.path.find(payload) if named and named.path else None
    found = (values["person_id"], values["submission_id"], delivery)
    return tuple(str(each) for each in found if each)


def _renamed(text: str, names: tuple[str, ...], number: int) -> str:
    for name in names:
        kept = name[:-6] if "-" in name and len(name) > 30 else name  # a GUID stays a GUID
        text = text.replace(name, f"{kept}{number:06}")
    return text
