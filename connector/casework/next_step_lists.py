"""The list of each manager: whose next step is missing, or was taken away (T92).

A manager has one list at a time, and what stands on it is kept as data beside its words.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace

from connector.casework.about_nobody import NOBODY, about_nobody
from connector.casework.changing import Cause, end
from connector.casework.desk import Desk
from connector.casework.own_work import own_delivery
from connector.casework.owning import Owner
from connector.model import FollowUp
from connector.policy.next_step import Line, no_next_step
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow, FollowUpState

NIGHTLY = "nightly check"
A_NEW_LIST = "A new list took its place."


def _always(_: Line) -> bool:
    return True


def put_on_the_list(
    tx: Transaction,
    desk: Desk,
    host: str,
    owner: Owner,
    found: Sequence[Line],
    stays: Callable[[Line], bool] = _always,
) -> None:
    """Add lines to what this manager has not dealt with yet; of that, only what `stays`.

    A list that still waits to be opened is written again, one in an inbox gives way to another.
    """
    name = f"{owner.inbox.value} {owner.assignee or ''}".strip()
    mine = [
        row
        for row in tx.follow_ups.listing(host, NOBODY, task="T92")
        if row.period_key.rpartition("#")[0] == name
    ]
    standing = [row for row in mine if row.stands]
    before = _lines_of(tx, standing)
    after = tuple(dict.fromkeys((*filter(stays, before), *found)))
    if not found or set(after) == set(before):
        return
    submission_id, _ = own_delivery(tx, desk, host, f"{NIGHTLY} {desk.today()}")
    waiting = [row for row in standing if row.is_planned]
    key = waiting[0].period_key if waiting else f"{name}#{len(mine) + 1}"
    planned = _as_follow_up(desk, host, submission_id, after, key, owner)
    if waiting:
        tx.follow_ups.renew(waiting[0], submission_id, planned)
        return
    cause = Cause(submission_id, host, desk.now())
    for row in standing:
        end(tx, cause, row, FollowUpState.SUPERSEDED, A_NEW_LIST)
    tx.follow_ups.plan(submission_id, host, planned, desk.now())


def _as_follow_up(
    desk: Desk, host: str, submission_id: str, lines: Sequence[Line], key: str, owner: Owner
) -> FollowUp:
    task = no_next_step(lines, desk.today(), desk.working)
    planned = about_nobody(desk, host, submission_id, task, key, owner)
    content = {**planned.effect.content, "lines": [asdict(each) for each in lines]}
    return replace(planned, effect=replace(planned.effect, content=content))


def _lines_of(tx: Transaction, rows: Iterable[FollowUpRow]) -> tuple[Line, ...]:
    kept = [tx.follow_ups.content(row.id) for row in rows]
    return tuple(
        Line(**line) for each in kept if each for line in each.effect.content.get("lines", ())
    )
