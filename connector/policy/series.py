"""What will stand in whose inbox over the years, each task done on its due date.

`NEXT` says how each recurring task goes on; `timeline` follows it to the end.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from connector.dates import WorkingDays
from connector.model import CompletedForm, Decision, PersonRecord, Task
from connector.policy import decide
from connector.policy.agreement_case import as_agreement
from connector.policy.agreement_tasks import agreed_visit, family_contact, social_worker_contact
from connector.policy.assessment_contact import next_yearly_contact
from connector.policy.assessment_outcome import next_review
from connector.policy.case import NOTHING_KNOWN, Case, Wanted
from connector.policy.placing import placed
from connector.policy.settings import PolicySettings

SCHEDULED = frozenset({"T01", "T02", "T07", "T08", "T15", "T21", "T27", "T30"})
LAST_TIME = "It is counted from the last time."


@dataclass(frozen=True)
class Timeline:
    """Every task in order of its due date, and when and why the series ends.

    `ends_on` is None where nothing is scheduled (R22).
    """

    tasks: tuple[Task, ...]
    ends_on: date | None
    ends_because: str


def timeline(
    form: CompletedForm,
    settings: PolicySettings,
    working: WorkingDays,
    as_of: date,
    record: PersonRecord = NOTHING_KNOWN,
    until: date | None = None,
) -> Timeline:
    """The first tasks of a form, then every later one; none due after `until`."""
    case = Case(form, settings, working, as_of, record)
    decision = decide(form, settings, working, as_of, record)
    tasks = [each for first in decision.tasks for each in _occurrences(case, first)]
    wanted = (task for task in tasks if until is None or task.due_on <= until)
    return Timeline(tuple(sorted(wanted, key=_by_date)), *_end(decision))


def after(case: Case, task: Task, done_on: date) -> Task | None:
    """The next occurrence of a task done on `done_on`, None where it does not recur (R18)."""
    going_on = NEXT.get(task.task)
    then = replace(case, as_of=max(case.as_of, done_on))
    wanted = going_on(then, done_on) if going_on else None
    return placed(then, wanted) if wanted else None


def _next_social_worker_contact(case: Case, done_on: date) -> Wanted | None:
    return social_worker_contact(as_agreement(case), done_on, LAST_TIME)


def _next_family_contact(case: Case, done_on: date) -> Wanted | None:
    return family_contact(as_agreement(case), done_on, LAST_TIME)


def _next_agreed_visit(case: Case, done_on: date) -> Wanted | None:
    return agreed_visit(as_agreement(case), done_on)


def _next_yearly_contact(case: Case, done_on: date) -> Wanted | None:
    return next_yearly_contact(case, done_on, case.settings.annual.min_gap_after_contact_days)


NEXT: Mapping[str, Callable[[Case, date], Wanted | None]] = {
    "T01": _next_social_worker_contact,
    "T02": _next_family_contact,
    "T21": next_review,
    "T27": _next_agreed_visit,
    "T30": _next_yearly_contact,
}
"""For each recurring task, the one after the one done on a day; None once the series is over."""


def _occurrences(case: Case, first: Task) -> Iterator[Task]:
    task: Task | None = first
    while task:
        yield task
        task = after(case, task, task.due_on)


def _end(decision: Decision) -> tuple[date | None, str]:
    if decision.stops_on and any(task.task in SCHEDULED for task in decision.tasks):
        return decision.stops_on, decision.stops_because
    return None, "Nothing else is scheduled." if decision.tasks else "Nothing is scheduled."


def _by_date(task: Task) -> tuple[date, str, str]:
    return task.due_on, task.task, task.occurrence
