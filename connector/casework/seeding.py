"""What an imported row starts: the status in force and the next task of each series.

The rules are those of a form, asked one by one, since a row has only a few of a form's answers.
No second arithmetic, and nothing is written down here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from connector.casework.desk import Desk
from connector.casework.import_rows import EARLIEST, Refused, Row
from connector.casework.knowing import ACTIVE, CLOSED, HeldForm
from connector.dates import ONE_DAY, birthday, in_words
from connector.model import PersonRecord, Reading, Task
from connector.policy import agreement_tasks as agreed
from connector.policy.agreement_case import AgreementCase, as_agreement
from connector.policy.assessment_contact import next_yearly_contact
from connector.policy.assessment_outcome import next_review
from connector.policy.case import Case, Wanted
from connector.policy.placing import placed
from connector.validation import validate

OUTCOMES = {"closed_case": "close_case", "open_case": "remain_open"}
LAST_CONTACT = "The last contact with the lead social worker starts the clock."


@dataclass(frozen=True)
class Seed:
    """A row as a form in force: what is held of it, and the tasks it asks for."""

    row: Row
    reading: Reading
    case: Case
    status: str
    turns_on: date | None
    tasks: tuple[Task, ...]


def seed(desk: Desk, host: str, row: Row, *, assessed: bool = False) -> Seed | Refused:
    """What a row starts today; `assessed`: an assessment of this person is known as well."""
    if why := _age_refuses(desk, row):
        return Refused(row.line, row.person_id, row.kind, why)
    reading = Reading(host, row.form_type, _values(desk, row))
    today, record = desk.today(), PersonRecord(case_open=True if assessed else None)
    case = Case(validate(reading, today), desk.policy, desk.working, today, record)
    status, wanted, turns_on = STARTS[row.kind](case, row.began, row.last_contact)
    return Seed(row, reading, case, status, turns_on, _placed(case, wanted))


def tasks_again(desk: Desk, held: HeldForm) -> tuple[Task, ...]:
    """What an imported form asks for when the rules are asked once more; none of another form."""
    kind = next((k for k in STARTS if held.form_id.startswith(f"import-{k}-")), None)
    if kind is None:
        return ()
    case = held.case(desk, desk.today(), PersonRecord())
    began = held.reading.values["agreement_date" if kind == "agreement" else "assessment_date"]
    _, wanted, _ = STARTS[kind](case, date.fromisoformat(began), None)
    return _placed(case, wanted)


def _placed(case: Case, wanted: Iterable[Wanted]) -> tuple[Task, ...]:
    return tuple(sorted((placed(case, each) for each in wanted), key=lambda task: task.due_on))


def _values(desk: Desk, row: Row) -> dict[str, object]:
    """The answers, as of the moment of the import: what it knows is of any day before."""
    outcome = OUTCOMES.get(row.kind)
    return {
        "submission_id": row.form_id,
        "submission_version": "1",
        "form_type": row.form_type,
        "form_status": "completed",
        "completed_at": desk.now().isoformat(),
        **row.values,
        **({"outcome": outcome} if outcome else {}),
    }


def _age_refuses(desk: Desk, row: Row) -> str | None:
    """Why a row comes too early or too late in a life, in a sentence with the day."""
    today, limits = desk.today(), desk.policy.limits

    def turns(age: int) -> date:
        return birthday(row.born, age, desk.policy.dates.leap_day_birthday)

    if not EARLIEST <= row.born <= row.began:
        return f"date_of_birth: {in_words(row.born)} cannot be right."
    if today < turns(limits.min_age):
        return f"They are under {limits.min_age}. Check date_of_birth."
    if today >= turns(limits.upper_age):
        day = in_words(turns(limits.upper_age))
        return f"They turned {limits.upper_age} on {day}: nothing is left to plan. Leave them out."
    early = desk.policy.post21.closure_effective != "immediately" and today < turns(21)
    if row.kind == "closed_case" and early:
        day = in_words(turns(21))
        return f"They turn 21 on {day}, and a case is not closed before. Use open_case."
    if row.kind == "agreement" and row.began >= turns(21):
        return "agreement_date: they were 21 or over, and an agreement is for people under 21."
    return None


Start = tuple[str, Iterable[Wanted], date | None]
"""The status in force, the tasks, and the day from which the status is another one.

Made from a case, the day it all began, and the last yearly contact where it is known.
"""


def _agreement(case: Case, began: date, last: date | None) -> Start:
    agreement = as_agreement(case)
    ends = agreement.stop_on
    return ACTIVE, _agreed(agreement), ends + ONE_DAY if ends else None


def _agreed(case: AgreementCase) -> Iterator[Wanted]:
    yield from _social_worker(case)
    yield from agreed.first_family_contact(case)
    yield from agreed.first_agreed_visit(case)
    yield from agreed.support_after_21(case)
    yield from agreed.assessment_before_21(case)
    turned = case.birthday(18)
    if turned and case.as_of < turned:
        yield from agreed.adult_package(case)


def _social_worker(case: AgreementCase) -> Iterator[Wanted]:
    """A contact after the agreement is a contact really made: the next is counted from it."""
    contact = case.answers.last_social_worker_contact_on
    if contact is None or contact < case.agreement_date:
        yield from agreed.first_social_worker_contact(case)
    elif case.contacts_run and (task := agreed.social_worker_contact(case, contact, LAST_CONTACT)):
        yield task


def _closed(case: Case, began: date, last: date | None) -> Start:
    """The yearly contact, counted from the last one, or from the closing."""
    annual = case.settings.annual
    if last and last > began:
        task = next_yearly_contact(case, last, annual.min_gap_after_contact_days)
    else:
        task = next_yearly_contact(case, began, annual.min_gap_days)
    return CLOSED, [task] if task else [], case.birthday(case.settings.limits.upper_age)


def _open(case: Case, began: date, last: date | None) -> Start:
    review = next_review(case, began)
    return "open", [review] if review else [], case.birthday(case.settings.limits.upper_age)


STARTS: Mapping[str, Callable[[Case, date, date | None], Start]] = {
    "agreement": _agreement,
    "closed_case": _closed,
    "open_case": _open,
}


def ended_before(seeded: Seed, today: date) -> str | None:
    """Why there is nothing to start: the status has ended by itself already."""
    if seeded.turns_on is None or today < seeded.turns_on:
        return None
    last = in_words(seeded.turns_on - ONE_DAY)
    return f"The agreement ended by itself on {last}: nothing is left to plan. Leave them out."
