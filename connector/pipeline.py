"""From a kept delivery to what is owed: start reading here.

    translate -> validate -> decide -> plan

All four are pure. This module gathers what they need, calls them in order, and writes what came
out in one transaction. Whatever goes wrong with one form is settled on that form; the next goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from connector.casework import (
    cancel_earlier,
    completed_at,
    content_hash,
    keep_answers,
    place,
    record_of,
)
from connector.dates import WorkingDays, london_date
from connector.errors import ConnectorError, OutOfOrder
from connector.intake.payload import read_json
from connector.judging import Judged, judge
from connector.mapping import Outcome, Translation, translate
from connector.model import Problem, Reading, Severity
from connector.plan import Occasion, Plan, plan
from connector.profiles import Configuration
from connector.store import Store, Transaction
from connector.store.submission_row import Submission
from connector.summary import summarise
from connector.versions import Arrival

BATCH = 50
UNANNOUNCED = Problem(
    "EN-09", Severity.WARNING, "The answers changed, but the form's version did not."
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """What processing needs: the store, the council's configuration, the calendar, the time."""

    store: Store
    configuration: Configuration
    working: WorkingDays
    now: Callable[[], datetime]


def process_waiting(desk: Desk) -> int:
    """Work through what was received and not yet understood; how many were settled."""
    with desk.store.transaction() as tx:
        waiting = tx.submissions.waiting(BATCH)
    for submission_id in waiting:
        _process_safely(desk, submission_id)
    return len(waiting)


def process(desk: Desk, submission_id: str) -> None:
    """Understand one delivery and write down what it asks for, all of it or nothing.

    Raises KeyProblem where its body does not open, OutOfOrder where the database does not answer.
    """
    with desk.store.transaction() as tx:
        submission = tx.submissions.get(submission_id)
        body = tx.submissions.body(submission_id)
        if submission is None or body is None:
            return
        translation = _translated(desk, submission, body)
        if translation.outcome is Outcome.READ:
            _settle_form(desk, tx, submission, translation)
        else:
            _settle_unread(desk, tx, submission, translation)


def _process_safely(desk: Desk, submission_id: str) -> None:
    try:
        process(desk, submission_id)
    except OutOfOrder:
        raise
    except Exception as error:  # noqa: BLE001 - one broken form must not hold up the others
        reason = str(error) if isinstance(error, ConnectorError) else type(error).__name__
        with desk.store.transaction() as tx:
            tx.submissions.settle(submission_id, "broken", reason=reason, processed_at=desk.now())
        _log.error("submission broken", submission=submission_id, error=type(error).__name__)


def _translated(desk: Desk, submission: Submission, body: bytes) -> Translation:
    profile = desk.configuration.hosts.get(submission.host)
    if profile is None:
        return Translation(Outcome.UNMAPPED, f"There is no folder for the host {submission.host}.")
    return translate(profile, read_json(body))


def _settle_unread(
    desk: Desk, tx: Transaction, submission: Submission, translation: Translation
) -> None:
    tx.submissions.settle(
        submission.id,
        translation.outcome,
        reason=translation.reason,
        processed_at=desk.now(),
        configuration_hash=desk.configuration.hash,
    )
    level = _log.warning if translation.outcome == "unmapped" else _log.info
    level("submission not read", submission=submission.id, state=translation.outcome)


def _settle_form(
    desk: Desk, tx: Transaction, submission: Submission, translation: Translation
) -> None:
    first = translation.readings[0]
    if first.values.get("form_status") == "reopened":
        _settle_reopened(desk, tx, submission, first)
        return
    content = content_hash(translation.readings)
    placed = place(tx, submission, first, content, desk.configuration.hash)
    if placed.kind == "new":
        _apply(desk, tx, submission, translation.readings, placed, content)
    else:
        _set_aside(desk, tx, submission, first, placed, content)


