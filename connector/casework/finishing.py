"""A task was done, or taken away in the host: what follows, counted from the day it really was."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from connector.casework.changing import Cause, closed_there, done_state, end, finish_row
from connector.casework.desk import Desk
from connector.casework.knowing import HeldForm, held_forms, rounds
from connector.casework.occasions import envelope_of, occasion, unasked
from connector.dates import LONDON
from connector.model import FollowUp, Task
from connector.people import YEARLY_CONTACT_ENDED_ON, Person
from connector.plan import follow_up, period_key
from connector.policy.agreement_case import as_agreement
from connector.policy.case import NOTHING_KNOWN
from connector.policy.series import after
from connector.policy.stops import AGREEMENT, CONTACTS, SERIES
from connector.policy.unasked import change_of_approach
from connector.policy.whom_to_ask import lead_social_worker
from connector.store import Transaction
from connector.store.follow_up_row import FINISHED, STANDING, FollowUpRow, FollowUpState

Ending = Literal["no_change", "change_needed", "attempted"]
ASSUMED = "Assumed done on its due date: this host does not tell."
YEARLY_CONTACT_ENDED = "The manager ended the yearly contact."
MADE_BEFORE = "The contact was made under the earlier agreement."
NOON = time(12)
CANCELLED_THERE = "Cancelled in the case system."


@dataclass(frozen=True)
class Done:
    """A task was done on a day. `ending` is how a contact ended; `assumed`: nobody said so."""

    on: date
    ending: Ending | None = None
    assumed: bool = False


def finish(tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, done: Done) -> bool:
    """Note that a task is done and plan what follows; False where nothing changes by it."""
    if row.state in FINISHED:
        return _correct(tx, desk, cause, row, done)
    if row.state is FollowUpState.SUPERSEDED and row.task in CONTACTS:
        return _made_before(tx, desk, cause, row, done)
    reason = ASSUMED if done.assumed else ""
    state = done_state(row, done.on)
    if not closed_there(tx, cause, row, state, reason, done_on=done.on):
        return False
    if row.task == "T30":
        _remember_the_contact(tx, row, done)
    if done.ending == "change_needed" and row.task in _CHANGES:
        _CHANGES[row.task](tx, desk, cause, row, done)
    plan_next(tx, desk, cause, row, _counts_from(desk, row, done))
    return True


def _made_before(tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, done: Done) -> bool:
    """A contact made under an agreement that was replaced meanwhile counts for the new one."""
    rows = tx.follow_ups.listing(row.host, row.person_id, task=row.task)
    for each in rows:
        if each.stands and each.form_id == row.replaced_by and _is_older(each, done):
            finish_row(tx, cause, each, done.on, MADE_BEFORE)
            plan_next(tx, desk, cause, each, _counts_from(desk, row, done))
            return True
    return False


def _is_older(row: FollowUpRow, done: Done) -> bool:
    return row.counted_from is None or row.counted_from < done.on


def cancelled_in_host(
    tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, on: date
) -> bool:
    """Somebody took a task away: it is not made again, but the next one is (1.10)."""
    state = FollowUpState.CANCELLED
    if not closed_there(tx, cause, row, state, CANCELLED_THERE, done_on=on):
        return False
    plan_next(tx, desk, cause, row, row.due_on)
    return True


def plan_next(
    tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, last: date
) -> FollowUp | None:
    """The next one of a series, counted from `last`; None where there is none.

    The form in force goes on with it, also where an earlier one of its kind began it.
    """
    if row.task not in SERIES:
        return None
    held = held_forms(tx, row.host, row.person_id).get(row.form_type or "")
    if held is None or not held.applied.took_effect:
        return None
    rows = tx.follow_ups.of_person(row.host, row.person_id)
    if any(each.stands and each.task == row.task for each in rows):
        return None
    task = next_task(desk, held, row, last)
    if task is None:
        return None
    planned = as_follow_up(desk, held, task, rounds(rows, held.form_id).get(row.task, 1))
    tx.follow_ups.plan(held.submission_id, row.host, planned, cause.now)
    return planned


def next_task(desk: Desk, held: HeldForm, row: FollowUpRow, last: date) -> Task | None:
    """The task after this one of a series, counted from `last`; None where the series is over."""
    case = held.case(desk, desk.today(), NOTHING_KNOWN)
    return after(case, as_task(row), last)


def as_task(row: FollowUpRow) -> Task:
    """A row as a task, without its words."""
    return Task(row.task, row.rule, "", row.role, None, row.opens_on, row.due_on, "", role=row.role)


def as_follow_up(desk: Desk, held: HeldForm, task: Task, time_round: int) -> FollowUp:
    """A task of a form that is held, with which time round it is."""
    envelope = held.case(desk, desk.today(), NOTHING_KNOWN).envelope
    key = period_key(held.form_id, task, time_round)
    now = replace(
        occasion(desk, held.host, held.submission_id),
        ordinal=held.ordinal,
        version=envelope.submission_version,
    )
    return follow_up(task, key, envelope, now, asked_by=(held.form_type, held.form_id))


def _counts_from(desk: Desk, row: FollowUpRow, done: Done) -> date:
    """A call that did not get through is no contact, unless the council counts it (DS-18)."""
    failed = done.ending == "attempted" and row.task == "T01"
    if failed and not desk.policy.tailored.attempt_counts and row.counted_from:
        return row.counted_from
    return done.on


def _correct(tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, done: Done) -> bool:
    """The real day, where another was assumed; the next one moves with it while it still waits."""
    if row.reason != ASSUMED or done.assumed or row.done_on == done.on:
        return False
    tx.follow_ups.correct(row, done_state(row, done.on), done.on)
    rows = tx.follow_ups.of_person(row.host, row.person_id)
    waits = [
        each
        for each in rows
        if each.is_planned and each.task == row.task and each.counted_from == row.done_on
    ]
    held = held_forms(tx, row.host, row.person_id).get(row.form_type or "")
    task = next_task(desk, held, row, done.on) if held else None
    if held and task:
        planned = as_follow_up(desk, held, task, rounds(rows, held.form_id).get(row.task, 1))
        for each in waits:
            tx.follow_ups.renew(each, held.submission_id, planned)
    return True


def _remember_the_contact(tx: Transaction, row: FollowUpRow, done: Done) -> None:
    """The day of a yearly contact done as a task; whether they were reached only a form tells."""
    known = tx.persons.get(row.host, row.person_id)
    before = known.day("last_contact_on")
    if done.assumed or (before and before >= done.on):
        return
    _remember(tx, row, known, "last_contact_on", done.on)


def _remember(tx: Transaction, row: FollowUpRow, known: Person, name: str, day: date) -> None:
    at, told = datetime.combine(day, NOON, LONDON), known.facts.get(name)
    newest = max(at, datetime.fromisoformat(told.at)) if told and told.at else at
    tx.persons.keep(row.host, row.person_id, known.told(newest, **{name: day}), at)


def _agree_a_change(
    tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, done: Done
) -> None:
    """T05 to the manager; the approach carries on meanwhile (DS-19)."""
    rows = tx.follow_ups.listing(row.host, row.person_id, task="T05")
    if any(each.stands for each in rows):
        return
    held = held_forms(tx, row.host, row.person_id).get(AGREEMENT)
    case = held.case(desk, desk.today(), NOTHING_KNOWN) if held else None
    ring = lead_social_worker(as_agreement(case)) if case else ""
    days = desk.policy.tailored.change_decision_working_days
    task = change_of_approach(done.on, ring, desk.today(), desk.working, days)
    known = tx.persons.get(row.host, row.person_id)
    envelope = envelope_of(desk, row.host, row.person_id, known)
    planned = unasked(desk, row.host, cause.submission_id, envelope, task, row.id)
    planned = replace(planned, form_type=row.form_type)
    tx.follow_ups.plan(cause.submission_id, row.host, planned, cause.now)


def _end_yearly_contact(
    tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, done: Done
) -> None:
    """Nobody makes contact once a year any more, until a later form asks for it (T13, DC-35)."""
    known = tx.persons.get(row.host, row.person_id)
    _remember(tx, row, known, YEARLY_CONTACT_ENDED_ON, done.on)
    for each in tx.follow_ups.listing(row.host, row.person_id, STANDING, "T30"):
        end(tx, cause, each, FollowUpState.CANCELLED, YEARLY_CONTACT_ENDED)


_CHANGES = {"T01": _agree_a_change, "T13": _end_yearly_contact}
"""What follows where a task was completed with “change needed”."""
