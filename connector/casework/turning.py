"""A day comes by which a form's status is another one: 21, the closing, 25 (R13, R22)."""

from datetime import date

from connector.casework.changing import Cause, end
from connector.casework.desk import Desk
from connector.casework.knowing import ACTIVE, CLOSED, HeldForm, held_forms
from connector.casework.occasions import occasion
from connector.dates import birthday
from connector.model import Effect, EffectKind, WriteBack
from connector.plan import common, reference, reference_guid
from connector.policy.case import NOTHING_KNOWN
from connector.policy.stops import (
    AGREEMENT,
    ASSESSMENT,
    CASE_CLOSED,
    CONTACTS,
    YEARLY,
    Applied,
    stopped_by,
)
from connector.policy.words import STATUS_WORDS
from connector.store import Transaction
from connector.store.answers import HeldAnswers, TurningAnswers
from connector.store.follow_up_row import FollowUpState

ENDED = {
    AGREEMENT: ("ended_21", CONTACTS, "The agreement has ended."),
    ASSESSMENT: ("ended_age_25", frozenset({"T21", "T30"}), "They have turned 25."),
    YEARLY: ("ended_age_25", frozenset({"T30"}), "They have turned 25."),
}
"""What each kind of form ends as, and which of its tasks end with it (1.8)."""


def turn(tx: Transaction, desk: Desk, turning: TurningAnswers) -> bool:
    """Give a form the status it has from today on, and tell the record.

    False where it is gone, or its day was dealt with already.

    Raises KeyProblem.
    """
    kept = tx.answers.get(turning.host, turning.person_id, turning.form_type)
    if kept is None or kept.turns_on is None or kept.turns_on > desk.today():
        return False
    if tx.persons.get(kept.host, kept.person_id).deceased:
        _now(tx, desk, kept, kept.content.get("status"), None)
        return True
    held = held_forms(tx, kept.host, kept.person_id)[kept.form_type]
    if held.status == "closure_planned":
        _close(tx, desk, kept, held)
        return True
    status, tasks, reason = ENDED[kept.form_type]
    cause = Cause(held.submission_id, held.host, desk.now(), held.form_id)
    for row in tx.follow_ups.of_person(held.host, held.person_id):
        if row.stands and row.task in tasks and row.form_type == kept.form_type:
            end(tx, cause, row, FollowUpState.CANCELLED, reason)
    _now(tx, desk, kept, status, None)
    if not _said_already(tx, held, status):
        tell(tx, desk, held, status, f"{STATUS_WORDS[status]}.")
    return True


def _said_already(tx: Transaction, held: HeldForm, status: str) -> bool:
    """Whether another form of this person has ended with the same words already."""
    others = held_forms(tx, held.host, held.person_id).values()
    return any(each.status == status and each.form_type != held.form_type for each in others)


def _close(tx: Transaction, desk: Desk, kept: HeldAnswers, held: HeldForm) -> None:
    """The planned closing takes effect: what earlier forms asked for ends (R8, R13)."""
    cause = Cause(held.submission_id, held.host, desk.now(), held.form_id)
    closing = Applied(ASSESSMENT, CLOSED, closes=True)
    for row in tx.follow_ups.of_person(held.host, held.person_id):
        earlier = row.form_type is not None and row.form_id != held.form_id
        if row.stands and earlier and stopped_by(closing, row.task, row.form_type):
            end(tx, cause, row, FollowUpState.CANCELLED, CASE_CLOSED)
    _now(tx, desk, kept, CLOSED, _turns_25(desk, held))
    end_the_agreement(tx, desk, held.host, held.person_id)
    tell(tx, desk, held, CLOSED, f"{STATUS_WORDS[CLOSED]}.")


def end_the_agreement(tx: Transaction, desk: Desk, host: str, person_id: str) -> None:
    """A case that is closed has no agreement in force any more (R8)."""
    kept = tx.answers.get(host, person_id, AGREEMENT)
    if kept is not None and kept.content.get("status") == ACTIVE:
        _now(tx, desk, kept, "ended_21", None)


def _turns_25(desk: Desk, held: HeldForm) -> date | None:
    born = held.case(desk, desk.today(), NOTHING_KNOWN).born
    policy = desk.policy
    return birthday(born, policy.limits.upper_age, policy.dates.leap_day_birthday) if born else None


def _now(
    tx: Transaction, desk: Desk, kept: HeldAnswers, status: str | None, turns_on: date | None
) -> None:
    tx.answers.keep(
        kept.host,
        kept.person_id,
        kept.form_type,
        submission_id=kept.submission_id,
        ordinal=kept.ordinal,
        content={**kept.content, "status": status},
        turns_on=turns_on,
        kept_at=desk.now(),
    )


def keep_turning(tx: Transaction, desk: Desk, held: HeldForm, turns_on: date | None) -> None:
    """A form in force whose day came while they were thought dead turns on it after all."""
    kept = tx.answers.get(held.host, held.person_id, held.form_type)
    if kept is not None and held.applied.took_effect and kept.turns_on is None:
        _now(tx, desk, kept, held.status, turns_on)


def tell(
    tx: Transaction,
    desk: Desk,
    held: HeldForm,
    status: str,
    line: str,
    why: str = "",
    position: int = 0,
) -> None:
    """Write a status onto the record again; `why`: the delivery that is the reason, if one is.

    `position`: whether before (-1) or after (1) the outcome of that delivery.
    """
    case = held.case(desk, desk.today(), NOTHING_KNOWN)
    back = WriteBack(status, line, held.form_type, connector_reference=held.submission_id)
    step = f"{EffectKind.OUTCOME.value} {status} {why}".strip()
    ours = reference(held.host, held.person_id, held.form_id, str(held.ordinal), step)
    content = {
        **common(case.envelope, occasion(desk, held.host, held.submission_id)),
        "reference": ours,
        "reference_guid": reference_guid(ours),
        "status": status,
        "line": line,
        "write_back": back.as_dict(),
    }
    effect = Effect(EffectKind.OUTCOME, step, ours, held.person_id, position, content)
    tx.effects.add(held.submission_id, held.host, effect, now=desk.now())
