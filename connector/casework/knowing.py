"""What is known of a young person when something happens: gathered for the rules to judge."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from connector.casework.desk import Desk
from connector.dates import london_date
from connector.judging import Judged
from connector.model import Decision, PersonRecord, Reading
from connector.people import YEARLY_CONTACT_ENDED_ON, Person
from connector.policy.case import Case
from connector.policy.contact_ways import newest_answers, permission_given
from connector.policy.stops import (
    AGREEMENT,
    ASSESSMENT,
    CONTACTS,
    SERIES,
    YEARLY,
    Applied,
)
from connector.store import Transaction
from connector.store.answers import HeldAnswers
from connector.store.follow_up_row import FollowUpRow, FollowUpState
from connector.validation import validate

ACTIVE = "tailored_support_active"
CLOSED = "closed_annual_contact"
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class HeldForm:
    """The newest form of one kind that is held of a person, with the status that took effect."""

    host: str
    person_id: str
    form_type: str
    submission_id: str
    ordinal: int
    status: str | None
    form_id: str
    completed_at: datetime | None
    reading: Reading

    @property
    def applied(self) -> Applied:
        """What it led to."""
        return Applied(self.form_type, self.status or "", self.closes, self.happened_on)

    @property
    def closes(self) -> bool:
        """Whether it closed the case; a returner whose needs were met is closed still (DC-23)."""
        values = self.reading.values
        came_back = values.get("assessment_type") == "returner_21_to_24"
        stayed_closed = came_back and values.get("outcome") == "immediate_needs_met"
        return self.form_type == ASSESSMENT and self.status == CLOSED and not stayed_closed

    @property
    def happened_on(self) -> date | None:
        """The day of the assessment, where the form says it, else of completion."""
        said = self.reading.values.get("assessment_date")
        if said:
            return date.fromisoformat(str(said))
        return london_date(self.completed_at) if self.completed_at else None

    def case(self, desk: Desk, as_of: date, record: PersonRecord) -> Case:
        """The form before the rules again, on a later day."""
        form = validate(self.reading, as_of)
        return Case(form, desk.policy, desk.working, as_of, record)


def held_forms(tx: Transaction, host: str, person_id: str) -> dict[str, HeldForm]:
    """The newest form of each kind. Raises KeyProblem."""
    return {each.form_type: _held(tx, each) for each in tx.answers.of_person(host, person_id)}


def _held(tx: Transaction, kept: HeldAnswers) -> HeldForm:
    content = kept.content
    submission = tx.submissions.get(kept.submission_id)
    form_id = (submission.form_id if submission else None) or kept.submission_id
    return HeldForm(
        kept.host,
        kept.person_id,
        kept.form_type,
        kept.submission_id,
        kept.ordinal,
        content.get("status"),
        form_id,
        submission.completed_at if submission else None,
        Reading(kept.host, kept.form_type, content["values"], labels=content.get("labels", {})),
    )


def record_of(
    held: Mapping[str, HeldForm],
    standing: Iterable[FollowUpRow],
    known: Person,
    form_id: str,
    replaces: int | None,
    completed: datetime | None,
) -> PersonRecord:
    """What earlier forms of this person led to, and what the host says of them.

    `completed` is when the form that is judged was completed: a later agreement is not yet there.
    """
    agreement, assessment = held.get(AGREEMENT), held.get(ASSESSMENT)
    if agreement and is_overtaken(agreement, form_id, completed):
        agreement = None
    active = bool(agreement and agreement.status == ACTIVE)
    status = assessment.status if assessment else None
    return PersonRecord(
        active_agreement=active,
        case_open=status != CLOSED if status else None,
        active_is_this_form=bool(active and agreement and agreement.form_id == form_id),
        clocks=clocks(list(standing), form_id, _own(agreement) if active else frozenset()),
        deceased=known.deceased,
        replaces_version=replaces,
        assessed_on=assessment.happened_on if assessment else None,
        social_media_permitted=permission_given(contact_answers(held, form_id)),
        yearly_contact_ended_on=known.day(YEARLY_CONTACT_ENDED_ON),
    )


def contact_answers(held: Mapping[str, HeldForm], but_of: str | None = None) -> dict[str, Any]:
    """What the forms in force say of ways to keep in touch, the newest answer of each (DC-36).

    `but_of`: those of this form are left out.
    """
    forms = [each for each in held.values() if each.status and each.form_id != but_of]
    oldest_first = sorted(
        forms, key=lambda form: (form.completed_at or LONG_AGO, form.form_type == YEARLY)
    )
    return newest_answers(each.reading.values for each in oldest_first)


def _own(held: HeldForm | None) -> Set[str]:
    return frozenset({held.form_id} if held else ())


def clocks(
    rows: Sequence[FollowUpRow], form_id: str, replaces: Set[str] = frozenset()
) -> dict[str, date]:
    """For each contact of an agreement the day it is counted from (A17).

    The last one really made counts, under this form or the one it replaced; else the clock of the
    replaced one, which may have carried over itself. `replaces` are forms it is about to replace.
    What the form itself says of earlier contacts is for the rules.
    """
    before = {row.form_id for row in rows if row.replaced_by == form_id} | replaces
    running: dict[str, date] = {}
    for row in rows:
        if row.task not in CONTACTS or row.form_id not in {form_id, *before}:
            continue
        day = _over_on(row) or (row.counted_from if row.form_id != form_id else None)
        if day:
            running[row.task] = max(day, running.get(row.task, day))
    return running


def _over_on(row: FollowUpRow) -> date | None:
    """The day a contact was made; of one taken away in the host its due date (1.10)."""
    taken_away = row.is_used_up and row.state is FollowUpState.CANCELLED
    return row.due_on if taken_away else row.done_on


def later_forms(
    held: Mapping[str, HeldForm], form_id: str, completed: datetime | None
) -> tuple[Applied, ...]:
    """What the forms held led to that were completed after this one and took effect."""
    return tuple(each.applied for each in held.values() if is_overtaken(each, form_id, completed))


def rounds(rows: Iterable[FollowUpRow], form_id: str, of: Set[str] = SERIES) -> dict[str, int]:
    """Of each of these tasks of a form, which time round comes next: those used up, and one.

    Every other task comes once: what was done is not asked for again.
    """
    count: dict[str, int] = {}
    for row in rows:
        if row.task in of and row.form_id == form_id and row.is_used_up:
            count[row.task] = count.get(row.task, 1) + 1
    return count


def keep_answers(
    tx: Transaction,
    host: str,
    submission_id: str,
    judged: Judged,
    reading: Reading,
    ordinal: int,
    held: Mapping[str, HeldForm],
    now: datetime,
) -> None:
    """The answers of the form in force, with its status; else the newest (whom to ring).

    Another form that does not take effect leaves the one in force where it is (DS-20). Of a form
    that may be about somebody else nothing is kept (EN-07).
    """
    decision, envelope = judged.decision, judged.form.envelope
    form_id = envelope.submission_id or submission_id
    before = held.get(decision.form_type)
    if not envelope.person_id or not decision.writes_record:
        return
    if before and is_overtaken(before, form_id, envelope.completed_at):
        return
    took_effect = Applied(decision.form_type, decision.status).took_effect
    if before and not took_effect and _stays_in_force(before, form_id, decision):
        return
    tx.answers.keep(
        host,
        envelope.person_id,
        reading.form_type,
        submission_id=submission_id,
        ordinal=ordinal,
        content={
            "values": dict(reading.values),
            "labels": dict(reading.labels),
            "status": decision.status if took_effect else None,
        },
        turns_on=decision.turns_on if took_effect else None,
        kept_at=now,
    )


def _stays_in_force(before: HeldForm, form_id: str, decision: Decision) -> bool:
    """Whether a form without effect leaves the one held as it is: another form does, and so does a
    version with errors, or one nobody knows the person of; a version on hold does not."""
    says_nothing = decision.status in {"needs_attention", "ended_deceased"}
    same_form = before.form_id == form_id
    if same_form and not says_nothing and decision.writes_record:
        return False
    return before.applied.took_effect or decision.status == "withdrawn"


def is_overtaken(held: HeldForm, form_id: str, completed: datetime | None) -> bool:
    """Whether another form, completed later, took effect before this one arrived."""
    return held.form_id != form_id and is_later(held, completed) and held.applied.took_effect


def is_later(held: HeldForm, completed: datetime | None) -> bool:
    """Whether a form that is held was completed after this moment."""
    return bool(completed and held.completed_at and held.completed_at > completed)
