"""The nightly check: every open task exists in the host, and nobody is without a next step.

What is missing is planned again, what was taken away is noted; the manager is told once.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import structlog

from connector.casework.about_nobody import NOBODY, about_nobody
from connector.casework.changing import Cause, end
from connector.casework.desk import Desk
from connector.casework.gaps import answerable, gaps_of, people_with_gaps, plan_again
from connector.casework.own_work import own_delivery
from connector.casework.owning import Owner
from connector.casework.polling import read_tasks
from connector.casework.registers import Register
from connector.casework.tasks_there import Asked, Found
from connector.dates import LONDON
from connector.policy.next_step import listed, no_next_step
from connector.policy.words import TASK_TITLES
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow, FollowUpState

NIGHTLY = "nightly check"
FROM = time(2, 0)
SEEN_TODAY = timedelta(hours=12)
MOST = 1000
A_NEW_LIST = "A new list took its place."

Lines = Mapping[Owner, Sequence[str]]

_log = structlog.get_logger(__name__)


def check_is_due(tx: Transaction, desk: Desk, host: str) -> bool:
    """Whether the check of today is still to be made: once a day, after two at night in London."""
    now, last = desk.now(), tx.persons.last_round(host, NIGHTLY)
    begins = datetime.combine(desk.today(), FROM, LONDON).astimezone(UTC)
    return now >= begins and (last is None or last < begins)


def check(
    desk: Desk, host: str, register: Register | None, going_on: Callable[[], bool] = lambda: True
) -> int:
    """Look over everybody of a host; for how many a manager has something to look at.

    Broken off, it is made again from the beginning; nobody is told twice.
    """
    lines = _taken_away(desk, host, register, going_on) if register else {}
    owners: dict[Owner, list[str]] = defaultdict(list)
    for owner, gaps in people_with_gaps(desk, host):
        owners[owner].append(gaps[0].person_id)
    if not going_on():
        return 0
    found = 0
    for owner in dict.fromkeys((*lines, *owners)):
        found += _tell(desk, host, owner, lines.get(owner, ()), owners.get(owner, ()))
    with desk.store.transaction() as tx:
        tx.persons.round_made(host, NIGHTLY, desk.now(), found)
    level = _log.warning if found else _log.info
    level("nightly check made", host=host, count=found)
    return found


def _taken_away(
    desk: Desk, host: str, register: Register, going_on: Callable[[], bool]
) -> dict[Owner, list[str]]:
    """Tasks that are in no inbox any more, after which nothing follows: a line for each."""
    lines: dict[Owner, list[str]] = defaultdict(list)

    def seen(asked: Asked, found: Found, changed: bool) -> None:
        row = asked.row
        gone = found == "gone" or (not isinstance(found, str) and found.state == "cancelled")
        if not (gone and changed and row.person_id):
            return
        with desk.store.transaction() as tx:
            if not _goes_on(tx, row):
                owner = answerable(tx, desk, host, row.person_id)
                lines[owner].append(f"{row.person_id}: {_was_taken_away(row)}")

    if not register.reads_tasks:
        _log.info("tasks cannot be read", host=host)
    with desk.store.transaction() as tx:
        rows = tx.follow_ups.unseen(host, desk.now() - SEEN_TODAY, MOST)
    read_tasks(desk, register, rows, going_on, seen)
    return lines


def _goes_on(tx: Transaction, row: FollowUpRow) -> bool:
    mine = tx.follow_ups.listing(row.host, row.person_id, task=row.task)
    return any(each.stands for each in mine)


def _was_taken_away(row: FollowUpRow) -> str:
    title = TASK_TITLES.get(row.task, "")
    named = "A task" if "{" in title or not title else f"“{title}”"
    return f"{named} was taken away in the case system, and nothing follows it."


def _tell(desk: Desk, host: str, owner: Owner, lines: Sequence[str], people: Sequence[str]) -> int:
    """Plan what these people lack and put them on their manager's list, all or nothing."""
    with desk.store.transaction() as tx:
        told = [*lines]
        for person_id in people:
            told += [f"{person_id}: {each}" for each in _mended(tx, desk, host, person_id)]
        if told:
            _put_on_the_list(tx, desk, host, owner, told)
    return len({each.partition(":")[0] for each in told})


def _mended(tx: Transaction, desk: Desk, host: str, person_id: str) -> list[str]:
    """Looked at once more: what came in meanwhile is not planned twice."""
    gaps = gaps_of(tx, desk, host, person_id)
    return [gap.mended if plan_again(tx, desk, gap) else gap.reason for gap in gaps]


def _put_on_the_list(
    tx: Transaction, desk: Desk, host: str, owner: Owner, told: Sequence[str]
) -> None:
    """One T92 for each manager; another list takes the place of one nobody has dealt with."""
    name = f"{owner.inbox.value} {owner.assignee or ''}".strip()
    mine = [
        row
        for row in tx.follow_ups.listing(host, NOBODY, task="T92")
        if row.period_key.rpartition("#")[0] == name
    ]
    standing = [row for row in mine if row.stands]
    before = _lines_of(tx, standing)
    after = tuple(dict.fromkeys((*(each for each in before if " again, " in each), *told)))
    if set(after) == set(before):
        return
    submission_id, _ = own_delivery(tx, desk, host, f"{NIGHTLY} {desk.today()}")
    cause = Cause(submission_id, host, desk.now())
    for row in standing:
        end(tx, cause, row, FollowUpState.SUPERSEDED, A_NEW_LIST)
    task = no_next_step(after, desk.today(), desk.working)
    key = f"{name}#{len(mine) + 1}"
    planned = about_nobody(desk, host, submission_id, task, key, owner)
    tx.follow_ups.plan(submission_id, host, planned, desk.now())


def _lines_of(tx: Transaction, rows: Sequence[FollowUpRow]) -> tuple[str, ...]:
    kept = [tx.follow_ups.content(row.id) for row in rows]
    return tuple(line for each in kept if each for line in listed(each.task.text))
