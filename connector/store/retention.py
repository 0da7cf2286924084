"""What is emptied once a delivery is finished; ids, hashes, times and states stay.

Finished: processed with every effect confirmed or cancelled, a duplicate, ignored or outdated. What
waits for a person (parked, broken, unmapped, held) is never emptied, however old it is.
The content of tasks stays, since a task is reassigned and cancelled for years. A follow-up that
wakes up later does not prolong the time a form is kept.
"""

from datetime import datetime

from sqlalchemy import Connection, and_, exists, or_, select, update

from connector.model import EffectKind
from connector.store.effect_row import SETTLED
from connector.store.tables import document, effect, submission

FINISHED_AT_ONCE = ("duplicate", "ignored", "outdated")

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
