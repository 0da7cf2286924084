"""What a form changes about the tasks that stand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from connector.comparing.comparison import Comparison, Standing
from connector.model import FollowUp, Task
from connector.plan import again, base_key
from connector.policy.stops import (
    ASKED_ANEW,
    ASSESSED,
    CONTACTED,
    CONTACTS,
    LATER_AGREEMENT,
    ONCE_IN_A_LIFE,
    SERIES,
    stopped_by,
)

WITHDRAWN = "The form this task came from was withdrawn."
NOT_ASKED = "The form no longer asks for it."
SAID_TO_BE_DONE = "The form says that it is done."
NEWER_CLOCK = "It is counted from a later contact."
SOMEBODY_ELSE = "It is for somebody else now."
DATED = SERIES | ONCE_IN_A_LIFE | {"T20", "T23"}
"""Tasks whose date stands on the form or follows from it; the others count from the form day, and
filling the form in again does not put them off."""

Way = Literal["kept", "moved", "handed over", "added", "cancelled", "done", "passed over"]


@dataclass(frozen=True)
class Change:
    """What becomes of one task. `row` is the one that was planned before, `follow_up` the one that
    is wanted now; `was_due` the date it had, which a task that is kept in an inbox keeps. "done":
    the form itself shows that it was done. "passed over": kept to be known, never to be opened.
    `replaced_by` is the form that took its place, where its clocks carry over. `anew` is the same
    under a reference of its own, for a task that is in an inbox of a host that cannot change it.
    `title` is what a task that is not asked for any more was called, where that was read.
    """

    way: Way
    task: str
    reason: str = ""
    row: str | None = None
    follow_up: FollowUp | None = None
    was_due: date | None = None
    replaced_by: str | None = None
    anew: FollowUp | None = None
    title: str = ""


def compare(case: Comparison) -> tuple[Change, ...]:
    """Everything that changes, and what was kept of this form's own tasks."""
    status = case.applied.status
    if status == "withdrawn" or (status == "ended_deceased" and case.right_person):
        return tuple(_ended(case))
    taken = [change for each in case.wanted for change in _wanted(case, each)]
    if not case.right_person:
        return tuple(taken)
    matched = {change.row for change in taken}
    rest = (row for row in case.standing if row.stands and row.id not in matched)
    return (*taken, *(change for row in rest for change in _unwanted(case, row, taken)))


def _ended(case: Comparison) -> Iterator[Change]:
    died = case.applied.status == "ended_deceased"
    for row in case.standing:
        if row.stands and (died or row.form_id == case.form_id):
            reason = stopped_by(case.applied, row.task, row.form_type) or WITHDRAWN
            yield Change("cancelled", row.task, reason, row.id, was_due=row.due_on)
    for each in case.wanted:
        yield from _wanted(case, each)


def _wanted(case: Comparison, new: FollowUp) -> Iterator[Change]:
    """What a task that is asked for leads to."""
    task = new.task.task
    known = case.of_period(new.period_key, task)
    if late := case.stopped_already(new):
        if task in SERIES and known is None:
            yield Change(
                "passed over", task, late, follow_up=new, replaced_by=case.later_agreement or "-"
            )
        return
    if known and known.form_id != case.form_id and not case.is_earlier(known):
        return
    if task in SERIES and (other := case.newer_clock(new)):
        by = other.form_id or "-"
        yield Change("passed over", task, NEWER_CLOCK, follow_up=new, replaced_by=by)
    elif known is None:
        yield Change("added", task, follow_up=new)
    elif known.stands:
        yield from _again(case, known, new)
    elif not known.is_used_up and not case.runs_again:
        yield Change("added", task, follow_up=again(new, case.times(new)))


def _again(case: Comparison, row: Standing, new: FollowUp) -> Iterator[Change]:
    """Asked for before and now: the same, on another day, with another list, or of another role."""
    task = row.task
    if row.is_planned:
        moved = row.due_on != new.task.due_on
        yield Change("moved" if moved else "kept", task, "", row.id, new, row.due_on)
    elif _differs(case, row, new.task):
        anew = again(new, case.times(new))
        yield Change("moved", task, "", row.id, new, row.due_on, anew=anew)
    elif row.role is not new.task.role:
        yield Change("handed over", task, SOMEBODY_ELSE, row.id, new, row.due_on)
    else:
        yield Change("kept", task, "", row.id, new, row.due_on)


def _differs(case: Comparison, row: Standing, new: Task) -> bool:
    """Whether a task in an inbox has to change: another list, or another date."""
    if row.task in ASKED_ANEW:
        return not _same_words(case.texts.get(row.id), new)
    before = row.wanted_on or row.due_on
    return row.task in DATED and before != (new.wanted_on or new.due_on)


def _unwanted(case: Comparison, row: Standing, taken: Iterable[Change]) -> Iterator[Change]:
    """What becomes of a task this form does not ask for."""
    if row.form_id == case.form_id and row.form_id is not None:
        reason = _dropped(case)
    elif _can_be_stopped(case, row) and not _counts_from_later(row, taken):
        opens_on = row.opens_on if row.is_planned else None
        reason = stopped_by(case.applied, row.task, row.form_type, opens_on)
        reason = reason or _second_of_a_series(row, taken)
    else:
        reason = None
    if reason == NOT_ASKED and base_key(row.period_key) in case.done:
        reason = SAID_TO_BE_DONE
    told = case.texts.get(row.id)
    gone = Change("cancelled", row.task, reason or "", row.id, was_due=row.due_on)
    gone = replace(gone, title=told.title if told else "")
    if reason in {ASSESSED, CONTACTED, SAID_TO_BE_DONE}:
        yield replace(gone, way="done")
    elif reason:
        by = case.form_id if reason == LATER_AGREEMENT and row.task in CONTACTS else None
        yield replace(gone, replaced_by=by)


def _can_be_stopped(case: Comparison, row: Standing) -> bool:
    """What was asked for later stays; but an assessment is one, whenever T08 was asked for."""
    return row.task == "T08" or case.is_earlier(row)


def _counts_from_later(row: Standing, taken: Iterable[Change]) -> bool:
    """Whether the contact this form asks for was passed over for the one that stands."""
    return any(each.task == row.task and each.reason == NEWER_CLOCK for each in taken)


def _dropped(case: Comparison) -> str | None:
    """The latest version of a form says what is asked for; one with errors says nothing yet."""
    return None if case.applied.status == "needs_attention" else NOT_ASKED


def _second_of_a_series(row: Standing, taken: Iterable[Change]) -> str | None:
    fresh = {each.task for each in taken if each.way in {"added", "moved"} and each.follow_up}
    return NEWER_CLOCK if row.task in SERIES & fresh else None


def _same_words(old: Task | None, new: Task) -> bool:
    return old is not None and (old.title, old.text) == (new.title, new.text)
