"""Hostile JSON through the door and through processing: never a 5xx, never stuck without a reason.

On SQLite and on PostgreSQL, whose texts are stricter and whose indices are narrower.
"""

import copy
import json
import random
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from made_once import packaged, store_in, store_on_postgres
from receiving import TOKEN, Clock, DryRun, services_with

from connector.casework import Desk
from connector.mapping.profile import HostProfile
from connector.pipeline import process_waiting
from connector.signature import Authentication, Kind
from connector.store import Store
from connector.vault import Vault, new_key_text
from connector.web import create_app

pytestmark = pytest.mark.faults("M5")

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "mappings" / "flat" / "samples"
FORM = json.loads((SAMPLES / "tailored_support_agreement.json").read_text("utf-8"))
# Random, so that a database cannot make them shorter than they are.
LETTERS = "".join(random.Random(1).choices(string.ascii_letters, k=99_000))  # noqa: S311
IDS = (
    "eventId", "personId", "formId", "formTemplateVersion", "involvement_16PLUS_workerId",
    "teamManagerId", "formStatus", "eventType",
)  # fmt: skip

WHOLE_BODIES = {
    "3,001 levels": b"[" * 3001 + b"]" * 3001,
    "NaN": b'{"personId": NaN}',
    "infinity": b'{"personId": -Infinity}',
    "1e999": b'{"personId": 1e999}',
    "5,000 digits": b'{"personId": ' + b"7" * 5000 + b"}",
    "a key twice": b'{"personId": 1, "personId": 2}',
    "NUL": b'{"personId": "1\\u00002"}',
    "NUL in a key": b'{"person\\u0000Id": "1"}',
    "lone surrogate": b'{"personId": "\\udc00"}',
    "a huge key": b'{"' + b"k" * 200_000 + b'": 1}',
    "a huge list": b"[" + b"1," * 450_000 + b"1]",
    "the longest list": b"[" + b"1," * 19_999 + b"1]",
}
VALUES: dict[str, Any] = {
    "300 letters": LETTERS[:300],
    "3,000 letters": LETTERS[:3000],
    "99,000 letters": LETTERS,
    "99 digits": 10**98,
    "a tiny fraction": 5e-324,
    "a large float": 1e308,
    "minus one": -1,
    "no letters": "",
    "only spaces": "  \t ",
    "a list in a list": [[[[[]]]]],
    "an object": {"a": {"b": {"c": []}}},
    "control characters": "a\x01\x1b[31m\u2028\u202e\ufeff",
    "letters beyond the first plane": "\U0001f642\U0010ffff" * 50,
    "JSON with NUL and half a character": '["x\\u0000y\\ud800", NaN, 1e999]',
    "JSON 20,000 levels deep": "[" * 20_000,
    "SQL": "'; DROP TABLE submission; --",
    "the year 1": "0001-01-01T00:00:00Z",
    "the year 9999": "9999-12-31T23:59:59+14:00",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    vault = Vault.from_text(new_key_text())
    on_postgres = request.param == "postgresql"
    with store_on_postgres(vault) if on_postgres else store_in(tmp_path, vault) as opened:
        yield opened


def flat() -> HostProfile:
    shipped = packaged().hosts["flat"]
    by_token = Authentication(Kind.BEARER, ("FLAT_TOKEN",))
    return replace(shipped, inbound=replace(shipped.inbound, authentication=by_token))


@pytest.fixture
def client(store: Store, tmp_path: Path, clock: Clock, dry_run: DryRun) -> FlaskClient:
    services = services_with(store, tmp_path, clock, dry_run)
    only_flat = replace(services, hosts={"flat": flat()}, secrets={"flat": (TOKEN,)})
    return create_app(only_flat).test_client()


def posted(client: FlaskClient, body: bytes) -> int:
    bearer = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    return client.post("/hooks/flat", data=body, headers=bearer).status_code


def desk(store: Store) -> Desk:
    council = packaged()
    return Desk(store, council, council.working, lambda: NOW)


def states(store: Store) -> list[tuple[str, str]]:
    """The state of each delivery and its reason, once nothing waits any more."""
    ours = desk(store)
    while process_waiting(ours):
        pass
    with store.transaction() as tx:
        return [(each.state, each.reason) for each in tx.submissions.listing(1_000)]


def with_value(number: int, place: str, value: Any) -> bytes:
    """The sample as a form of its own, with this value in that place."""
    form = copy.deepcopy(FORM)
    own = {"eventId": f"E-{number}", "formId": f"F-{number}", "personId": f"P-{number}"}
    form |= own | {place: value}
    return json.dumps(form).encode()


@pytest.mark.parametrize("body", WHOLE_BODIES.values(), ids=WHOLE_BODIES)
def test_a_hostile_body_is_refused_or_kept_and_settled(
    body: bytes, client: FlaskClient, store: Store
) -> None:
    status = posted(client, body)
    assert status in (202, 400, 413)
    told = states(store)
    assert len(told) == (status == 202)
    assert all(state == "unmapped" and reason for state, reason in told)


@pytest.mark.parametrize("place", IDS)
def test_a_hostile_value_in_an_id_ends_in_a_state_that_says_why(
    place: str, client: FlaskClient, store: Store
) -> None:
    assert place in FORM
    bodies = [with_value(number, place, value) for number, value in enumerate(VALUES.values())]
    assert {posted(client, body) for body in bodies} <= {202, 400}
    told = states(store)
    assert told
    assert {state for state, _ in told} <= {
        "processed",
        "unmapped",
        "ignored",
        "broken",
        "duplicate",
    }
    assert all(reason for state, reason in told if state != "processed")
    # Not the bare name of an error of the database's or a library's.
    assert not [reason for _, reason in told if reason.endswith("Error")]


def test_good_forms_among_hostile_ones_are_processed(client: FlaskClient, store: Store) -> None:
    for number, value in enumerate(VALUES.values()):
        assert posted(client, with_value(number, "personId", value)) in (202, 400)
        assert posted(client, with_value(1000 + number, "forename", "Ash")) == 202
    states(store)
    with store.transaction() as tx:
        for number in range(len(VALUES)):
            deliveries = tx.submissions.deliveries_of("flat", f"F-{1000 + number}")
            assert [each.state for each in deliveries] == ["processed"]
