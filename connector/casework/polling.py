"""Reading open tasks from the host: where it sends no event, and once a night everywhere."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog

from connector.casework.desk import Desk
from connector.casework.registers import Register
from connector.casework.tasks_there import Asked, Found, look, take_in, to_ask
from connector.errors import Declined, HostError, KeyProblem
from connector.store.follow_up_row import FollowUpRow

EVERY = timedelta(hours=5, minutes=50)
EVERY_ON_ITS_DAY = timedelta(minutes=50)
"""Each a little less than six hours and one, since the rounds themselves take time."""

MOST = 200
PATIENCE = 3
"""After so many answers in a row that are none, the host is left alone until the next round."""

Seen = Callable[[Asked, Found, bool], object]

_log = structlog.get_logger(__name__)


def poll(
    desk: Desk, host: str, register: Register, going_on: Callable[[], bool] = lambda: True
) -> int:
    """Read the open tasks that were not looked at for long; how many had changed."""
    now = desk.now()
    with desk.store.transaction() as tx:
        due = tx.follow_ups.unseen(host, now - EVERY_ON_ITS_DAY, MOST, due_on=desk.today())
        rows = due + tx.follow_ups.unseen(host, now - EVERY, MOST)
    once = {row.id: row for row in rows}
    return read_tasks(desk, register, list(once.values())[:MOST], going_on)


def read_tasks(
    desk: Desk,
    register: Register,
    rows: Iterable[FollowUpRow],
    going_on: Callable[[], bool],
    seen: Seen = lambda asked, found, changed: None,
) -> int:
    """Look at the tasks of these follow-ups one by one; how many had changed.

    `seen` is told of each, after what follows from it was written down. One that is not in the
    host yet is passed over. No transaction is open while the host is asked.
    """
    changed, unanswered = 0, 0
    for row in rows:
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
            changed += _written_down(desk, asked, found, seen)
    return changed


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


def _written_down(desk: Desk, asked: Asked, found: Found, seen: Seen) -> bool:
    try:
        with desk.store.transaction() as tx:
            changed = take_in(tx, desk, asked, found)
    except KeyProblem as problem:
        _log.error("follow-up does not open", follow_up=asked.row.id, exc_info=problem)
        _looked(desk, asked.row)
        return False
    seen(asked, found, changed)
    return changed
