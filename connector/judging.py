"""Two of the pure steps in a row: a reading is validated and decided, for one person."""

from dataclasses import dataclass
from datetime import date, datetime

from connector.dates import WorkingDays, london_date
from connector.model import CompletedForm, Decision, PersonRecord, Problem, Reading
from connector.policy import decide
from connector.policy.settings import PolicySettings
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
