"""The embedded database: one SQLite file on a local disk.

In WAL with `synchronous=FULL`: an acknowledged commit survives a power cut. Every transaction
begins IMMEDIATE, so none fails half-way because another one writes.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from connector.errors import OutOfOrder, SetupProblem
from connector.store.engine import BUSY_SECONDS, plain_outages
from connector.store.leading import ALWAYS, Leads
from connector.store.mounts import network_file_system
from connector.store.turns import Turns

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
)
_LOCKED = "The database stayed locked by another program for too long."
_OUTAGES = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,
    sqlite3.SQLITE_FULL: "The disk the database lives on is full.",
    sqlite3.SQLITE_READONLY: "The database cannot be written: its file or folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened.",
    sqlite3.SQLITE_IOERR: "The disk the database lives on reports an error.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged: restore it from a backup.",
    sqlite3.SQLITE_NOTADB: "The database file is not a database: restore it from a backup.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory for the database.",
}


class SqliteDatabase:
    """One process at a time writes; its threads queue here in turn.

    SQLite's own waiting sleeps and lets the unlucky one starve.
    """

    shared = False

    def __init__(self, engine: Engine, busy_seconds: float = BUSY_SECONDS) -> None:
        self.engine = engine
        self._busy_seconds = busy_seconds
        self._writing = Turns()
        self._path = Path(engine.url.database or "")
        self._file = _identity(self._path)

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction nobody else writes beside."""
        self._check_file()
        if not self._writing.acquire(self._busy_seconds):
            raise OutOfOrder("The database is too busy.")
        try:
            with plain_outages(_outage), self.engine.begin() as connection:
                yield connection
        finally:
            self._writing.release()

    beside = alone
    """SQLite knows no other kind."""

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """One moment of the database, only to be read: nobody waits for it, and it for nobody."""
        self._check_file()
        with plain_outages(_outage), self.engine.connect() as connection:
            connection.execution_options(only_looks=True)
            with connection.begin():
                yield connection

    def now(self) -> datetime:
        """The clock of this machine, since nobody else uses the file."""
        return datetime.now(UTC)

    def leadership(self) -> Leads:
        """Held always: the worker's lock file keeps it to one."""
        return ALWAYS

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    def _check_file(self) -> None:
        # What is written to a file that was deleted or replaced would be lost without a word.
        if _identity(self._path) != self._file:
            raise OutOfOrder(
                "The database file was moved, deleted or replaced while in use: put it back, or "
                "start the connector again."
            )


def open_sqlite(address: URL, busy_seconds: float = BUSY_SECONDS) -> SqliteDatabase:
    """The database at a `sqlite:///` address; the file and its folder are made where missing.

    Raises SetupProblem for a folder that cannot be used or a file system that cannot lock.
    """
    path = Path(address.database or "")
    kind = network_file_system(path)
    if kind:
        raise SetupProblem(
            f"The database would lie on a network file system ({kind}), which does not lock files "
            "reliably. Set CONNECTOR_DATA to a folder on a local disk."
        )
    _make_file(path)
    # A parameter of a statement is somebody's detail: no error may print one.
    engine = create_engine(address, connect_args={"timeout": busy_seconds}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return SqliteDatabase(engine, busy_seconds)


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise SetupProblem(
            f"The database file {path} cannot be made or written ({error.strerror}). Give the "
            "connector's account a folder of its own and set CONNECTOR_DATA to it."
        ) from None


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # Without this the driver would begin transactions of its own, and not IMMEDIATE.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    only_looks = connection.get_execution_options().get("only_looks")
    connection.exec_driver_sql("BEGIN DEFERRED" if only_looks else "BEGIN IMMEDIATE")


def _outage(error: BaseException | None) -> str | None:
    if not isinstance(error, sqlite3.DatabaseError):
        return None
    if str(error).startswith("no such table"):
        return "The tables of the database are missing: start the connector again."
    # The low byte is the kind of error; the rest of the code only refines it.
    return _OUTAGES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
