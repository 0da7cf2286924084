"""The nightly check: nobody is without a next step.

What is missing is planned again; the manager is told once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta

import structlog

from connector.casework.desk import Desk
from connector.casework.gaps import CHUNK, gaps_of, people_with_gaps, plan_again
from connector.casework.next_step_lists import NIGHTLY, put_on_the_list
from connector.casework.owning import Owner
from connector.dates import LONDON
from connector.policy.next_step import Line
from connector.store import Transaction

FROM = time(2, 0)

_log = structlog.get_logger(__name__)


def last_night(desk: Desk) -> datetime:
    """When the check that counts for now began: at two in London, today or yesterday."""
    tonight = datetime.combine(desk.today(), FROM, LONDON)
    return tonight if desk.now() >= tonight else tonight - timedelta(days=1)


def check_is_due(tx: Transaction, desk: Desk, host: str) -> bool:
    """Whether the check of last night is still to be made."""
    last = tx.persons.last_round(host, NIGHTLY)
    return last is None or last < last_night(desk)


def check(desk: Desk, host: str, going_on: Callable[[], bool] = lambda: True) -> int:
    """Look over everybody of a host; of how many a manager has something to look at.

    Broken off, it is made again from the beginning; nobody is told twice.
    """
    by_owner: dict[Owner, list[str]] = defaultdict(list)
    for owner, gaps in people_with_gaps(desk, host, going_on):
        by_owner[owner].append(gaps[0].person_id)
    found = sum(_mend(desk, host, owner, people, going_on) for owner, people in by_owner.items())
    if not going_on():
        return 0
    with desk.store.transaction() as tx:
        tx.persons.round_made(host, NIGHTLY, desk.now(), found)
    level = _log.warning if found else _log.info
    level("nightly check made", host=host, count=found)
    return found


def _mend(
    desk: Desk, host: str, owner: Owner, people: Sequence[str], going_on: Callable[[], bool]
) -> int:
    """Plan what these people lack and put them on their manager's list; how many there were.

    A few at a time, each planned and told or neither.
    """
    found, rest = 0, set(people)
    for start in range(0, len(people), CHUNK):
        if not going_on():
            break
        some = people[start : start + CHUNK]
        rest.difference_update(some)
        with desk.store.transaction() as tx:
            lines = [line for each in some for line in _mended(tx, desk, host, each)]
            put_on_the_list(
                tx, desk, host, owner, lines, lambda line: line.happened or line.person_id in rest
            )
        found += len({line.person_id for line in lines})
    return found


def _mended(tx: Transaction, desk: Desk, host: str, person_id: str) -> Iterator[Line]:
    """Looked at once more: what came in meanwhile is not planned twice."""
    for gap in gaps_of(tx, desk, host, person_id):
        again = plan_again(tx, desk, gap)
        yield Line(person_id, gap.mended if again else gap.reason, happened=again)
