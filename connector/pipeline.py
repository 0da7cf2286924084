"""From a kept delivery to what is owed: start reading here.

    translate -> validate -> decide -> plan

All four are pure. This module gathers what they need, calls them in order, and writes what came
out in one transaction, as of one moment. Whatever goes wrong with one form is settled on that
form; the next goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from connector.casework import Desk
from connector.casework.asking import ask_about, people_to_ask_about
from connector.casework.form_events import withdraw_for_others
from connector.casework.loops import GOES_ROUND, comes_round_again
from connector.casework.owing import Placed, take_up
from connector.casework.telling import apply_event
from connector.casework.versions_held import content_hash, place
from connector.dates import london_date
from connector.errors import ConnectorError, Declined, HostError, OutOfOrder
from connector.intake import read_json
from connector.judging import REOPENED, Judged, completed_at, is_reopened
from connector.mapping import Outcome, Translation, translate
from connector.model import Problem, Reading, Severity
from connector.store import Transaction
from connector.store.submission_row import Submission
from connector.versions import Arrival

BATCH = 50
ASK_AGAIN_SECONDS = 60
REFUSED = "The case system refuses to say whose record this is: mend the access, then replay it."
WAITS_FOR_THE_HOST = "Waiting for the case system to say whose record this is."
UNANNOUNCED = Problem(
    "EN-09", Severity.WARNING, "The answers changed, but the form's version did not."
)

_log = structlog.get_logger(__name__)


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
        waiting = tx.submissions.waiting(BATCH, desk.now())
    for submission_id in waiting:
        _process_safely(desk, submission_id)
    return len(waiting)


def process(desk: Desk, submission_id: str) -> None:
    """Understand one delivery and write down what it asks for, all of it or nothing.

    Raises KeyProblem where its body does not open, OutOfOrder where the database does not answer.
    """
    if not _asked_about_people(desk, submission_id):
        return
    with desk.store.transaction() as tx:
        work, translation = _opened(desk, tx, submission_id)
        if work is None or translation is None:
            return
        if translation.event is not None:
            _tell(work, translation)
        elif translation.outcome is Outcome.READ:
            _take_up(work, translation.readings)
        else:
            _leave(work, translation)


def _opened(
    desk: Desk, tx: Transaction, submission_id: str
) -> tuple["_Work | None", Translation | None]:
    submission = tx.submissions.get(submission_id)
    body = tx.submissions.body(submission_id)
    if submission is None or body is None:
        return None, None
    work = _Work(desk, tx, submission, desk.now())
    return work, _translated(work, body)


def _asked_about_people(desk: Desk, submission_id: str) -> bool:
    """Whether the host has said who the people on a form are, where it can be asked (EN-07).

    Where it does not answer, the form waits and is worked on later.
    """
    with desk.store.transaction() as tx:
        work, translation = _opened(desk, tx, submission_id)
        if work is None or translation is None:
            return False
    try:
        _ask(desk, work.submission, translation)
    except Declined as error:
        reason = f"{REFUSED} {error}"
        with desk.store.transaction() as tx:
            tx.submissions.settle(submission_id, "broken", reason=reason, processed_at=desk.now())
        _log.error("submission broken", submission=submission_id, exc_info=error)
        return False
    except HostError as error:
        wait = timedelta(seconds=error.retry_after or ASK_AGAIN_SECONDS)
        with desk.store.transaction() as tx:
            tx.submissions.wait(submission_id, desk.now() + wait, WAITS_FOR_THE_HOST)
        _log.warning("submission waits for its host", submission=submission_id, exc_info=error)
        return False
    return True


def _ask(desk: Desk, submission: Submission, translation: Translation) -> None:
    """Twice: the record that is asked about may have gone into another one, which is asked then."""
    for _ in range(2):
        with desk.store.transaction() as tx:
            unknown = people_to_ask_about(tx, desk, submission, translation)
        for person_id in unknown:
            ask_about(desk, submission.host, person_id)


def _tell(work: _Work, translation: Translation) -> None:
    """An event: what it changes about the follow-ups is settled in the same transaction."""
    event = translation.event
    if event is None:
        return
    reason = apply_event(work.tx, work.desk, work.submission, event)
    if reason is None:
        until = work.now + timedelta(seconds=ASK_AGAIN_SECONDS)
        work.tx.submissions.wait(work.submission.id, until, "Its task is not known yet.")
        return
    people = [each for each in (event.person_id,) if each]
    work.settle(
        "ignored" if reason else "processed",
        reason=reason,
        event=event.kind.value,
        person_ids=people,
        completed_at=event.occurred_at,
        as_of=london_date(work.now),
    )
    _log.info("event taken up", submission=work.submission.id, event_kind=event.kind.value)


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
    content = content_hash(readings)
    placed = place(work.tx, work.submission, first, content, work.desk.configuration.hash)
    if is_reopened(first):
        _freeze(work, first, placed)
        return
    if placed.kind == "new" and comes_round_again(work.tx, work.desk, work.submission, readings):
        _hold(work, first, content, placed)
        return
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


def _freeze(work: _Work, first: Reading, placed: Arrival) -> None:
    """Nothing new from a form that is written again, unless it was completed since (1.10)."""
    form_id = first.values.get("submission_id")
    if form_id and placed.kind != "outdated":
        work.tx.persons.freeze(work.submission.host, str(form_id), work.submission.received_at)
    _set_aside(work, first, "ignored", REOPENED)


def _hold(work: _Work, first: Reading, content: str, placed: Arrival) -> None:
    """Two systems may be answering each other: a person looks before anything more is done."""
    facts = {"version": placed.version, "content_sha256": content}
    _set_aside(work, first, "held_loop", GOES_ROUND, completed_at=completed_at(first), **facts)
    _log.error("form comes round again", submission=work.submission.id, host=work.submission.host)


def _set_aside(work: _Work, reading: Reading, state: str, reason: str, **facts: Any) -> None:
    form_id = reading.values.get("submission_id")
    work.settle(state, reason=reason, form_type=reading.form_type, form_id=form_id, **facts)
    _log.info("submission set aside", submission=work.submission.id, state=state)


def _apply(work: _Work, readings: Sequence[Reading], placed: Arrival, content: str) -> None:
    """Decide for each person on the form, and owe the host what is asked for."""
    extra = (UNANNOUNCED,) if placed.unannounced else ()
    judged = [
        take_up(work.tx, work.desk, Placed(work.submission, each, placed, extra))
        for each in map(_as_known_now(work), readings)
    ]
    decision, envelope = judged[0].decision, judged[0].form.envelope
    people = [each.form.envelope.person_id or "" for each in judged]
    if envelope.submission_id and all(map(_is_sure, judged)):
        withdraw_for_others(work.tx, work.desk, work.submission, envelope.submission_id, people)
    work.settle(
        "processed",
        form_type=decision.form_type,
        form_id=envelope.submission_id,
        version=placed.version,
        ordinal=placed.ordinal,
        content_sha256=content,
        person_ids=people,
        completed_at=envelope.completed_at,
        as_of=london_date(work.now),
        status=decision.status,
        line=decision.line,
        problems=decision.problems,
        configuration_hash=work.desk.configuration.hash,
    )
    _log.info("submission processed", submission=work.submission.id, status=decision.status)


def _is_sure(judged: Judged) -> bool:
    """Whether a form says for certain whom it is about."""
    decision, person_id = judged.decision, judged.form.envelope.person_id
    return bool(person_id) and decision.writes_record and decision.status != "needs_attention"


def _as_known_now(work: _Work) -> Callable[[Reading], Reading]:
    """A person whose record was merged into another one is that other one."""

    def known(reading: Reading) -> Reading:
        person_id = str(reading.values.get("person_id") or "")
        now = work.tx.persons.current_id(work.submission.host, person_id)
        if now == person_id:
            return reading
        return replace(reading, values={**reading.values, "person_id": now})

    return known
