"""How many of everything there are: numbers only, for whoever watches over the connector."""

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from connector.store.follow_up_row import IN_AN_INBOX
from connector.store.submission_row import standing
from connector.store.tables import effect, follow_up, submission

_IN_AN_INBOX = [each.value for each in IN_AN_INBOX]


class Counts:
    """The counts within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def submissions(self) -> dict[tuple[str, ...], int]:
        """Deliveries by host and by what people see of them."""
        shown = select(submission.c.host, standing).subquery()
        columns = (shown.c.host, shown.c.standing)
        rows = self._connection.execute(select(*columns, func.count()).group_by(*columns))
        return {(row[0], row[1]): row[2] for row in rows}

    def effects(self) -> dict[tuple[str, ...], int]:
        """Writes by host and state."""
        columns = (effect.c.host, effect.c.state)
        rows = self._connection.execute(select(*columns, func.count()).group_by(*columns))
        return {(row[0], row[1]): row[2] for row in rows}

    def follow_ups(self) -> dict[tuple[str, ...], int]:
        """Follow-ups by state."""
        state = follow_up.c.state
        rows = self._connection.execute(select(state, func.count()).group_by(state))
        return {(row[0],): row[1] for row in rows}

    def overdue(self, today: date) -> int:
        """Tasks in an inbox whose due date has passed."""
        late = follow_up.c.state.in_(_IN_AN_INBOX), follow_up.c.due_on < today
        found = self._connection.scalar(select(func.count()).select_from(follow_up).where(*late))
        return found or 0

    def oldest_waiting(self) -> datetime | None:
        """When the oldest delivery came that is still to be worked on."""
        waiting = submission.c.state == "received"
        oldest = select(submission.c.received_at).where(waiting)
        found: datetime | None = self._connection.scalar(
            oldest.order_by(submission.c.received_at).limit(1)
        )
        return found
