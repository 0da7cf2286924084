"""What is emptied once a delivery is finished; ids, hashes, times and states stay.

Finished: processed with every effect confirmed or cancelled, a duplicate, ignored, outdated or an
echo. What waits for a person (parked, broken, unmapped, held) is never emptied, however old it is.
The content of tasks stays while they stand, since a task is reassigned and cancelled for years. A
follow-up that wakes up later does not prolong the time a form is kept.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from connector.model import EffectKind
from connector.store.effect_row import SETTLED
from connector.store.follow_up_row import STANDING
from connector.store.tables import document, effect, follow_up, quarantine, submission

FINISHED_AT_ONCE = ("duplicate", "ignored", "outdated", "echo")

_owed_or_fresh = exists().where(
    effect.c.submission_id == submission.c.id,
    or_(effect.c.state.not_in(SETTLED), effect.c.settled_at.is_(None)),
)


def purge_bodies(connection: Connection, before: datetime) -> int:
    """Empty bodies, problems, notes and documents of deliveries finished before this moment.

    Returns how many deliveries were emptied.
    """
    settled_later = exists().where(
        effect.c.submission_id == submission.c.id,
        effect.c.follow_up_id.is_(None),
        effect.c.settled_at >= before,
    )
    processed = and_(submission.c.state == "processed", ~_owed_or_fresh, ~settled_later)
    query = select(submission.c.id).where(
        submission.c.body.is_not(None),
        submission.c.processed_at < before,
        or_(submission.c.state.in_(FINISHED_AT_ONCE), processed),
    )
    finished = list(connection.execute(query).scalars())
    for submission_id in finished:
        _empty(connection, submission_id)
    return len(finished)


def _empty(connection: Connection, submission_id: str) -> None:
    mine = effect.c.submission_id == submission_id
    its_effects = select(effect.c.id).where(mine)
    connection.execute(
        update(document).where(document.c.effect_id.in_(its_effects)).values(content=None)
    )
    connection.execute(
        update(effect).where(mine, effect.c.kind != EffectKind.TASK.value).values(content=None)
    )
    connection.execute(
        update(submission).where(submission.c.id == submission_id).values(body=None, summary=None)
    )


def purge_quarantine(connection: Connection, before: datetime) -> int:
    """Empty the bodies that were put aside before this moment; how many there were."""
    old = quarantine.c.received_at < before, quarantine.c.body.is_not(None)
    return connection.execute(update(quarantine).where(*old).values(body=None)).rowcount


def purge_follow_ups(connection: Connection, before: date) -> int:
    """Empty the texts of tasks that stand no more since this day; how many there were.

    One that was taken back before its day is emptied after that day. Ids, dates and states stay.
    """
    ended_on = func.coalesce(follow_up.c.done_on, follow_up.c.opens_on)
    return _empty_tasks(connection, ended_on < before)


def purge_person(connection: Connection, host: str, person_id: str) -> int:
    """Empty the texts of every task of a person that stands no more; how many there were."""
    mine = follow_up.c.host == host, follow_up.c.person_id == person_id
    return _empty_tasks(connection, *mine)


def _empty_tasks(connection: Connection, *which: ColumnElement[bool]) -> int:
    """Empty follow-ups that stand no more, and what they wrote, where nothing is owed any more."""
    owed = exists().where(
        effect.c.host == follow_up.c.host,
        effect.c.person_id == follow_up.c.person_id,
        effect.c.state.not_in(SETTLED),
    )
    over = follow_up.c.state.not_in([each.value for each in STANDING])
    query = select(follow_up.c.id, follow_up.c.reference).where(
        over, follow_up.c.content.is_not(None), ~owed, *which
    )
    found = connection.execute(query).all()
    for row in found:
        mine = or_(effect.c.follow_up_id == row.id, effect.c.reference == row.reference)
        connection.execute(update(effect).where(mine).values(content=None))
        emptied = update(follow_up).where(follow_up.c.id == row.id)
        connection.execute(emptied.values(content=None))
    return len(found)
