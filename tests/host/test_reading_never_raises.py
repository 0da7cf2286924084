"""Any JSON a host may answer gives a value or a HostError, and never another exception."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from outbound_blocks import BLOCK, COMMON, block, loaded
from read_blocks import FETCH, LIST, READ_PERSON, READ_TASK

from connector.errors import HostError
from connector.events import HostPerson
from connector.host.reading import form_of, listed_forms, read_one, task_of
from connector.host.wire import Answer
from connector.mapping.outbound_calls import Call

KEYS = ["state", "completed_at", "outcome", "owner", "id", "dob", "worker", "items", "next"]
CODES = ["1", "2", "NC", "CN", "P1", "A", "2026-03-25", "2026-03-25T23:30:00Z", "/Date(99)/"]
WORDS = st.sampled_from([*KEYS, *CODES, "reference", "died", "restricted", "form", "/forms?page=2"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=20,
)
LIKELY = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON))
SEARCH = {"items": "items"}
OUTBOUND = loaded(
    block(
        task=BLOCK["task"] | {"read": READ_TASK},
        person={"read": READ_PERSON},
        forms={"list": LIST},
    )
)
THIN = loaded(
    block(
        person={"read": READ_PERSON | SEARCH},
        forms={"list": LIST | {"id": "form"}, "fetch": FETCH},
    )
)
BASE = "https://host.example"
KNOWN = COMMON | {"remote_id": "41", "settings": {}}
PERSON = {"person_id": "P1", "settings": {}}
SINCE = {"since": datetime(2026, 3, 25, tzinfo=UTC).isoformat(), "settings": {}}


def answering(body: bytes) -> Any:
    def ask(request: requests.PreparedRequest, call: Call, absent: frozenset[int]) -> Answer:
        return Answer("host.example", 200, {}, body, 0.0)

    return ask


def read_everything(body: bytes) -> None:
    """Every kind of read, of this answer; what it gives is of the right kind."""
    ask = answering(body)
    assert OUTBOUND.task
    assert OUTBOUND.task.read
    with suppress(HostError):
        values = read_one(BASE, OUTBOUND.task.read, KNOWN, "41", ask)
        assert values is None or task_of("41", values).state in ("open", "done", "cancelled")
    for outbound in (OUTBOUND, THIN):
        assert outbound.person
        assert outbound.forms
        with suppress(HostError):
            found = read_one(BASE, outbound.person, PERSON, "P1", ask)
            assert found is None or HostPerson(**found)
        with suppress(HostError):
            for entry in listed_forms(BASE, outbound.forms, SINCE, ask):
                form_of(BASE, outbound.forms, SINCE, entry, ask)


@given(JSON | LIKELY)
def test_any_json_gives_a_value_or_a_host_error(answer: Any) -> None:
    read_everything(json.dumps(answer).encode())


@given(st.binary(max_size=40))
def test_any_bytes_give_a_value_or_a_host_error(body: bytes) -> None:
    read_everything(body)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"state":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"state": 1' + b"0" * 5_000 + b"}",
        b'{"state": "2", "completed_at": 1e999}',
        b'{"state": "2", "completed_at": "9999-12-31T23:59:59-14:00"}',
        b'{"state": "2", "completed_at": "/Date(9999999999999999)/"}',
        b'{"id": "P1", "dob": "\\ud800"}',
        b'{"items": [1], "next": "http://[::1"}',
        b'{"items": [], "next": "\\ud800"}',
    ],
)
def test_an_answer_made_to_hurt_is_a_host_error_too(body: bytes) -> None:
    read_everything(body)
