"""From a kept delivery to what is owed: start reading here.

    translate -> validate -> decide -> plan

All four are pure. This module gathers what they need, calls them in order, and writes what came
out in one transaction. Whatever goes wrong with one form is settled on that form; the next goes on.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from connector.dates import WorkingDays, london_date
from connector.errors import ConnectorError
from connector.intake.payload import read_json
from connector.mapping import Outcome, Translation, translate
from connector.model import CompletedForm, Decision, PersonRecord, Problem, Reading, Severity
from connector.plan import Occasion, Plan, plan
from connector.policy import decide
from connector.policy.settings import PolicySettings
from connector.profiles import Configuration
from connector.store import Store, Transaction
from connector.store.submission_row import Submission
from connector.summary import summarise
from connector.validation import validate, with_problems
from connector.versions import Arrival, arrival

BATCH = 50
TOOK_EFFECT = {
    "tailored_support_agreement": {"tailored_support_active", "criteria_no_longer_met"},
    "post_21_assessment": {"open", "awaiting_manager", "closure_planned", "closed_annual_contact"},
}
"""The statuses under which a form takes the place of the earlier one of its kind (DS-20, R8)."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Desk:
    """What processing needs: the store, the council's configuration, the calendar, the time."""

    store: Store
    configuration: Configuration
    working: WorkingDays
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Judged:
    """One person's form, and what the rules ask for."""

    form: CompletedForm
    decision: Decision


def judge(
    reading: Reading,
    settings: PolicySettings,
    working: WorkingDays,
    as_of: datetime,
    record: PersonRecord,
    *extra: Problem,
) -> Judged:
    """Validate and decide, for one person, processed at `as_of`."""
    day = london_date(as_of)
    form = with_problems(validate(reading, day), *extra)
    return Judged(form, decide(form, settings, working, day, record))


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
    except OSError:
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
    content = _content_hash(translation.readings)
    placed = _placed(desk, tx, submission, first, content)
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
        form_id=_text(reading, "submission_id"),
        configuration_hash=desk.configuration.hash,
    )


def _placed(
    desk: Desk, tx: Transaction, submission: Submission, reading: Reading, content: str
) -> Arrival:
    """Where this delivery stands among the versions of its form; a replay keeps its place."""
    form_id = str(reading.values.get("submission_id") or submission.id)
    version = str(reading.values.get("submission_version") or "1")
    completed = _completed_at(reading)
    held = [
        each
        for each in tx.submissions.revisions(submission.host, form_id)
        if each.submission_id != submission.id
    ]
    as_before = (
        submission.content_sha256 == content
        and submission.configuration_hash == desk.configuration.hash
    )
    if submission.ordinal and submission.version and as_before:
        ordinal = submission.ordinal
        return Arrival("new", submission.version, ordinal, replaces=ordinal - 1 or None)
    placed = arrival(held, version, content, completed)
    return _again(submission, placed) if submission.ordinal and placed.kind == "new" else placed


def _again(submission: Submission, placed: Arrival) -> Arrival:
    """Run again under another mapping: a new version of ours, so that the record is put right."""
    ordinal = max(placed.ordinal, (submission.ordinal or 0) + 1)
    return replace(
        placed, version=f"{placed.version}~r{ordinal}", ordinal=ordinal, replaces=ordinal - 1
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
        form_id=_text(reading, "submission_id"),
        version=placed.version,
        content_sha256=content,
        completed_at=_completed_at(reading),
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
        _keep_answers(tx, submission, each, reading, placed, now)
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
    record = _record(tx, submission.host, reading, placed)
    extra = (UNANNOUNCED,) if placed.unannounced else ()
    policy = desk.configuration.policy
    return judge(reading, policy, desk.working, desk.now(), record, *extra)


UNANNOUNCED = Problem(
    "EN-09", Severity.WARNING, "The answers changed, but the form's version did not."
)


def _record(tx: Transaction, host: str, reading: Reading, placed: Arrival) -> PersonRecord:
    """What earlier forms of this person led to."""
    person_id = _text(reading, "person_id") or ""
    agreement = tx.answers.get(host, person_id, "tailored_support_agreement")
    assessment = tx.answers.get(host, person_id, "post_21_assessment")
    status = assessment.content.get("status") if assessment else None
    return PersonRecord(
        active_agreement=bool(
            agreement and agreement.content.get("status") == "tailored_support_active"
        ),
        case_open=status != "closed_annual_contact" if status else None,
        replaces_version=placed.replaces,
    )


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
    _cancel_earlier(tx, submission, judged, planned, now)
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


def _cancel_earlier(
    tx: Transaction, submission: Submission, judged: Judged, planned: Plan, now: datetime
) -> None:
    """What still waits from earlier forms, where this one takes its place (R5, R8, DS-20)."""
    decision, host = judged.decision, submission.host
    person_id = judged.form.envelope.person_id or ""
    keep = [each.reference for each in planned.follow_ups]
    reason = f"replaced by {submission.id}"
    if decision.cancels_open_tasks and decision.status != "withdrawn":
        tx.follow_ups.cancel_person(host, person_id, reason, now, keep=keep)
    elif decision.status == "withdrawn" or _took_effect(decision):
        tx.follow_ups.cancel_person(
            host, person_id, reason, now, keep=keep, form_type=decision.form_type
        )
    if decision.form_type == "post_21_assessment" and decision.attaches_summary:
        tx.follow_ups.cancel_task(host, person_id, "T08", f"assessed in {submission.id}")


def _took_effect(decision: Decision) -> bool:
    return decision.status in TOOK_EFFECT[decision.form_type]


def _keep_answers(
    tx: Transaction,
    submission: Submission,
    judged: Judged,
    reading: Reading,
    placed: Arrival,
    now: datetime,
) -> None:
    """The newest answers, with the last status that took effect (whom to ring, what changed)."""
    person_id, decision = judged.form.envelope.person_id, judged.decision
    if not person_id:
        return
    held = tx.answers.get(submission.host, person_id, reading.form_type)
    before = held.content.get("status") if held and decision.status != "withdrawn" else None
    tx.answers.keep(
        submission.host,
        person_id,
        reading.form_type,
        submission_id=submission.id,
        ordinal=placed.ordinal,
        content={
            "values": dict(reading.values),
            "status": decision.status if _took_effect(decision) else before,
        },
        kept_at=now,
    )


def _content_hash(readings: Sequence[Reading]) -> str:
    values = [dict(reading.values) for reading in readings]
    faults = [[fault.field, fault.typed] for reading in readings for fault in reading.faults]
    return hashlib.sha256(json.dumps([values, faults], sort_keys=True).encode()).hexdigest()


def _completed_at(reading: Reading) -> datetime | None:
    typed = reading.values.get("completed_at")
    return datetime.fromisoformat(typed) if typed else None


def _text(reading: Reading, field: str) -> str | None:
    value = reading.values.get(field)
    return None if value is None else str(value)
