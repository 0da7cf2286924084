"""A database of the first version with a write in each state, under the present version (G5)."""

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
    for number, over in enumerate(IN_FLIGHT.values()):
        row_id = f"eff_{number}"
        content = b'{"title": "Case summary", "text": "..."}'
        effect = {
            "id": row_id,
            "submission_id": "sub_1",
            "host": HOST,
            "person_id": str(number),
            "kind": "case_note",
            "step": "case_note",
            "reference": _reference(number),
            "position": 2,
            "content": vault.seal(content, f"effect/{row_id}/content"),
            "attempts": 0,
            "misses": 0,
            "fence": 0,
            "reason": "",
            "created_at": HOURS_AGO,
        }
        _insert(connection, "effect", effect | over)


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
    for number, state in enumerate(IN_FLIGHT):
        if state.endswith("and there"):
            stage.host.held.add("note", _reference(number), str(number), {"title": "…"})
    running.start()
    running.work()
    at_once = {each["person_id"]: each["state"].value for each in running.effects()}
    by_state = {state: at_once[str(number)] for number, state in enumerate(IN_FLIGHT)}
    assert by_state["planned"] == by_state["taken"] == "confirmed"
    assert by_state["being sent and there"] == by_state["unknown and there"] == "confirmed"
    assert by_state["parked"] == "parked"
    running.until_rest()
    (parked,) = running.effects("parked")
    assert (parked["person_id"], parked["reason"]) == ("7", REASON)
    held = [each["reference"] for each in stage.held("note")]
    assert sorted(held) == [_reference(number) for number in range(9) if number != 7]
