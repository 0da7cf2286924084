"""What earlier forms of a young person led to, and what a new one changes about it.

Gathers for the rules what the store knows, and keeps what later forms will ask for.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from connector.dates import london_date
from connector.judging import Judged, completed_at
from connector.model import Decision, FollowUp, PersonRecord, Reading
from connector.plan import Occasion, Plan, cancellation, form_id_of, once_more
from connector.store import Transaction
from connector.store.effect_row import EffectRow, EffectState
from connector.store.submission_row import Submission
from connector.versions import Arrival, arrival

TOOK_EFFECT = {
    "tailored_support_agreement": {"tailored_support_active", "criteria_no_longer_met"},
    "post_21_assessment": {"open", "awaiting_manager", "closure_planned", "closed_annual_contact"},
}
"""The statuses under which a form takes the place of the earlier one of its kind (DS-20, R8)."""


NO_LONGER_NEEDED = "No longer needed."
REASONS = {
    "withdrawn": "The form this task came from was withdrawn.",
    "closed_annual_contact": "The case was closed.",
}
"""What the host is told of a task that is taken back; of a death, and of all else, no more than
that it is no longer needed."""


def place(
    tx: Transaction, submission: Submission, reading: Reading, content: str, configuration: str
) -> Arrival:
    """Where this delivery stands among the versions of its form; a replay keeps its place."""
    form_id = str(reading.values.get("submission_id") or submission.id)
    version = str(reading.values.get("submission_version") or "1")
    held = [
        each
        for each in tx.submissions.revisions(submission.host, form_id)
        if each.submission_id != submission.id
    ]
    placed = arrival(held, version, content, completed_at(reading))
    if not submission.ordinal or not submission.version:
        return placed
    if any((each.ordinal or 0) > submission.ordinal for each in held):
        return Arrival("outdated", submission.version, submission.ordinal)
    before = (submission.content_sha256, submission.configuration_hash)
    if before == (content, configuration):
        replaces = submission.ordinal - 1 or None
        return Arrival("new", submission.version, submission.ordinal, replaces)
    return _again(placed, submission.ordinal) if placed.kind == "new" else placed


def _again(placed: Arrival, before: int) -> Arrival:
    """Run again under another mapping: a new version of ours, so that the record is put right."""
    ordinal = max(placed.ordinal, before + 1)
    return replace(
        placed, version=f"{placed.version}~r{ordinal}", ordinal=ordinal, replaces=ordinal - 1
    )


def record_of(tx: Transaction, host: str, reading: Reading, placed: Arrival) -> PersonRecord:
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


def cancel_earlier(
    tx: Transaction, submission: Submission, judged: Judged, planned: Plan, now: datetime
) -> None:
    """What still waits from earlier forms, where this one takes its place (R5, R8, DS-20).

    A form that is withdrawn or overtaken ends its own tasks only.
    """
    decision, envelope = judged.decision, judged.form.envelope
    host, person_id = submission.host, envelope.person_id or ""
    keep = [each.reference for each in planned.follow_ups]
    reason = f"replaced by {submission.id}"
    cancel = partial(tx.follow_ups.cancel_person, host, person_id, reason, now, keep=keep)
    if decision.status == "withdrawn" or is_overtaken(tx, submission, judged):
        cancel(form_type=decision.form_type, form_id=form_id_of(judged.form, submission.id))
    elif decision.cancels_open_tasks:
        cancel()
    elif _took_effect(decision):
        cancel(form_type=decision.form_type)
    if decision.form_type == "post_21_assessment" and decision.attaches_summary:
        tx.follow_ups.cancel_task(host, person_id, "T08", f"assessed in {submission.id}")


def cancel_in_host(
    tx: Transaction,
    submission: Submission,
    judged: Judged,
    planned: Plan,
    occasion: Occasion,
    now: datetime,
) -> None:
    """Take back the tasks of a person who died or whose case is closed, or of a withdrawn form.

    What was never sent never will be; what is or may be in the host is cancelled there (R5, R8).
    """
    decision, form = judged.decision, judged.form
    person_id = form.envelope.person_id
    if not decision.cancels_open_tasks or not person_id:
        return
    own: dict[str, str] = {}
    if decision.status == "withdrawn" or is_overtaken(tx, submission, judged):
        own = {"form_type": decision.form_type, "form_id": form_id_of(form, submission.id)}
    keep = [each.reference for each in planned.follow_ups]
    told, why = REASONS.get(decision.status, NO_LONGER_NEEDED), f"replaced by {submission.id}"
    for row in tx.effects.tasks_of(submission.host, person_id, keep, **own):
        if row.last_sent is not None or row.state is EffectState.CONFIRMED:
            owed = cancellation(form, occasion, row.step, row.reference, _there(row, told, now))
            tx.effects.add(submission.id, submission.host, owed, now=now)
        if row.state is not EffectState.CONFIRMED:
            tx.effects.cancel(row, told, now)
        tx.follow_ups.take_back(row.reference, f"{why} ({now.date().isoformat()})")


def _there(row: EffectRow, reason: str, now: datetime) -> Mapping[str, Any]:
    """What the cancellation of a task has to know; until when a request of it may be on its way."""
    on_its_way = row.lease_until if row.state is EffectState.INTENT else None
    return {
        "task_effect": row.id,
        "remote_id": row.remote_id,
        "reason": reason,
        "sent_until": max(now, on_its_way or now).isoformat(),
    }


def with_fresh_references(tx: Transaction, submission: Submission, planned: Plan) -> Plan:
    """A task that was taken back, and is wanted again by a later form, is a new one in the host.

    A form that is run again wants what it wanted then, and brings nothing back.
    """
    runs_again = bool(submission.ordinal)

    def fresh(follow_up: FollowUp) -> FollowUp:
        while tx.follow_ups.is_taken_back(follow_up.reference):
            following = once_more(follow_up)
            if runs_again and not tx.follow_ups.is_kept(following.reference):
                break
            follow_up = following
        return follow_up

    return replace(planned, follow_ups=tuple(map(fresh, planned.follow_ups)))


def timely(
    tx: Transaction, submission: Submission, judged: Judged, planned: Plan, now: datetime
) -> tuple[FollowUp, ...]:
    """The follow-ups of a form; of one that is overtaken only those whose day has come.

    The rest would have been cancelled by the later form, had the two arrived in order.
    """
    if not is_overtaken(tx, submission, judged):
        return planned.follow_ups
    today = london_date(now)
    return tuple(each for each in planned.follow_ups if each.task.opens_on <= today)


def _took_effect(decision: Decision) -> bool:
    return decision.status in TOOK_EFFECT[decision.form_type]


def is_overtaken(tx: Transaction, submission: Submission, judged: Judged) -> bool:
    """Whether another form of this kind, completed later, took effect before this one arrived."""
    envelope, form_type = judged.form.envelope, judged.decision.form_type
    other = _newest_other(tx, submission, judged)
    if other is None or judged.decision.status == "ended_deceased":
        return False
    ours, theirs = envelope.completed_at, other.completed_at
    return bool(ours and theirs and theirs > ours) and other.status in TOOK_EFFECT[form_type]


def _newest_other(tx: Transaction, submission: Submission, judged: Judged) -> Submission | None:
    """The form whose answers are held of this person, where it is another of this kind."""
    envelope, form_type = judged.form.envelope, judged.decision.form_type
    held = tx.answers.get(submission.host, envelope.person_id or "", form_type)
    newest = tx.submissions.get(held.submission_id) if held else None
    return None if newest is None or newest.form_id == envelope.submission_id else newest


def keep_answers(
    tx: Transaction,
    submission: Submission,
    judged: Judged,
    reading: Reading,
    placed: Arrival,
    now: datetime,
) -> None:
    """The newest answers, with the last status that took effect (whom to ring, what changed)."""
    person_id, decision = judged.form.envelope.person_id, judged.decision
    if not person_id or is_overtaken(tx, submission, judged):
        return
    if decision.status == "withdrawn" and _newest_other(tx, submission, judged):
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


def content_hash(readings: Sequence[Reading]) -> str:
    """SHA-256 over all that was answered, understood or not: what makes a delivery a duplicate."""
    values = [dict(reading.values) for reading in readings]
    faults = [[fault.field, fault.typed] for reading in readings for fault in reading.faults]
    return hashlib.sha256(json.dumps([values, faults], sort_keys=True).encode()).hexdigest()


def _text(reading: Reading, field: str) -> str | None:
    value = reading.values.get(field)
    return None if value is None else str(value)
