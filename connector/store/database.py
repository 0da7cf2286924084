"""The two sizes of database, and what the store needs of either (design decision 4)."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from connector.store.engine import BUSY_SECONDS, address_of
from connector.store.leading import Leads
from connector.store.postgres_database import open_postgres
from connector.store.sqlite_database import open_sqlite


class Database(Protocol):
    """A database that gives whole transactions, and says what time it is.

    `alone`: one at a time in all processes. `beside`: may run beside others. `looking`: reads
    one moment and holds up nobody. `shared`: whether several workers may use it; `leadership`:
    what decides which of them does what only one does at a time.
    """

    @property
    def shared(self) -> bool: ...

    def alone(self) -> AbstractContextManager[Connection]: ...

    def beside(self) -> AbstractContextManager[Connection]: ...

    def looking(self) -> AbstractContextManager[Connection]: ...

    def now(self) -> datetime: ...

    def leadership(self) -> Leads: ...

    def close(self) -> None: ...


def open_database(url: str, busy_seconds: float = BUSY_SECONDS) -> Database:
    """The database at an address. SetupProblem or OutOfOrder where it cannot be used."""
    address = address_of(url)
    if address.get_backend_name() == "sqlite":
        return open_sqlite(address, busy_seconds)
    return open_postgres(address, busy_seconds)
