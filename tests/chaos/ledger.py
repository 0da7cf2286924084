"""What the connector itself says, read out of its database with plain SQL."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text

UNDER_WAY = "('planned', 'intent', 'unknown')"


@dataclass(frozen=True)
class Ledger:
    """The database at this address."""

    url: str

    def under_way(self) -> int:
        """How many forms wait to be read, and writes to be settled."""
        with self._open() as connection:
            forms = connection.execute(
                text("SELECT count(*) FROM submission WHERE state = 'received'")
            ).scalar_one()
            writes = connection.execute(
                text(f"SELECT count(*) FROM effect WHERE state IN {UNDER_WAY}")  # noqa: S608 - ours
            ).scalar_one()
            return int(forms + writes)

    def submissions(self) -> dict[str, str]:
        """The state of every submission, by its id."""
        with self._open() as connection:
            rows = connection.execute(text("SELECT id, state FROM submission"))
            return {row.id: row.state for row in rows}

    def effects(self) -> list[dict[str, Any]]:
        """Every write: reference, kind, person, state and reason."""
        asked = "SELECT id, reference, kind, person_id, state, reason FROM effect"
        with self._open() as connection:
            return [dict(row) for row in connection.execute(text(asked)).mappings()]

    def ambiguous(self) -> int:
        """Sends after which nobody knew whether the host had done it."""
        asked = "SELECT count(*) FROM attempt WHERE kind = 'send' AND result = 'unknown'"
        with self._open() as connection:
            return int(connection.execute(text(asked)).scalar_one())

    def states(self) -> Counter[str]:
        """How many writes there are in each state."""
        return Counter(each["state"] for each in self.effects())

    def every_value(self) -> Iterator[bytes]:
        """Every value of every table, as bytes."""
        with self._open() as connection:
            for table in inspect(connection).get_table_names():
                for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608
                    yield from (_as_bytes(value) for value in row)

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        url = self.url.replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
