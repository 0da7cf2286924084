"""A delivery that was read as a form is settled: applied when its turn has come, else set aside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from connector.casework.desk import Desk
from connector.casework.form_events import withdraw_for_others
from connector.casework.loops import GOES_ROUND, comes_round_again
from connector.casework.owing import take_up
from connector.casework.standpoint import Placed
from connector.casework.versions_held import content_hash, place
from connector.dates import london_date
from connector.judging import REOPENED, Judged, completed_at, is_reopened
from connector.model import Problem, Reading, Severity
from connector.store import Transaction
from connector.store.submission_row import Submission
from connector.versions import Arrival

UNANNOUNCED = Problem(
    "EN-09", Severity.WARNING, "The answers changed, but the form's version did not."
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Work:
    """One delivery on the desk: its row, the open transaction, and the moment it is judged at."""

    desk: Desk
    tx: Transaction
    submission: Submission
    now: datetime

    def settle(self, state: str, *, reason: str = "", **facts: Any) -> None:
        """Note what became of it."""
        self.tx.submissions.settle(
            self.submission.id, state, reason=reason, processed_at=self.now, **facts
        )


def settle_form(work: Work, readings: Sequence[Reading]) -> None:
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


def _freeze(work: Work, first: Reading, placed: Arrival) -> None:
    """Nothing new from a form that is written again, unless it was completed since (1.10)."""
    form_id = first.values.get("submission_id")
    if form_id and placed.kind != "outdated":
        work.tx.persons.freeze(work.submission.host, str(form_id), work.submission.received_at)
    _set_aside(work, first, "ignored", REOPENED)


def _hold(work: Work, first: Reading, content: str, placed: Arrival) -> None:
    """Two systems may be answering each other: a person looks before anything more is done."""
    facts = {"version": placed.version, "content_sha256": content}
    _set_aside(work, first, "held_loop", GOES_ROUND, completed_at=completed_at(first), **facts)
    _log.error("form comes round again", submission=work.submission.id, host=work.submission.host)


def _set_aside(work: Work, reading: Reading, state: str, reason: str, **facts: Any) -> None:
    form_id = reading.values.get("submission_id")
    work.settle(state, reason=reason, form_type=reading.form_type, form_id=form_id, **facts)
    _log.info("submission set aside", submission=work.submission.id, state=state)


def _apply(work: Work, readings: Sequence[Reading], placed: Arrival, content: str) -> None:
    """Decide for each person on the form, and owe the host what is asked for."""
    extra = (UNANNOUNCED,) if placed.unannounced else ()
    work.tx.submissions.completed(work.submission.id, completed_at(readings[0]))
    judged = [
        take_up(work.tx, work.desk, Placed(work.submission, each, placed, extra))
        for each in map(_as_known_now(work), readings)
    ]
    envelope = judged[0].form.envelope
    people = [each.form.envelope.person_id or "" for each in judged]
    if envelope.submission_id and all(map(_is_sure, judged)):
        withdraw_for_others(work.tx, work.desk, work.submission, envelope.submission_id, people)
    _note(work, judged[0], placed, content, people)


def _note(work: Work, judged: Judged, placed: Arrival, content: str, people: Sequence[str]) -> None:
    """What the form says and came to; of several people, what it came to for the first."""
    decision, envelope = judged.decision, judged.form.envelope
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


def _as_known_now(work: Work) -> Callable[[Reading], Reading]:
    """A person whose record was merged into another one is that other one."""

    def known(reading: Reading) -> Reading:
        person_id = str(reading.values.get("person_id") or "")
        now = work.tx.persons.current_id(work.submission.host, person_id)
        if now == person_id:
            return reading
        return replace(reading, values={**reading.values, "person_id": now})

    return known