def _settle_reopened(desk: Desk, tx: Transaction, submission: Submission, reading: Reading) -> None:
    """A form that is being written again: nothing new until it is completed (domain 1.10)."""
    tx.submissions.settle(
        submission.id,
        "ignored",
        reason="The form was opened again; the next completion counts.",
        processed_at=desk.now(),
        form_type=reading.form_type,
        form_id=reading.values.get("submission_id"),
        configuration_hash=desk.configuration.hash,
    )


def _set_aside(
    desk: Desk,
    tx: Transaction,
    submission: Submission,
    reading: Reading,
    placed: Arrival,
    content: str,
) -> None:
    reasons = {
        "duplicate": f"The same form and version came as {placed.same_as}.",
        "outdated": "A later version of this form was processed already.",
    }
    tx.submissions.settle(
        submission.id,
        placed.kind,
        reason=reasons[placed.kind],
        processed_at=desk.now(),
        form_type=reading.form_type,
        form_id=reading.values.get("submission_id"),
        version=placed.version,
        content_sha256=content,
        completed_at=completed_at(reading),
        configuration_hash=desk.configuration.hash,
    )
    _log.info("submission set aside", submission=submission.id, state=placed.kind)


def _apply(
    desk: Desk,
    tx: Transaction,
    submission: Submission,
    readings: Sequence[Reading],
    placed: Arrival,
    content: str,
) -> None:
    """Decide for each person on the form, and owe the host what is asked for."""
    now = desk.now()
    judged = [_decided(desk, tx, submission, reading, placed) for reading in readings]
    for each, reading in zip(judged, readings, strict=True):
        _owe(desk, tx, submission, each, placed)
        keep_answers(tx, submission, each, reading, placed, now)
    first = judged[0]
    envelope = first.form.envelope
    tx.submissions.settle(
        submission.id,
        "processed",
        processed_at=now,
        form_type=first.decision.form_type,
        form_id=envelope.submission_id,
        version=placed.version,
        ordinal=placed.ordinal,
        content_sha256=content,
        person_ids=[each.form.envelope.person_id or "" for each in judged],
        completed_at=envelope.completed_at,
        as_of=london_date(now),
        status=first.decision.status,
        line=first.decision.line,
        problems=first.decision.problems,
        configuration_hash=desk.configuration.hash,
    )
    _log.info("submission processed", submission=submission.id, status=first.decision.status)


def _decided(
    desk: Desk, tx: Transaction, submission: Submission, reading: Reading, placed: Arrival
) -> Judged:
    record = record_of(tx, submission.host, reading, placed)
    extra = (UNANNOUNCED,) if placed.unannounced else ()
    policy = desk.configuration.policy
    return judge(reading, policy, desk.working, desk.now(), record, *extra)


def _owe(
    desk: Desk, tx: Transaction, submission: Submission, judged: Judged, placed: Arrival
) -> None:
    now = desk.now()
    occasion = Occasion(
        host=submission.host,
        submission_id=submission.id,
        version=placed.version,
        ordinal=placed.ordinal,
        as_of=london_date(now),
        due_time=desk.configuration.policy.dates.due_time,
    )
    planned = _planned(judged, occasion, placed)
    cancel_earlier(tx, submission, judged, planned, now)
    for effect in planned.effects:
        tx.effects.add(submission.id, submission.host, effect, now=now)
    for follow_up in planned.follow_ups:
        if not tx.follow_ups.plan(submission.id, submission.host, follow_up, now):
            tx.follow_ups.renew(submission.id, follow_up)
    for row in tx.follow_ups.opening_for(submission.id, occasion.as_of):
        tx.follow_ups.open_as_effect(row, tx.effects, now)


def _planned(judged: Judged, occasion: Occasion, placed: Arrival) -> Plan:
    form, decision = judged.form, judged.decision
    summary = (
        summarise(
            form,
            decision,
            reference=occasion.submission_id,
            ordinal=placed.ordinal,
            replaces=placed.replaces,
        )
        if decision.attaches_summary
        else None
    )
    return plan(form, decision, summary, occasion)
