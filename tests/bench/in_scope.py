"""A database of any number of people in scope, and the case system that has their open tasks.

A few are imported as `connector import` does, and copied to as many as are wanted; each row opens.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from connector.casework import Desk
from connector.casework.import_file import rows_of
from connector.casework.importing import import_people, store_seed
from connector.clock import Clock, Duties, open_follow_ups
from connector.dispatch import Dispatcher, drain
from connector.events import HostTask
from connector.model import EffectKind
from connector.profiles import load, packaged_folder
from connector.store import Store
from connector.store.rows import place
from connector.vault import Vault

from .people import people_file

HOST = "sandbox"
EVENING = datetime(2027, 3, 9, 20, tzinfo=UTC)
NIGHT = EVENING + timedelta(hours=7)
IMPORTED = 300
LACKING = 1000
"""One in so many people lacks a next step."""


@dataclass
class Answering:
    """A host that takes everything and answers at once; every task is open."""

    idempotency: Any = "B"
    settle_seconds: float = 2.0
    longest_call_seconds: float = 60.0
    reads_tasks: bool = True
    reads_people: bool = False
    lists_forms: bool = False
    asked: int = 0

    def write(self, kind: EffectKind, variables: Mapping[str, Any]) -> str:
        """Take it under an id of our making."""
        return f"R-{variables['reference']}"

    def read_task(self, variables: Mapping[str, Any]) -> HostTask | None:
        """It is open."""
        self.asked += 1
        return HostTask(str(variables["remote_id"]), "open")


def desk_at(store: Store, now: datetime, host: Answering) -> Desk:
    """The desk of a council with the packaged configuration, at this moment."""
    chosen = load(packaged_folder())
    registers: Any = {HOST: host}
    return Desk(store, chosen, chosen.working, lambda: now, registers)


def fill(data: Path, vault: Vault, people: int) -> None:
    """Make the database in this folder: their forms, their follow-ups, their tasks in the host."""
    data.mkdir(parents=True)
    path = data / "connector.db"
    with Store.open(f"sqlite:///{path}", vault) as store:
        _import(store, data / "people.csv")
    with closing(sqlite3.connect(path)) as database, database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA synchronous=OFF")
        for table in ("submission", "answers", "person", "follow_up", "effect"):
            _copy(database, vault, table, people // IMPORTED)
        database.execute(
            "DELETE FROM follow_up WHERE state = 'planned' AND person_id IN"
            " (SELECT person_id FROM answers WHERE rowid % ? = 0)",
            (LACKING,),
        )
    with path.open("rb+") as written:
        os.fsync(written.fileno())  # or the first commit that is measured would wait for all this


def _import(store: Store, file: Path) -> None:
    """So many people, and on their first evening whatever is due is in the inboxes."""
    people_file(file, IMPORTED, EVENING.date())
    host = Answering()
    desk = desk_at(store, EVENING, host)
    for _ in import_people(desk, HOST, rows_of(file, EVENING.date()), store_seed):
        pass
    gateways: Any = {HOST: host}
    dispatcher = Dispatcher(store, gateways, lambda content: b"", desk.now)
    open_follow_ups(Clock(Duties(store, dispatcher, desk, lambda: 0, int, desk.now), Event()))
    drain(dispatcher, Event(), lambda: None)


def _copy(database: sqlite3.Connection, vault: Vault, table: str, times: int) -> None:
    """Everything again for other people; what is sealed is sealed to its new place."""
    first = database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - ours
    names = first[0].keys()
    opened = [dict(row) | _opened(vault, table, row) for row in first]
    blanks = ", ".join(f":{name}" for name in names)
    database.executemany(
        f"INSERT INTO {table} VALUES ({blanks})",  # noqa: S608 - ours
        (row for copy in range(1, times) for row in _others(vault, table, opened, f"-{copy}")),
    )


def _opened(vault: Vault, table: str, row: sqlite3.Row) -> dict[str, bytes]:
    return {
        name: vault.open(row[name], _place(table, row, name))
        for name in row.keys()  # noqa: SIM118 - a sqlite3.Row iterates over its values
        if isinstance(row[name], bytes)
    }


def _others(
    vault: Vault, table: str, rows: Sequence[Mapping[str, Any]], end: str
) -> Iterator[dict[str, Any]]:
    for row in rows:
        other = dict(row)
        for name in OWN & row.keys():
            other[name] = row[name] and row[name] + end
        mine, theirs = (f'{each.get("person_id")}"'.encode() for each in (row, other))
        for name, value in row.items():
            if isinstance(value, bytes):
                text = value.replace(mine, theirs)
                other[name] = vault.seal(text, _place(table, other, name))
        yield other


OWN = {
    *("id", "person_id", "reference", "delivery_id", "form_id"),
    *("submission_id", "follow_up_id", "remote_id"),
}
"""The columns in which two people differ."""


def _place(table: str, row: Any, column: str) -> str:
    keys = {"answers": ("host", "person_id", "form_type"), "person": ("host", "person_id")}
    row_keys = tuple(row[name] for name in keys.get(table, ("id",)))
    return place(table, row_keys, column)
