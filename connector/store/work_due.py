"""What can be written now, host by host: to be sent, or to be looked for."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from connector.store.due import IN_TURN, ready
from connector.store.tables import effect, submission


class WorkDue:
    """Ids only, to be read within one transaction; whoever takes one up claims it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hosts(self, now: datetime) -> list[str]:
        """The hosts something can be written to now; none that is known to be down."""
        query = select(effect.c.host).where(ready(now)).distinct().order_by(effect.c.host)
        return list(self._connection.execute(query).scalars())

    def writes(self, host: str, now: datetime, limit: int) -> list[list[str]]:
        """What can be written to one host: for each person, oldest form first, in order."""
        return self._by_person(limit, effect.c.host == host, ready(now))

    def writes_of(self, submission_id: str, now: datetime, limit: int) -> list[list[str]]:
        """The same for what one form asks for."""
        return self._by_person(limit, effect.c.submission_id == submission_id, ready(now))

    def forms_owing(self, now: datetime, of_each_host: int) -> list[str]:
        """The oldest forms something can be written for now, whose turn it is."""
        owed = select(effect.c.submission_id).where(ready(now), IN_TURN)
        order = submission.c.received_at, submission.c.id
        place = func.row_number().over(partition_by=submission.c.host, order_by=order)
        placed = select(*order, place.label("place")).where(submission.c.id.in_(owed)).subquery()
        first = select(placed.c.id).where(placed.c.place <= of_each_host)
        oldest = first.order_by(placed.c.received_at, placed.c.id)
        return list(self._connection.execute(oldest).scalars())

    def _by_person(self, limit: int, *which: ColumnElement[bool]) -> list[list[str]]:
        query = (
            select(effect.c.host, effect.c.person_id, effect.c.id)
            .join(submission, submission.c.id == effect.c.submission_id)
            .where(*which)
            .order_by(
                submission.c.received_at,
                submission.c.id,
                effect.c.position,
                effect.c.created_at,  # what a replay corrects comes after what it corrects
            )
            .limit(limit)
        )
        persons = defaultdict[tuple[str, str], list[str]](list)
        for host, person, effect_id in self._connection.execute(query):
            persons[host, person].append(effect_id)
        return list(persons.values())
