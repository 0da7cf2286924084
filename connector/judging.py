"""Two of the pure steps in a row: a reading is validated and decided, for one person.

What a form that was judged does to the tasks of earlier ones is read from it here too.
"""

from dataclasses import dataclass
from datetime import date, datetime

from connector.dates import WorkingDays, london_date
from connector.model import CompletedForm, Decision, PersonRecord, Problem, Reading
from connector.plan import action_key
from connector.policy import decide
from connector.policy.assessment_actions import identity_of
from connector.policy.settings import PolicySettings
from connector.policy.stops import YEARLY, Applied
from connector.validation import validate, with_problems

REOPENED = "The form was opened again; the next completion counts."


def is_reopened(reading: Reading) -> bool:
    """Whether the form is being written again: nothing new until it is completed (1.10)."""
    return reading.values.get("form_status") == "reopened"


def completed_at(reading: Reading) -> datetime | None:
    """When the form was completed, with its offset; None where that could not be read."""
    typed = reading.values.get("completed_at")
    return datetime.fromisoformat(typed) if typed else None


def form_day(reading: Reading) -> date | None:
    """The London date on which the form was completed; None where that could not be read."""
    completed = completed_at(reading)
    return london_date(completed) if completed else None


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


def applied(judged: Judged) -> Applied:
    """What a form does to the tasks of earlier ones."""
    decision = judged.decision
    closes = decision.cancels_open_tasks and decision.status == "closed_annual_contact"
    return Applied(decision.form_type, decision.status, closes, done_on(judged))


def done_on(judged: Judged) -> date | None:
    """The day of the assessment or yearly contact a form tells of, else of its completion."""
    decision, completed = judged.decision, judged.form.envelope.completed_at
    assessed: date | None = getattr(judged.form.answers, "assessment_date", None)
    if assessed:
        return assessed
    contact = [task.counted_from for task in decision.tasks if task.task == "T30"]
    if decision.form_type == YEARLY and contact:
        return contact[0]
    return london_date(completed) if completed else None


def done_actions(judged: Judged, form_id: str) -> frozenset[str]:
    """The actions the form says are done, by the keys of their periods."""
    actions = getattr(judged.form.answers, "actions", ())
    done = (each for each in actions if each.done and each.what)
    return frozenset(action_key(form_id, identity_of(each.what)) for each in done)
