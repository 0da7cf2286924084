"""Who leads: the right to do what only one worker does at a time."""

from threading import RLock
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

LEADER = 0x6C6366_02
"""The advisory lock of the one that leads, within a PostgreSQL database."""

PAUSED_SECONDS = 60
"""After so long a process that is paused in the middle is thrown out by the server."""


class Leads(Protocol):
    """The right to do what only one worker does at a time."""

    def held(self) -> bool: ...

    def give_up(self) -> None: ...


class _Always:
    """The one worker of an embedded database; its lock file keeps it to one."""

    def held(self) -> bool:
        return True

    def give_up(self) -> None:
        """Nobody else is there to lead."""


ALWAYS = _Always()


class Leadership:
    """Which of several workers looks after what is to be done once: the clock's rounds.

    The lock lives and dies with one connection. A leader that is paused is thrown out by the
    server, and another one takes its place.
    """

    def __init__(self, engine: Engine, paused_seconds: float = PAUSED_SECONDS) -> None:
        self._engine = engine
        self._paused_seconds = paused_seconds
        self._connection: Connection | None = None
        self._asking = RLock()

    def held(self) -> bool:
        """Whether it is ours now; asked again and again, which also keeps it alive."""
        with self._asking:
            try:
                if self._connection is None:
                    self._connection = self._connected()
                return bool(self._connection.scalar(text(_LEAD), {"key": LEADER}))
            except (DBAPIError, PoolTimeout):
                self.give_up()
                return False

    def give_up(self) -> None:
        """Let another one lead."""
        with self._asking:
            if self._connection is not None:
                connection, self._connection = self._connection, None
                connection.invalidate()
                connection.close()

    def _connected(self) -> Connection:
        connection = self._engine.connect()
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"SET idle_session_timeout = '{self._paused_seconds:g}s'"))
        return connection


# A session may hold an advisory lock many times; once is enough.
_LEAD = """
SELECT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid = :key
) OR pg_try_advisory_lock(:key)
"""
