"""How the embedded database is opened, and how its troubles are told.

SQLite in WAL with `synchronous=FULL`: an acknowledged commit survives a power cut. Every
transaction begins IMMEDIATE, so none fails half-way because another one writes.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from connector.errors import OutOfOrder, SetupProblem
from connector.store.mounts import network_file_system

BUSY_SECONDS = 30.0
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
)
_OUTAGES = {
    sqlite3.SQLITE_BUSY: "The database stayed locked by another program for too long.",
    sqlite3.SQLITE_LOCKED: "The database stayed locked by another program for too long.",
    sqlite3.SQLITE_FULL: "The disk the database lives on is full.",
    sqlite3.SQLITE_READONLY: "The database cannot be written: its file or folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened.",
    sqlite3.SQLITE_IOERR: "The disk the database lives on reports an error.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged: restore it from a backup.",
    sqlite3.SQLITE_NOTADB: "The database file is not a database: restore it from a backup.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory for the database.",
    sqlite3.SQLITE_PROTOCOL: "The database stayed locked by another program for too long.",
}
_log = structlog.get_logger(__name__)


def open_engine(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for a `sqlite:///` address; the file and its folder are made where missing.

    Raises SetupProblem for an address that cannot be used or a file system that cannot lock.
    """
    address = _address(url)
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
    return engine


@contextmanager
def plain_outages() -> Iterator[None]:
    """Turn a trouble of the database itself into OutOfOrder with a plain sentence, no SQL.

    A mistake of ours (a constraint, a wrong column) passes as it is.
    """
    try:
        yield
    except PoolTimeout:
        raise OutOfOrder("The database is too busy.") from None
    except DBAPIError as error:
        outage = _outage(error.orig)
        if outage is None:
            raise
        _log.error("database out of order", reason_code=_code_name(error.orig))
        raise OutOfOrder(outage) from None


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise SetupProblem(
            "CONNECTOR_DATABASE_URL is not a database address such as sqlite:////srv/connector.db."
        ) from None
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        raise SetupProblem(
            "This version keeps its data in a SQLite file: set CONNECTOR_DATABASE_URL to an "
            "address such as sqlite:////srv/connector.db, or leave it out."
        )
    return address


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
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _outage(error: BaseException | None) -> str | None:
    if not isinstance(error, sqlite3.DatabaseError):
        return None
    if str(error).startswith("no such table"):
        return "The tables of the database are missing: start the connector again."
    # The low byte is the kind of error; the rest of the code only refines it.
    return _OUTAGES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)


def _code_name(error: BaseException | None) -> str:
    return str(getattr(error, "sqlite_errorname", type(error).__name__))
