"""What a form changes about the tasks of a young person: kept, moved, added or cancelled. Pure.

Nothing done is undone. A task is known by its id and period, never by its dates, so that a date
that moves makes no twin. The changes are data; whoever applies them also tells them in the note.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, Protocol

from connector.model import FollowUp, Inbox, Task
from connector.plan import again, base_key, times_planned
from connector.policy.stops import (
    ASKED_ANEW,
    ASSESSED,
    CONTACTED,
    CONTACTS,
    LATER_AGREEMENT,
    ONCE_IN_A_LIFE,
    SERIES,
    Applied,
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


class Standing(Protocol):
    """What has to be known of a task that was planned before."""

    @property
    def id(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def period_key(self) -> str: ...
    @property
    def form_type(self) -> str | None: ...
    @property
    def form_id(self) -> str | None: ...
    @property
    def due_on(self) -> date: ...
    @property
    def opens_on(self) -> date: ...
    @property
    def counted_from(self) -> date | None: ...
    @property
    def wanted_on(self) -> date | None: ...
    @property
    def role(self) -> Inbox: ...
    @property
    def asked_at(self) -> datetime | None: ...
    @property
    def stands(self) -> bool: ...
    @property
    def is_used_up(self) -> bool: ...
    @property
    def is_planned(self) -> bool: ...


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


@dataclass(frozen=True)
class Comparison:
    """A form that was judged, against what stands.

    `texts` are the tasks as planned before, by row, where they could be read. `later` are the
    forms held that were completed after this one, with what they led to, `later_agreement` the id
    of such an agreement. `runs_again`: the same form in the same words, worked on once more.
    `done` are the periods of the actions the form says are done.
    `right_person`: False where the form may be about somebody else; then what stands stays (EN-07).
    """

    form_id: str
    applied: Applied
    completed_at: datetime | None
    wanted: Sequence[FollowUp]
    standing: Sequence[Standing]
    texts: Mapping[str, Task] = field(default_factory=dict)
    later: Sequence[Applied] = ()
    later_agreement: str | None = None
    runs_again: bool = False
    done: Set[str] = frozenset()
    right_person: bool = True


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
    known = _of_period(case, new.period_key, task)
    if late := _stopped_already(case, new):
        if task in SERIES and known is None:
            yield Change(
                "passed over", task, late, follow_up=new, replaced_by=case.later_agreement or "-"
            )
        return
    if known and known.form_id != case.form_id and not _is_earlier(case, known):
        return
    if task in SERIES and (other := _newer_clock(case, new)):
        by = other.form_id or "-"
        yield Change("passed over", task, NEWER_CLOCK, follow_up=new, replaced_by=by)
    elif known is None:
        yield Change("added", task, follow_up=new)
    elif known.stands:
        yield from _again(case, known, new)
    elif not known.is_used_up and not case.runs_again:
        yield Change("added", task, follow_up=again(new, _times(case, new)))


def _stopped_already(case: Comparison, new: FollowUp) -> str | None:
    """Why a later form, which came before, has no place for a task of this one."""
    task = new.task
    reasons = (stopped_by(each, task.task, new.form_type, task.opens_on) for each in case.later)
    return next(filter(None, reasons), None)


def _again(case: Comparison, row: Standing, new: FollowUp) -> Iterator[Change]:
    """Asked for before and now: the same, on another day, with another list, or of another role."""
    task = row.task
    if row.is_planned:
        moved = row.due_on != new.task.due_on
        yield Change("moved" if moved else "kept", task, "", row.id, new, row.due_on)
    elif _differs(case, row, new.task):
        anew = again(new, _times(case, new))
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
    return row.task == "T08" or _is_earlier(case, row)


def _counts_from_later(row: Standing, taken: Iterable[Change]) -> bool:
    """Whether the contact this form asks for was passed over for the one that stands."""
    return any(each.task == row.task and each.reason == NEWER_CLOCK for each in taken)


def _dropped(case: Comparison) -> str | None:
    """The latest version of a form says what is asked for; one with errors says nothing yet."""
    return None if case.applied.status == "needs_attention" else NOT_ASKED


def _second_of_a_series(row: Standing, taken: Iterable[Change]) -> str | None:
    fresh = {each.task for each in taken if each.way in {"added", "moved"} and each.follow_up}
    return NEWER_CLOCK if row.task in SERIES & fresh else None


def _is_earlier(case: Comparison, row: Standing) -> bool:
    """Whether what asked for a task was completed before this form; unknown counts as earlier."""
    if row.asked_at is None or case.completed_at is None:
        return True
    return row.asked_at <= case.completed_at


def _newer_clock(case: Comparison, new: FollowUp) -> Standing | None:
    """The same contact of another form, counted from a later day."""
    ours = new.task.counted_from
    for row in case.standing:
        same = row.stands and row.task == new.task.task and row.form_id != new.form_id
        if same and ours and row.counted_from and row.counted_from > ours:
            return row
    return None


def _of_period(case: Comparison, key: str, task: str) -> Standing | None:
    """The newest row of a period: one taken back and asked for again has a "~" behind its key."""
    mine = [
        row
        for row in case.standing
        if row.task == task and base_key(row.period_key) == base_key(key)
    ]
    standing = [row for row in mine if row.stands]
    used = [row for row in mine if row.is_used_up]
    return next(iter([*standing, *used, *reversed(mine)]), None)


def _times(case: Comparison, new: FollowUp) -> int:
    """How often this period was planned, with this time."""
    same = (row.period_key for row in case.standing if row.task == new.task.task)
    return 1 + times_planned(same, new.period_key)


def _same_words(old: Task | None, new: Task) -> bool:
    return old is not None and (old.title, old.text) == (new.title, new.text)
