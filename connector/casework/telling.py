"""What an event of the host changes about the follow-ups (1.10): one short function for each."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from connector.casework.deaths import death_corrected, person_died
from connector.casework.desk import Desk
from connector.casework.finishing import Done, cancelled_in_host, finish
from connector.casework.form_events import form_reopened, form_withdrawn
from connector.casework.knowing import HeldForm, held_forms
from connector.casework.merging import merge
from connector.casework.moving import say_less
from connector.casework.occasions import envelope_of, unasked
from connector.casework.responsibility import (
    move_open,
    moved_by_hand,
    moved_by_us,
    roles_changed,
)
from connector.casework.told import NOTHING_NEW, Told
from connector.events import Event, EventKind
from connector.model import CompletedForm, Inbox
from connector.people import ROLES
from connector.policy.case import NOTHING_KNOWN, Case
from connector.policy.placing import placed as placed_task
from connector.policy.returner import support_requested
from connector.store import Transaction
from connector.store.follow_up_row import IN_AN_INBOX, FollowUpRow
from connector.store.submission_row import Submission
from schemas import Post21Assessment

OUR_OWN = "It tells what the connector itself did."
NOT_OURS = "It is about a task the connector did not make."
MAY_BE_OURS = timedelta(minutes=10)


def apply_event(tx: Transaction, desk: Desk, submission: Submission, event: Event) -> str | None:
    """Change what an event changes: "" where it did, else why there was nothing to change.

    None: it names a task that may be ours and is not known to be there yet; ask again later.
    Raises KeyProblem.
    """
    person = tx.persons.current_id(submission.host, event.person_id or "")
    return TELLING[event.kind](Told(tx, desk, submission, event, person))


def _task(told: Told) -> FollowUpRow | None:
    event, tx = told.event, told.tx
    if event.task_reference and (row := tx.follow_ups.by_reference(event.task_reference)):
        return row
    effect = tx.effects.by_remote_id(told.host, event.task_id) if event.task_id else None
    return tx.follow_ups.by_reference(effect.reference) if effect else None


def _unknown_task(told: Told) -> str | None:
    """An event can overtake the host's answer that tells us the id of a task."""
    young = told.desk.now() - told.submission.received_at < MAY_BE_OURS
    return None if young and told.tx.effects.unsure_of_tasks(told.host) else NOT_OURS


def _task_completed(told: Told) -> str | None:
    row = _task(told)
    if row is None:
        return _unknown_task(told)
    done = Done(told.on, told.event.result)
    return "" if finish(told.tx, told.desk, told.cause, row, done) else NOTHING_NEW


def _task_cancelled(told: Told) -> str | None:
    row = _task(told)
    if row is None:
        return _unknown_task(told)
    ours = not cancelled_in_host(told.tx, told.desk, told.cause, row, told.on)
    return NOTHING_NEW if ours else ""


def _task_reassigned(told: Told) -> str | None:
    """What people decide in the host stands; what we did ourselves is known."""
    row = _task(told)
    if row is None:
        return _unknown_task(told)
    inbox = row.inbox if told.event.worker_id else Inbox.TEAM
    assignee = told.event.worker_id or told.event.team_id
    if moved_by_us(told.tx, row, assignee, told.event.occurred_at, told.desk.now()):
        return OUR_OWN
    return "" if moved_by_hand(told.tx, row, inbox, assignee) else NOTHING_NEW


def _roles_changed(told: Told) -> str:
    event, tx = told.event, told.tx
    before = tx.persons.get(told.host, told.person_id)
    said = {name: getattr(event, name) for name in ROLES if getattr(event, name)}
    back = bool(event.worker_id and _is_back(told, event.worker_id))
    if event.worker_id:
        said["worker_active"] = True
    after = before.told(told.until, "", told.came_at, **said)
    tx.persons.keep(told.host, told.person_id, after, told.desk.now())
    roles_changed(tx, told.desk, told.host, told.person_id, before, after, told.submission.id)
    if back:
        move_open(tx, told.desk, told.host, told.person_id, after, told.submission.id)
    return ""


