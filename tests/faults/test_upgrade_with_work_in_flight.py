"""A database of the first version with each write in each state, under the present version (G5)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fault_stage import HOST, KEYS, Running, Stage
from servers import postgres_database
from sqlalchemy import Connection, text

from connector.store import Store
from connector.store.database import open_database
from connector.store.upgrade import MIGRATIONS
from connector.vault import Vault

FIRST = "0001"
HOURS_AGO = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
SENT = {"attempts": 1, "fence": 1, "first_sent": HOURS_AGO, "last_sent": HOURS_AGO}
HELD = {"lease_owner": "worker", "lease_until": HOURS_AGO}
REASON = "The host at records answered 422."
IN_FLIGHT: dict[str, dict[str, Any]] = {
    "planned": {"state": "planned"},
    "taken": {"state": "planned", "fence": 1, **HELD},
    "being sent and there": {"state": "intent", **SENT, **HELD},
    "being sent and lost": {"state": "intent", **SENT, **HELD},
    "unknown and there": {"state": "unknown", **SENT},
    "unknown and lost": {"state": "unknown", **SENT},
    "looked for once": {"state": "unknown", "misses": 1, **SENT},
    "parked": {"state": "parked", "reason": REASON, **SENT},
    "confirmed and there": {"state": "confirmed", "remote_id": "7", "settled_at": HOURS_AGO},
}
CONTENTS: dict[str, dict[str, Any]] = {
    "outcome": {"status": "open", "line": "The case stays open.", "write_back": {}},
    "case_note": {"title": "Case summary", "text": "…"},
    "document": {
        "name": "Case summary.pdf",
        "title": "Case summary",
        "content_type": "application/pdf",
    },
    "task": {
        "title": "Ring",
        "text": "…",
        "opens_on": "2026-05-20",
        "due_on": "2026-06-17",
        "inbox": {"kind": "worker", "id": "w1"},
    },
}
"""The writes of a form, in their order, and what each sends."""

IN_THE_HOST = {"outcome": "outcome", "case_note": "note", "document": "document", "task": "task"}
CASES = tuple((kind, state) for kind in CONTENTS for state in IN_FLIGHT)
"""Each is about somebody else, whose number is its place here."""
PDF = b"%PDF-1.7 of the first version"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """What the first version left behind, as the present one opens it."""
    if request.param == "sqlite":
        yield from _upgraded(f"sqlite:///{tmp_path / 'connector.db'}")
    else:
        with postgres_database() as url:
            yield from _upgraded(url)


def _upgraded(url: str) -> Iterator[Store]:
    vault = Vault.from_text(KEYS)
    database = open_database(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with database.alone() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        _fill(connection, vault)
    database.close()
    with Store.open(url, vault) as store:
        yield store


def _fill(connection: Connection, vault: Vault) -> None:
    form = {
        "id": "sub_1",
        "host": HOST,
        "delivery_id": "d1",
        "body_sha256": "ab" * 32,
        "body": vault.seal(b"{}", "submission/sub_1/body"),
        "received_at": HOURS_AGO,
        "state": "processed",
        "reason": "",
        "person_ids": '["1"]',
        "processed_at": HOURS_AGO,
    }
    _insert(connection, "submission", form)
    for number, (kind, state) in enumerate(CASES):
        row_id = f"eff_{number}"
        content = json.dumps(CONTENTS[kind]).encode()
        effect = {
            "id": row_id,
            "submission_id": "sub_1",
            "host": HOST,
            "person_id": str(number),
            "kind": kind,
            "step": kind,
            "reference": _reference(number),
            "position": list(CONTENTS).index(kind),
            "content": vault.seal(content, f"effect/{row_id}/content"),
            "attempts": 0,
            "misses": 0,
            "fence": 0,
            "reason": "",
            "created_at": HOURS_AGO,
        }
        _insert(connection, "effect", effect | IN_FLIGHT[state])
        if kind == "document":
            _insert(connection, "document", _document(vault, row_id))


def _document(vault: Vault, effect_id: str) -> dict[str, Any]:
    return {
        "effect_id": effect_id,
        "name": "Case summary.pdf",
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "size": len(PDF),
        "content": vault.seal(PDF, f"document/{effect_id}/content"),
    }


def _insert(connection: Connection, table: str, values: dict[str, Any]) -> None:
    plain = {name: _plain(value) for name, value in values.items()}
    names, marks = ", ".join(plain), ", ".join(f":{name}" for name in plain)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), plain)  # noqa: S608 - ours


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _reference(number: int) -> str:
    return f"lcf-{number:020x}"


@pytest.mark.faults("G5", "I2", "I3", "I6")
def test_what_was_in_flight_goes_on_or_says_why_not(stage: Stage, running: Running) -> None:
    for number, (kind, state) in enumerate(CASES):
        if state.endswith("and there"):
            there = IN_THE_HOST[kind]
            stage.host.held.add(there, _reference(number), str(number), {"title": "…"})
    running.start()
    running.work()
    at_once = {each["person_id"]: each["state"].value for each in running.effects()}
    for number, (kind, state) in enumerate(CASES):
        now = at_once[str(number)]
        if state in ("planned", "taken") or state.endswith("and there"):
            assert now == "confirmed", (kind, state)
        if state == "parked":
            assert now == "parked", (kind, state)
    running.until_rest()
    parked = {str(number) for number, (_, state) in enumerate(CASES) if state == "parked"}
    told = running.effects("parked")
    assert {each["person_id"] for each in told} == parked
    assert {each["reason"] for each in told} == {REASON}
    ours = {_reference(number) for number in range(len(CASES))}
    written = [(each["kind"], each["reference"]) for each in stage.held()]
    assert sorted(each for each in written if each[1] in ours) == sorted(
        (IN_THE_HOST[kind], _reference(number))
        for number, (kind, state) in enumerate(CASES)
        if state != "parked"
    )
    told_of = [each for each in stage.held("task") if each["reference"] not in ours]
    assert {each["person"] for each in told_of} == {str(CASES.index(("document", "parked")))}
    assert "Attach the summary yourself" in {each["title"] for each in told_of}
