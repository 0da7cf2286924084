"""The outgrown database: PostgreSQL, shared by several web and worker processes.

What reads much and decides runs alone, by an advisory lock that ends with its transaction; what is
guarded by a unique key or by a fence runs beside everything else. A process that is paused in the
middle is thrown out by the server after a minute, so that it holds up nobody for longer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import URL, Connection, Engine, create_engine, text

from connector.errors import SetupProblem
from connector.store.engine import BUSY_SECONDS, plain_outages
from connector.store.leading import PAUSED_SECONDS, Leadership

OLDEST = 14
"""The oldest PostgreSQL that throws out an idle session by itself."""

ALONE = 0x6C6366_01
"""An advisory lock of ours within the database; `leading` has another."""

NOTICED = {
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 45_000,
}
"""A server whose machine or wire is gone is noticed in 45 seconds. As the system comes, a worker
would wait for it for a quarter of an hour."""

POOL = 16

_OUTAGES = {
    "08": "The database server cannot be reached, or has no such database or account: compare"
    " CONNECTOR_DATABASE_URL with the server, and see whether PostgreSQL runs.",
    "40": "Two changes met in the database; the later one is tried again.",
    "53": "The database server is out of disk, memory or connections.",
    "55": "The database stayed locked for too long.",
    "57": "The database server is stopping or not yet ready.",
    "58": "The machine of the database server reports an error.",
    "XX": "The database is damaged: restore it from a backup.",
}
_SINGLE_OUTAGES = {
    "25006": "The database cannot be written: it is read-only.",
    "25P03": "The database server ended a transaction that had been paused for too long.",
    "28P01": "The database server refuses the password of the connector.",
    "42P01": "The tables of the database are missing: start the connector again.",
    "42501": "The connector's account may not do this in the database.",
}


class PostgresDatabase:
    """One database on a PostgreSQL server."""

    shared = True

    def __init__(self, address: URL, busy_seconds: float = BUSY_SECONDS) -> None:
        self.engine = _engine(address, busy_seconds)
        self._clock = _clock_engine(address, busy_seconds)

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction of which only one is under way at a time, in all processes."""
        with self.beside() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ALONE})
            yield connection

    @contextmanager
    def beside(self) -> Iterator[Connection]:
        """A transaction beside others: for what a unique key or a fence guards."""
        with plain_outages(_outage), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """One moment of the database, only to be read."""
        with plain_outages(_outage), self.engine.connect() as connection:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            with connection.begin():
                yield connection

    def now(self) -> datetime:
        """The clock of the server, the same for every process."""
        with plain_outages(_outage), self._clock.connect() as connection:
            found: datetime = connection.scalar(text("SELECT clock_timestamp()"))
        return found.astimezone(UTC)

    def leadership(self) -> Leadership:
        """The lock of the one that leads; every worker asks for one of its own."""
        return Leadership(self.engine)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
        self._clock.dispose()


def open_postgres(address: URL, busy_seconds: float = BUSY_SECONDS) -> PostgresDatabase:
    """The database at a `postgresql://` address.

    Raises SetupProblem where the driver is not installed or the server is too old.
    """
    try:
        import psycopg  # noqa: F401 - asked for here, so that its absence is told in plain words
    except ImportError:
        raise SetupProblem(
            "CONNECTOR_DATABASE_URL names PostgreSQL, and its driver is not installed: "
            "pip install 'leaving-care-connector[distributed]'."
        ) from None
    database = PostgresDatabase(address, busy_seconds)
    with plain_outages(_outage), database.engine.connect() as connection:
        found = int((connection.dialect.server_version_info or (0,))[0])
    if found < OLDEST:
        database.close()
        raise SetupProblem(f"PostgreSQL {OLDEST} or newer is needed; the server is {found}.")
    return database


def _engine(address: URL, busy_seconds: float) -> Engine:
    options = {
        "lock_timeout": f"{busy_seconds:g}s",
        "idle_in_transaction_session_timeout": f"{PAUSED_SECONDS}s",
        "timezone": "UTC",
    }
    return create_engine(
        address,
        connect_args={
            "connect_timeout": 5,
            "application_name": "connector",
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            **NOTICED,
        },
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=POOL,
        pool_timeout=busy_seconds,
        # A server that was started again is found again without a start of ours.
        pool_pre_ping=True,
    )


def _clock_engine(address: URL, busy_seconds: float) -> Engine:
    """Connections of its own: whoever asks for the time may hold one of the others, and nobody may
    have to wait for the time until somebody else is ready."""
    return create_engine(
        address,
        connect_args={"connect_timeout": 5, "application_name": "connector clock", **NOTICED},
        isolation_level="AUTOCOMMIT",
        pool_size=2,
        max_overflow=0,
        pool_timeout=busy_seconds,
        pool_pre_ping=True,
    )


def _outage(error: BaseException | None) -> str | None:
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    code = error.sqlstate or ""
    if code in _SINGLE_OUTAGES:
        return _SINGLE_OUTAGES[code]
    if not code and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return _OUTAGES["08"]
    return _OUTAGES.get(code[:2])