def _is_back(told: Told, worker_id: str) -> bool:
    """Whether somebody who had left is named as a worker again."""
    return told.tx.persons.worker_is_back(told.host, worker_id, told.event.occurred_at)


def _worker_left(told: Told) -> str:
    """Whatever a leaver has open goes to the next rung, and somebody is told (R12)."""
    event, tx = told.event, told.tx
    tx.persons.worker_left(told.host, event.worker_id or "", event.occurred_at)
    rows = tx.follow_ups.assigned_to(told.host, event.worker_id or "")
    for person_id in dict.fromkeys(row.person_id for row in rows):
        known = tx.persons.get(told.host, person_id)
        move_open(tx, told.desk, told.host, person_id, known, told.submission.id)
    return "" if rows else NOTHING_NEW


def _person_merged(told: Told) -> str:
    into = told.tx.persons.current_id(told.host, told.event.new_person_id or "")
    if into == told.person_id:
        return NOTHING_NEW
    merge(told.tx, told.desk, told.cause, told.person_id, into)
    return ""


def _person_restricted(told: Told) -> str:
    tx, event = told.tx, told.event
    known = tx.persons.get(told.host, told.person_id)
    restricted = event.restricted if event.restricted is not None else True
    after = known.told(told.until, "", told.came_at, restricted=restricted)
    tx.persons.keep(told.host, told.person_id, after, told.desk.now())
    if after.is_true("restricted") and not known.is_true("restricted"):
        for row in tx.follow_ups.listing(told.host, told.person_id, IN_AN_INBOX):
            say_less(tx, told.desk, row, told.submission.id)
    return ""


def _support_requested(told: Told) -> str:
    """T09, once at a time (DC-05, DC-07)."""
    tx, desk, event = told.tx, told.desk, told.event
    rows = tx.follow_ups.of_person(told.host, told.person_id)
    mine = [each for each in rows if each.task in {"T09", "T32"}]
    known = tx.persons.get(told.host, told.person_id)
    if any(each.stands for each in mine) or known.deceased:
        return NOTHING_NEW
    asked = event.requested_on or told.on
    pa = event.previous_pa_id
    there = pa if pa and not tx.persons.has_left(told.host, pa) else None
    held = held_forms(tx, told.host, told.person_id)
    envelope = envelope_of(desk, told.host, told.person_id, known)
    born = next((b for b in map(_born, held.values()) if b), known.day("date_of_birth"))
    asking = replace(envelope, date_of_birth=born, completed_at=event.occurred_at)
    form = CompletedForm(asking, Post21Assessment())
    case = Case(form, desk.policy, desk.working, desk.today(), NOTHING_KNOWN)
    task = placed_task(case, support_requested(case, asked, there))
    key = f"request#{len(mine) + 1}"
    planned = unasked(desk, told.host, told.submission.id, envelope, task, key)
    tx.follow_ups.plan(told.submission.id, told.host, planned, desk.now())
    return ""


def _born(held: HeldForm) -> date | None:
    typed = held.reading.values.get("date_of_birth")
    return date.fromisoformat(str(typed)) if typed else None


TELLING: Mapping[EventKind, Callable[[Told], str | None]] = {
    EventKind.TASK_COMPLETED: _task_completed,
    EventKind.TASK_CANCELLED: _task_cancelled,
    EventKind.TASK_REASSIGNED: _task_reassigned,
    EventKind.ROLES_CHANGED: _roles_changed,
    EventKind.WORKER_LEFT: _worker_left,
    EventKind.PERSON_DIED: person_died,
    EventKind.DEATH_CORRECTED: death_corrected,
    EventKind.PERSON_MERGED: _person_merged,
    EventKind.PERSON_RESTRICTED: _person_restricted,
    EventKind.FORM_REOPENED: form_reopened,
    EventKind.FORM_WITHDRAWN: form_withdrawn,
    EventKind.SUPPORT_REQUESTED: _support_requested,
}
