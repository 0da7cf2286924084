"""PostgreSQL databases lent to one test after the other: made once, emptied in between."""

import atexit
from contextlib import ExitStack
from typing import Any

from servers import postgres_database
from sqlalchemy import event, text

from connector.store import tables
from connector.store.engine import address_of
from connector.store.postgres_database import PostgresDatabase
from connector.store.upgrade import upgrade

_kept = ExitStack()
atexit.register(_kept.close)
_free: list[str] = []
_tables = ", ".join(tables.metadata.tables)


class LentDatabase(PostgresDatabase):
    """Goes to the next test when it is closed."""

    def __init__(self, url: str) -> None:
        super().__init__(address_of(url), busy_seconds=5)
        self._url = url
        event.listen(self.engine, "connect", _leave_the_disk_alone)

    def close(self) -> None:
        super().close()
        _free.append(self._url)


def lent_database() -> LentDatabase:
    """A database with empty tables that nobody else uses."""
    if _free:
        database = LentDatabase(_free.pop())
        with database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {_tables}"))
        return database
    database = LentDatabase(_kept.enter_context(postgres_database()))
    with database.engine.begin() as connection:
        upgrade(connection)
    return database


def _leave_the_disk_alone(connection: Any, _: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    connection.commit()
