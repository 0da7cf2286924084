"""The tasks no form asks for: what is overdue, who is missing, what a contact or a change of worker
leads to. Each is a task with its dates worked out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from connector.dates import WorkingDays, in_words
from connector.model import Inbox, Task
from connector.policy.words import TASK_TITLES

DAYS_TO_ALLOCATE = 2
DAYS_TO_ATTACH = 2
DAYS_TO_GIVE_DETAILS = 10
DAYS_TO_LOOK = 5

WORKER_LEFT = "Whoever it was has left."
NO_WORKER = "Nobody is recorded as the worker."
DETAILS = (
    "Give the family or carers the name and the contact details of the worker they have now, and"
    " how to reach the service."
)
NOT_SAFE_TO_CONTACT = (
    "Contact with the family is recorded as not safe: decide first who tells them, and how.\n"
)


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


def overdue(
    title: str, due_on: date, inbox: str, ask: str, today: date, working: WorkingDays
) -> Task:
    """T12: a task was not done for so long that the manager is told, once.

    `inbox` is where the task is ("worker 7781"), `ask` whom the manager speaks to about it.
    """
    return due_in(
        Notice(
            "T12",
            "DS-18",
            Inbox.MANAGER,
            because=f"The task was due on {in_words(due_on)} and is not recorded as done. It is in"
            f" the inbox of {inbox}.",
            text=f"Speak to {ask}, or give the task to somebody else in the case system. It can"
            " still be done, and no second notice comes.",
            done_by="The task is done. This notice then goes by itself.",
            title=TASK_TITLES["T12"].format(title=title),
        ),
        today,
        working,
        1,
    )


def no_worker(title: str, why: str, today: date, working: WorkingDays) -> Task:
    """T91: the task of this title is for the allocated worker, and `why` there is none."""
    return due_in(
        Notice(
            "T91",
            "DS-02",
            Inbox.MANAGER,
            because=f"A task is for the allocated worker. {why}",
            text=until_somebody_is_allocated([title]),
            done_by="A worker is allocated and has the task.",
        ),
        today,
        working,
        DAYS_TO_ALLOCATE,
    )


def until_somebody_is_allocated(titles: Iterable[str]) -> str:
    """What the manager does about tasks that nobody can be given, and where they are meanwhile."""
    listed = "\n".join(f"- {title}" for title in dict.fromkeys(titles))
    return (
        "Allocate a leaving care worker on the record. Until then the team's inbox has what is for"
        f" the worker, beginning with:\n{listed}"
        "\nOpen tasks move to the new worker once the case system tells who it is. If one is still"
        " with the team a day later, hand it over yourself."
    )


def attach_yourself(name: str, submission_id: str, today: date, working: WorkingDays) -> Task:
    """T11: the case summary of this file name could not be put onto the record (DC-34)."""
    return due_in(
        Notice(
            "T11",
            "DC-34",
            Inbox.WORKER,
            because=f"The case summary “{name}” could not be attached to the record.",
            text="Look whether it is among the case summaries. If it is not, ask IT to send it once"
            f" more: they find it under {submission_id}. Or save the case note, which has the"
            " whole text, as a document and attach that.",
            done_by="The case summary is on the record.",
        ),
        today,
        working,
        DAYS_TO_ATTACH,
    )


def change_of_approach(
    done_on: date, social_worker: str, today: date, working: WorkingDays, days: int
) -> Task:
    """T05: the lead social worker was contacted, and the approach should change (DS-19, DS-20).

    `social_worker` is whom to ring, "" where no form says.
    """
    ring = f" The lead social worker is: {social_worker}." if social_worker else ""
    return due_in(
        Notice(
            "T05",
            "DS-19",
            Inbox.MANAGER,
            because="The contact with the lead social worker on"
            f" {in_words(done_on)} found that a change is needed.",
            text="Ask the worker who made the contact what has changed; it is in their case note."
            f"{ring}\nDecide whether the approach should change. If it should, everyone who agreed"
            " has to agree again: the worker asks them and completes a new agreement. The approach,"
            " its contacts and their dates carry on until then.\nIf nothing changes, write down"
            " why: no form is needed.",
            done_by="A new agreement is active (this task then goes by itself), or your decision"
            " that nothing changes is recorded on the case.",
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
            text=NOT_SAFE_TO_CONTACT + DETAILS if role is Inbox.MANAGER else DETAILS,
            done_by="The family or carers have the details.",
        ),
        today,
        working,
        DAYS_TO_GIVE_DETAILS,
    )
