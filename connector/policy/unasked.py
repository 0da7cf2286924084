"""The tasks no form asks for: what is overdue, who is missing, what a contact or a change of worker
leads to. Each is a task with its dates worked out."""

from dataclasses import dataclass
from datetime import date

from connector.dates import WorkingDays, in_words
from connector.model import Inbox, Task
from connector.policy.words import TASK_TITLES

DAYS_TO_ALLOCATE = 2
DAYS_TO_ATTACH = 2
DAYS_TO_GIVE_DETAILS = 10
DAYS_TO_LOOK = 5


@dataclass(frozen=True)
class Notice:
    """What a task no form asks for is about."""

    task: str
    rule: str
    role: Inbox
    because: str
    text: str
    done_by: str
    title: str = ""


def due_in(notice: Notice, today: date, working: WorkingDays, days: int) -> Task:
    """The task, due so many working days after today, in the inbox at once (R17)."""
    counted = "1 working day" if days == 1 else f"{days} working days"
    due = working.after(today, days)
    return Task(
        task=notice.task,
        rule=notice.rule,
        title=notice.title or TASK_TITLES[notice.task],
        inbox=notice.role,
        assignee=None,
        opens_on=today,
        due_on=due,
        because=f"{notice.because} {counted} after {in_words(today)} is {in_words(due)}.",
        text=notice.text,
        done_by=notice.done_by,
        role=notice.role,
    )


def overdue(title: str, due_on: date, today: date, working: WorkingDays) -> Task:
    """T12: a task was not done for so long that the manager is told, once."""
    return due_in(
        Notice(
            "T12",
            "DS-18",
            Inbox.MANAGER,
            because=f"The task was due on {in_words(due_on)} and is not recorded as done.",
            text="Speak to whoever has the task. It stays in their inbox and can still be done;"
            " this notice goes when it is.",
            done_by="The task is done.",
            title=TASK_TITLES["T12"].format(title=title),
        ),
        today,
        working,
        1,
    )


def no_worker(today: date, working: WorkingDays) -> Task:
    """T91: a task is for the allocated worker, and there is none."""
    return due_in(
        Notice(
            "T91",
            "DS-02",
            Inbox.MANAGER,
            because="A task is for the allocated worker, and there is nobody who has that role.",
            text="Allocate a leaving care worker. Until then the task is in the team's inbox.",
            done_by="A worker is allocated and has the task.",
        ),
        today,
        working,
        DAYS_TO_ALLOCATE,
    )


def attach_yourself(today: date, working: WorkingDays) -> Task:
    """T11: the case summary could not be put onto the record (DC-34)."""
    return due_in(
        Notice(
            "T11",
            "DC-34",
            Inbox.WORKER,
            because="The case summary of a form could not be attached to the record.",
            text="Look whether it is there. If it is not, ask IT for the document and attach it to"
            " the case summaries. The whole text stands in the case note.",
            done_by="The case summary is on the record.",
        ),
        today,
        working,
        DAYS_TO_ATTACH,
    )


def change_of_approach(done_on: date, today: date, working: WorkingDays, days: int) -> Task:
    """T05: the lead social worker was contacted, and the approach should change (DS-19)."""
    return due_in(
        Notice(
            "T05",
            "DS-19",
            Inbox.MANAGER,
            because="The contact with the lead social worker on"
            f" {in_words(done_on)} found that a change is needed.",
            text="Agree with everyone what should change. The approach carries on until a new"
            " agreement form is completed; everyone has to agree to it.",
            done_by="A new agreement, or a decision that nothing changes.",
        ),
        today,
        working,
        days,
    )


def new_contact_details(today: date, working: WorkingDays, role: Inbox) -> Task:
    """T28: the worker has changed, and the family needs to know whom to ring (DS-28, R14)."""
    return due_in(
        Notice(
            "T28",
            "DS-28",
            role,
            because="The allocated worker has changed; the family has somebody else's details.",
            text="Give the family or carers the new worker's contact details, and the service's.",
            done_by="The details were given.",
        ),
        today,
        working,
        DAYS_TO_GIVE_DETAILS,
    )
