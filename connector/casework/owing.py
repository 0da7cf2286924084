"""What a judged form owes the host: its writes now, its tasks on their day, and what it changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from connector.amending import as_it_stands, what_changed
from connector.casework.changing import Cause, apply, texts_of
from connector.casework.contacts_told import told_of_contacts
from connector.casework.desk import Desk
from connector.casework.knowing import (
    HeldForm,
    held_forms,
    is_overtaken,
    keep_answers,
    later_forms,
    rounds,
)
from connector.casework.last_word import say_what_stands, supersede
from connector.casework.moving import follow_changes
from connector.casework.opening import open_follow_up
from connector.casework.rejudging import asked_for, rejudged
from connector.casework.responsibility import follow_roles
from connector.casework.standpoint import Placed, Standpoint, judged_from
from connector.casework.turning import end_the_agreement
from connector.comparing import Change, Comparison
from connector.judging import Judged, applied, done_actions, done_on
from connector.people import told_by_form
from connector.plan import Occasion, Plan, form_id_of, plan
from connector.policy.stops import AGREEMENT, ASKED_ANEW, SERIES
from connector.store import Transaction
from connector.summary import summarise


def take_up(tx: Transaction, desk: Desk, placed: Placed) -> Judged:
    """Judge one person's form in the light of what is known, and owe what it asks for."""
    submission, host = placed.submission, placed.submission.host
    now, person = desk.now(), placed.person_id
    at = Standpoint(
        held_forms(tx, host, person),
        tx.follow_ups.of_person(host, person),
        tx.persons.get(host, person),
    )
    judged = judged_from(desk, placed, at)
    right_person = judged.decision.writes_record
    if not placed.runs_again and not placed.held_as:
        tx.persons.thaw(host, placed.form_id)
    judged, changes = _owe(tx, desk, placed, judged, at)
    came_with = placed.held_as or submission.id
    keep_answers(tx, host, came_with, judged, placed.reading, placed.arrival.ordinal, at.held, now)
    if _is_closed(judged, at):
        end_the_agreement(tx, desk, host, person)
    if right_person and person:
        _learn(tx, desk, placed, judged, at)
    _carry_over(tx, desk, placed, judged, at, changes)
    for row in tx.follow_ups.opening_for(submission.id, desk.today()):
        open_follow_up(tx, desk, row)
    return judged


def _is_closed(judged: Judged, at: Standpoint) -> bool:
    """Whether this form closes the case, or a later one that is held has closed it."""
    envelope = judged.form.envelope
    later = later_forms(at.held, envelope.submission_id or "", envelope.completed_at)
    return applied(judged).closes or any(each.closes for each in later)


def _owe(
    tx: Transaction, desk: Desk, placed: Placed, judged: Judged, at: Standpoint
) -> tuple[Judged, tuple[Change, ...]]:
    """The tasks first, so that the record and the note can say how they stand."""
    submission, now = placed.submission, desk.now()
    cause = Cause(submission.id, submission.host, now, placed.form_id, done_on(judged))
    occasion = _occasion(desk, placed, at)
    form_id = form_id_of(judged.form, submission.id)
    wanted = plan(judged.form, judged.decision, None, occasion).follow_ups
    case = Comparison(
        form_id=form_id,
        applied=applied(judged),
        completed_at=judged.form.envelope.completed_at,
        wanted=wanted,
        standing=at.rows,
        texts=texts_of(tx, at.rows, form_id),
        later=later_forms(at.held, form_id, judged.form.envelope.completed_at),
        later_agreement=_id_of(at.held.get(AGREEMENT)),
        runs_again=placed.runs_again,
        done=done_actions(judged, form_id),
        right_person=judged.decision.writes_record,
    )
    changes = apply(tx, cause, at.rows, case)
    follow_changes(tx, desk, cause, at.rows, changes, at.known)
    judged = replace(judged, decision=as_it_stands(judged.decision, changes))
    effects = _writes(placed, judged, occasion, changes).effects
    if effects:
        supersede(tx, desk, judged, form_id, at.held, submission.id)
    added = [tx.effects.add(submission.id, submission.host, each, now=now) for each in effects]
    if any(added):
        say_what_stands(tx, desk, judged, form_id, at.held, submission.id)
    return judged, changes


def _writes(placed: Placed, judged: Judged, occasion: Occasion, changes: Sequence[Change]) -> Plan:
    form, decision, arrival = judged.form, judged.decision, placed.arrival
    summary = None
    if decision.attaches_summary:
        summary = summarise(
            form,
            decision,
            reference=placed.submission.id,
            ordinal=arrival.ordinal,
            replaces=arrival.replaces,
            changes=what_changed(changes),
        )
    return plan(form, decision, summary, occasion)


def _occasion(desk: Desk, placed: Placed, at: Standpoint) -> Occasion:
    """What is still wrong in a later version is asked for again, though it was called done."""
    again = SERIES if placed.runs_again else SERIES | ASKED_ANEW
    return Occasion(
        host=placed.submission.host,
        submission_id=placed.submission.id,
        version=placed.arrival.version,
        ordinal=placed.arrival.ordinal,
        as_of=desk.today(),
        due_time=desk.policy.dates.due_time,
        rounds=rounds(at.rows, placed.form_id, again),
    )


def _id_of(held: HeldForm | None) -> str | None:
    return held.form_id if held else None


def _learn(tx: Transaction, desk: Desk, placed: Placed, judged: Judged, at: Standpoint) -> None:
    """Keep what the form says of roles and death; open tasks move to a new worker."""
    envelope, host = judged.form.envelope, placed.submission.host
    moment: datetime = envelope.completed_at or desk.now()
    learned = told_by_form(at.known, envelope, moment, desk.came_at(placed.submission))
    after = told_of_contacts(learned, judged, moment)
    if after == at.known:
        return
    if after.deceased and not at.known.deceased:
        tx.answers.renew(host, placed.person_id, desk.now())
    tx.persons.keep(host, placed.person_id, after, desk.now())
    if at.known.facts:
        follow_roles(tx, desk, host, placed.person_id, at.known, after, placed.submission.id)


def _carry_over(
    tx: Transaction,
    desk: Desk,
    placed: Placed,
    judged: Judged,
    at: Standpoint,
    changes: Sequence[Change],
) -> None:
    """An agreement that came late hands its clocks to the later one, as if it had come in time."""
    later = at.held.get(AGREEMENT)
    passed = any(each.way == "passed over" for each in changes)
    completed = judged.form.envelope.completed_at
    late = later is not None and is_overtaken(later, placed.form_id, completed)
    if later is None or not passed or not late:
        return
    rows = tx.follow_ups.of_person(later.host, later.person_id)
    again = rejudged(desk, later, at.held, rows, at.known)
    wanted = asked_for(desk, later, again, rows)
    case = Comparison(
        form_id=later.form_id,
        applied=applied(again),
        completed_at=later.completed_at,
        wanted=[each for each in wanted if each.task.task in SERIES],
        standing=[row for row in rows if row.task in SERIES],
        runs_again=True,
    )
    cause = Cause(later.submission_id, later.host, desk.now(), later.form_id)
    follow_changes(tx, desk, cause, rows, apply(tx, cause, rows, case), at.known)
