"""Which database an address names, and how troubles of a database are told: no SQL, no values."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from connector.errors import OutOfOrder, SetupProblem

BUSY_SECONDS = 30.0
"""How long a transaction waits for others before the database counts as out of order."""

Outage = Callable[[BaseException | None], str | None]
"""A plain sentence where an error is a trouble of the database, None where it is our mistake."""

_log = structlog.get_logger(__name__)


def address_of(url: str) -> URL:
    """The address, read. Raises SetupProblem for one that names no database we can keep data in."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise SetupProblem(
            "CONNECTOR_DATABASE_URL is not a database address such as sqlite:////srv/connector.db."
        ) from None
    kind = address.get_backend_name()
    if kind == "postgresql" and address.database:
        return address.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and address.database not in (None, "", ":memory:"):
        return address
    raise SetupProblem(
        "The connector keeps its data in a SQLite file or in PostgreSQL: set "
        "CONNECTOR_DATABASE_URL to an address such as sqlite:////srv/connector.db or "
        "postgresql://connector@db.example/connector, or leave it out."
    )


@contextmanager
def plain_outages(outage: Outage) -> Iterator[None]:
    """Turn a trouble of the database itself into OutOfOrder with a plain sentence.

    A mistake of ours (a constraint, a wrong column) passes as it is.
    """
    try:
        yield
    except PoolTimeout:
        raise OutOfOrder("The database is too busy.") from None
    except DBAPIError as error:
        told = outage(error.orig)
        if told is None:
            raise
        _log.error("database out of order", reason_code=_code(error.orig))
        raise OutOfOrder(told) from None


def _code(error: BaseException | None) -> str:
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return str(code or type(error).__name__)
