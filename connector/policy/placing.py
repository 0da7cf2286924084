"""From a wanted task to a task: its day, its opening and its inbox (1.0 R12, R15 and R17)."""

from collections.abc import Iterable
from datetime import date, timedelta

from connector.dates import in_words
from connector.model import Inbox, Task
from connector.policy.case import Case, Wanted
from connector.policy.words import LED_TASKS, TASK_TITLES


def merged(wanted: Iterable[Wanted]) -> list[Wanted]:
    """One task per id and occurrence, the rest joined to it."""
    kept: dict[tuple[str, str], Wanted] = {}
    for each in wanted:
        key = (each.task, each.occurrence)
        kept[key] = kept[key].joined(each) if key in kept else each
    return list(kept.values())


def placed(case: Case, wanted: Wanted) -> Task:
    """The task as it will stand in the inbox."""
    due = due_day(case, wanted)
    inbox, assignee = _inbox(case, wanted)
    return Task(
        task=wanted.task,
        rule=wanted.rule,
        title=wanted.title or TASK_TITLES[wanted.task],
        inbox=inbox,
        assignee=assignee,
        opens_on=opening_day(case, wanted, due),
        due_on=due,
        because=_explained(case, wanted, due),
        text=wanted.text,
        occurrence=wanted.occurrence,
        done_by=wanted.done_by,
        role=wanted.inbox,
        named=bool(wanted.assignee),
        counted_from=wanted.counted_from,
        late_on=wanted.late_on,
        wanted_on=wanted.due,
    )


def due_day(case: Case, wanted: Wanted) -> date:
    """The due date moved to a working day (A3) and past the as-of day (A18)."""
    due = _moved(case, wanted)
    return due if due > case.as_of else case.working.following(case.as_of)


def opening_day(case: Case, wanted: Wanted, due: date) -> date:
    """The day the task shows in the inbox, never before the as-of day (R17)."""
    lead = case.settings.tasks
    opens = wanted.opens
    if opens is None and (wanted.task in LED_TASKS or wanted.task in lead.lead_days):
        opens = due - timedelta(days=lead.lead(wanted.task))
    return max(opens or case.as_of, case.as_of)


def needs_worker(case: Case, tasks: Iterable[Wanted]) -> bool:
    """Whether a task would go to an allocated worker nobody named (R12)."""
    return not case.envelope.allocated_worker_id and any(
        each.inbox is Inbox.WORKER and not each.assignee for each in tasks
    )


def needs_manager(case: Case, tasks: Iterable[Wanted]) -> bool:
    """Whether a task would go to a manager nobody named (R12)."""
    return not case.envelope.manager_id and any(each.inbox is Inbox.MANAGER for each in tasks)


def _moved(case: Case, wanted: Wanted) -> date:
    way = "next" if wanted.forward else case.settings.dates.non_working_day
    if way == "same":
        return wanted.due
    working = case.working
    return working.on_or_after(wanted.due) if way == "next" else working.on_or_before(wanted.due)


def _inbox(case: Case, wanted: Wanted) -> tuple[Inbox, str | None]:
    envelope = case.envelope
    if wanted.assignee:
        return wanted.inbox, wanted.assignee
    owner = {
        Inbox.WORKER: envelope.allocated_worker_id,
        Inbox.MANAGER: envelope.manager_id,
        Inbox.TEAM: None,
    }[wanted.inbox]
    return (wanted.inbox, owner) if owner else (Inbox.TEAM, envelope.team_id)


def _explained(case: Case, wanted: Wanted, due: date) -> str:
    """Why the task is there and how its date was worked out, in sentences."""
    sentences = [wanted.because]
    if wanted.reckoning:
        sentences.append(f"{wanted.reckoning} is {in_words(wanted.due)}.")
    moved = _moved(case, wanted)
    if moved != wanted.due:
        why = case.working.why_not(wanted.due)
        sentences.append(f"Moved to {in_words(moved)}, because {in_words(wanted.due)} is {why}.")
    if due != moved:
        sentences.append(f"That day has passed, so it is due on {in_words(due)}.")
    return " ".join(sentences)
