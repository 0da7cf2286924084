"""Back-off kept per host: while one is known to be down, no effect is sent to it."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from connector.store.rows import insert_or_replace
from connector.store.tables import host_state


class HostStates:
    """How many calls in a row failed at each host, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failures(self, host: str) -> int:
        """Failures in a row since the host last answered."""
        mine = select(host_state.c.failures).where(host_state.c.host == host)
        return self._connection.scalar(mine) or 0

    def failed(self, host: str, failures: int, not_before: datetime | None) -> None:
        """Note the number of failures in a row, and when the host may be tried again."""
        values = {"host": host, "failures": failures, "not_before": not_before}
        insert_or_replace(self._connection, host_state, values)

    def hold(self, host: str, until: datetime) -> None:
        """Keep everyone else from the host while one probe is on its way."""
        mine = update(host_state).where(host_state.c.host == host)
        self._connection.execute(mine.values(not_before=until))

    def answered(self, host: str) -> None:
        """The host works: the count starts again."""
        self._connection.execute(delete(host_state).where(host_state.c.host == host))
