"""Back-off kept per host: while one is known to be down, no effect is sent to it."""

from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from connector.store.rows import insert_once
from connector.store.tables import host_state


class HostStates:
    """How many calls in a row failed at each host, within one transaction.

    Several workers count together: no failure is lost, and one of them probes at a time.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failures(self, host: str) -> int:
        """Failures in a row since the host last answered."""
        mine = select(host_state.c.failures).where(host_state.c.host == host)
        return self._connection.scalar(mine) or 0

    def failed(self, host: str) -> int:
        """Count one more failure; how many in a row there are now."""
        if not insert_once(self._connection, host_state, {"host": host, "failures": 1}):
            self._change(host, failures=host_state.c.failures + 1)
        return self.failures(host)

    def leave_alone(self, host: str, until: datetime) -> None:
        """Nothing is sent to a host that is down before this moment."""
        self._change(host, not_before=until)

    def may_probe(self, host: str, until: datetime, now: datetime) -> bool:
        """Keep everyone else from a host that is down; False where somebody does so already."""
        free = or_(host_state.c.not_before.is_(None), host_state.c.not_before <= now)
        mine = update(host_state).where(host_state.c.host == host, free)
        return self._connection.execute(mine.values(not_before=until)).rowcount == 1

    def is_left_alone(self, host: str, now: datetime) -> bool:
        """Whether the host is known to be down now."""
        mine = select(host_state.c.not_before).where(host_state.c.host == host)
        until: datetime | None = self._connection.scalar(mine)
        return until is not None and until > now

    def answered(self, host: str) -> None:
        """The host works: the count starts again."""
        self._connection.execute(delete(host_state).where(host_state.c.host == host))

    def _change(self, host: str, **values: object) -> None:
        mine = update(host_state).where(host_state.c.host == host)
        self._connection.execute(mine.values(**values))
