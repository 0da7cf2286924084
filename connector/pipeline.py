"""From a kept delivery to what is owed: start reading here.

    translate -> validate -> decide -> plan

All four are pure. This module gathers what they need, calls them in order, and writes what came
out in one transaction, as of one moment. Whatever goes wrong with one form is settled on that
form; the next goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from connector.casework import (
    cancel_earlier,
    cancel_in_host,
    content_hash,
    keep_answers,
    place,
    record_of,
    timely,
    with_fresh_references,
)
from connector.dates import WorkingDays, london_date
from connector.errors import ConnectorError, OutOfOrder
from connector.intake import read_json
from connector.judging import REOPENED, Judged, completed_at, is_reopened, judge
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


@dataclass(frozen=True)
class _Work:
    """One delivery on the desk: its row, the open transaction, and the moment it is judged at."""

    desk: Desk
    tx: Transaction
    submission: Submission
    now: datetime

    def settle(self, state: str, *, reason: str = "", **facts: Any) -> None:
        self.tx.submissions.settle(
            self.submission.id, state, reason=reason, processed_at=self.now, **facts
        )


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
        work = _Work(desk, tx, submission, desk.now())
        translation = _translated(work, body)
        if translation.outcome is Outcome.READ:
            _take_up(work, translation.readings)
        else:
            _leave(work, translation)


def _process_safely(desk: Desk, submission_id: str) -> None:
    try:
        process(desk, submission_id)
    except OutOfOrder:
        raise
    except Exception as error:  # noqa: BLE001 - one broken form must not hold up the others
        reason = str(error) if isinstance(error, ConnectorError) else type(error).__name__
        with desk.store.transaction() as tx:
            tx.submissions.settle(submission_id, "broken", reason=reason, processed_at=desk.now())
        _log.error("submission broken", submission=submission_id, exc_info=error)


def _translated(work: _Work, body: bytes) -> Translation:
    host = work.submission.host
    profile = work.desk.configuration.hosts.get(host)
    if profile is None:
        return Translation(Outcome.UNMAPPED, f"There is no folder for the host {host}.")
    return translate(profile, read_json(body))


def _leave(work: _Work, translation: Translation) -> None:
    """No form of ours, or one that nobody has mapped yet: kept, and shown to IT."""
    work.settle(translation.outcome, reason=translation.reason)
    level = _log.warning if translation.outcome is Outcome.UNMAPPED else _log.info
    level("submission not read", submission=work.submission.id, state=translation.outcome)


def _take_up(work: _Work, readings: Sequence[Reading]) -> None:
    """Apply a form whose turn it is; set aside one that changes nothing."""
    first = readings[0]
    if is_reopened(first):
        _set_aside(work, first, "ignored", REOPENED)
        return
    content = content_hash(readings)
    placed = place(work.tx, work.submission, first, content, work.desk.configuration.hash)
    if placed.kind == "new":
        _apply(work, readings, placed, content)
        return
    reasons = {
        "duplicate": f"The same form and version came as {placed.same_as}.",
        "outdated": "A later version of this form was processed already.",
    }
    _set_aside(
        work,
        first,
        placed.kind,
        reasons[placed.kind],
        version=placed.version,
        content_sha256=content,
        completed_at=completed_at(first),
    )


def _set_aside(work: _Work, reading: Reading, state: str, reason: str, **facts: Any) -> None:
    form_id = reading.values.get("submission_id")
    work.settle(state, reason=reason, form_type=reading.form_type, form_id=form_id, **facts)
    _log.info("submission set aside", submission=work.submission.id, state=state)


def _apply(work: _Work, readings: Sequence[Reading], placed: Arrival, content: str) -> None:
    """Decide for each person on the form, and owe the host what is asked for."""
    judged = [_judged(work, reading, placed) for reading in readings]
    for each, reading in zip(judged, readings, strict=True):
        _owe(work, each, placed)
        keep_answers(work.tx, work.submission, each, reading, placed, work.now)
    decision, envelope = judged[0].decision, judged[0].form.envelope
    work.settle(
        "processed",
        form_type=decision.form_type,
        form_id=envelope.submission_id,
        version=placed.version,
        ordinal=placed.ordinal,
        content_sha256=content,
        person_ids=[each.form.envelope.person_id or "" for each in judged],
        completed_at=envelope.completed_at,
        as_of=london_date(work.now),
        status=decision.status,
        line=decision.line,
        problems=decision.problems,
        configuration_hash=work.desk.configuration.hash,
    )
    _log.info("submission processed", submission=work.submission.id, status=decision.status)


def _judged(work: _Work, reading: Reading, placed: Arrival) -> Judged:
    """Validated and decided, in the light of what is known of the person."""
    record = record_of(work.tx, work.submission.host, reading, placed)
    extra = (UNANNOUNCED,) if placed.unannounced else ()
    policy = work.desk.configuration.policy
    return judge(reading, policy, work.desk.working, work.now, record, *extra)


def _owe(work: _Work, judged: Judged, placed: Arrival) -> None:
    """Effects at once, follow-ups for their day; those whose day it is become effects too."""
    tx, submission, now = work.tx, work.submission, work.now
    occasion = _occasion(work, placed)
    planned = with_fresh_references(tx, submission, _planned(judged, placed, occasion))
    cancel_earlier(tx, submission, judged, planned, now)
    cancel_in_host(tx, submission, judged, planned, occasion, now)
    for effect in planned.effects:
        tx.effects.add(submission.id, submission.host, effect, now=now)
    for follow_up in timely(tx, submission, judged, planned, now):
        if not tx.follow_ups.plan(submission.id, submission.host, follow_up, now):
            tx.follow_ups.renew(submission.id, follow_up)
    for row in tx.follow_ups.opening_for(submission.id, london_date(now)):
        tx.follow_ups.open_as_effect(row, tx.effects, now)


def _occasion(work: _Work, placed: Arrival) -> Occasion:
    return Occasion(
        host=work.submission.host,
        submission_id=work.submission.id,
        version=placed.version,
        ordinal=placed.ordinal,
        as_of=london_date(work.now),
        due_time=work.desk.configuration.policy.dates.due_time,
    )


def _planned(judged: Judged, placed: Arrival, occasion: Occasion) -> Plan:
    form, decision = judged.form, judged.decision
    summary = None
    if decision.attaches_summary:
        summary = summarise(
            form,
            decision,
            reference=occasion.submission_id,
            ordinal=placed.ordinal,
            replaces=placed.replaces,
        )
    return plan(form, decision, summary, occasion)
