"""Signs of life: who is at work, and when it last said so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from connector.store import tables
from connector.store.rows import insert_or_replace

WORKER = "worker"
"""The name under which the worker says that it is at work; of several the one that fares best.

Each of several has a sign of its own too, which begins with this word and a space.
"""

LEADER = "leader"
"""The name under which the worker that makes the rounds says so; its detail is which one it is."""

_table = tables.heartbeat


@dataclass(frozen=True)
class Heartbeat:
    """The last sign of life under one name (`worker`, `web`)."""

    name: str
    at: datetime
    detail: str


class Heartbeats:
    """One row for each name; nothing about people, so nothing sealed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, name: str, at: datetime, detail: str = "") -> None:
        """Say that `name` is alive now."""
        insert_or_replace(self._connection, _table, {"name": name, "at": at, "detail": detail})

    def beat_where_newer(self, name: str, at: datetime, detail: str = "") -> None:
        """Say that `name` is alive, unless a newer sign of it is there."""
        seen = self.latest(name)
        if seen is None or seen.at <= at:
            self.beat(name, at, detail)

    def forget(self, before: datetime) -> None:
        """Drop the signs of those of several workers that have been silent since then."""
        one_of_several = _table.c.name.startswith(f"{WORKER} ", autoescape=True)
        self._connection.execute(delete(_table).where(one_of_several, _table.c.at < before))

    def latest(self, name: str) -> Heartbeat | None:
        """The last sign of life of one name."""
        query = select(_table).where(_table.c.name == name)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else Heartbeat(**row)

    def listing(self) -> list[Heartbeat]:
        """Every name and its last sign of life, by name."""
        query = select(_table).order_by(_table.c.name)
        return [Heartbeat(**row) for row in self._connection.execute(query).mappings()]
