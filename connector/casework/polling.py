"""Reading open tasks from the host: where it sends no event, and every night everywhere.

A round takes some, those first that were not looked at for longest, and the next one goes on: in
the end each is looked at, however many there are.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from connector.casework.desk import Desk
from connector.casework.gaps import answerable
from connector.casework.next_step_lists import put_on_the_list
from connector.casework.nightly import last_night
from connector.casework.registers import Register
from connector.casework.tasks_there import Asked, Found, look, take_in, to_ask
from connector.errors import Declined, HostError, KeyProblem
from connector.policy.next_step import Line
from connector.policy.words import TASK_TITLES
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow

EVERY = timedelta(hours=5, minutes=50)
EVERY_ON_ITS_DAY = timedelta(minutes=50)
"""Each a little less than six hours and one, since the rounds themselves take time."""

MOST = 200
PATIENCE = 3
"""After so many answers in a row that are none, the host is left alone until the next round."""

_log = structlog.get_logger(__name__)


def poll(
    desk: Desk,
    host: str,
    register: Register,
    going_on: Callable[[], bool] = lambda: True,
    most: int = MOST,
) -> int:
    """Read open tasks that were not looked at for long, one by one; how many had changed.

    One that is not in the host yet is passed over. No transaction is open while the host is asked.
    """
    changed, unanswered = 0, 0
    for row in _due(desk, host, most):
        if not going_on() or unanswered >= PATIENCE:
            break
        asked = _gathered(desk, row)
        if asked is None:
            continue
        try:
            found = look(register, asked)
            unanswered = 0
        except Declined as error:
            found, unanswered = None, 0
            _log.warning("task not read", follow_up=row.id, host=row.host, exc_info=error)
        except HostError as error:
            found, unanswered = None, unanswered + 1
            _log.warning("task not read", follow_up=row.id, host=row.host, exc_info=error)
        if found is None:
            _looked(desk, row)
        else:
            changed += _written_down(desk, asked, found)
    return changed


def _due(desk: Desk, host: str, most: int) -> Sequence[FollowUpRow]:
    """What to look at now: what nothing tells us of is looked at all day long."""
    now = desk.now()
    with desk.store.transaction() as tx:
        if not _is_polled(desk, host):
            return tx.follow_ups.unseen(host, last_night(desk), most)
        due = tx.follow_ups.unseen(host, now - EVERY_ON_ITS_DAY, most, due_on=desk.today())
        rows = due + tx.follow_ups.unseen(host, now - EVERY, most)
    once = {row.id: row for row in rows}
    return list(once.values())[:most]


def _is_polled(desk: Desk, host: str) -> bool:
    return desk.completion(host) == "poll"


def _gathered(desk: Desk, row: FollowUpRow) -> Asked | None:
    try:
        with desk.store.transaction() as tx:
            asked = to_ask(tx, desk, row)
    except KeyProblem as problem:
        _log.error("follow-up does not open", follow_up=row.id, exc_info=problem)
        asked = None
    if asked is None:
        _looked(desk, row)
    return asked


def _looked(desk: Desk, row: FollowUpRow) -> None:
    """Others come first next time."""
    with desk.store.transaction() as tx:
        tx.follow_ups.look(row, desk.now())


def _written_down(desk: Desk, asked: Asked, found: Found) -> bool:
    try:
        with desk.store.transaction() as tx:
            changed = take_in(tx, desk, asked, found)
            if changed and _nobody_said_so(desk, asked, found):
                _tell_if_nothing_follows(tx, desk, asked.row)
    except KeyProblem as problem:
        _log.error("follow-up does not open", follow_up=asked.row.id, exc_info=problem)
        _looked(desk, asked.row)
        return False
    return changed


def _nobody_said_so(desk: Desk, asked: Asked, found: Found) -> bool:
    """It is in no inbox any more, and the host did not tell in the way that it tells."""
    if isinstance(found, str):
        return found == "gone"
    return found.state == "cancelled" and not _is_polled(desk, asked.row.host)


def _tell_if_nothing_follows(tx: Transaction, desk: Desk, row: FollowUpRow) -> None:
    """A task was taken away: where the young person has none of its kind now, that is told."""
    mine = tx.follow_ups.listing(row.host, row.person_id, task=row.task)
    if row.person_id and not any(each.stands for each in mine):
        title = TASK_TITLES.get(row.task, "")
        named = "A task" if "{" in title or not title else f"“{title}”"
        text = f"{named} was taken away in the case system, and nothing follows it."
        owner = answerable(tx, desk, row.host, row.person_id)
        put_on_the_list(tx, desk, row.host, owner, [Line(row.person_id, text, happened=True)])
