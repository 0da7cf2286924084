"""T92: some young people have no next step, and their manager is told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from connector.dates import WorkingDays
from connector.model import Inbox, Task
from connector.policy.unasked import DAYS_TO_LOOK, Notice, due_in

LONGEST_LIST = 200
WHAT_IT_IS = "For these records a next step was missing:"
WHAT_TO_DO = (
    "Look at each record and decide what is to happen next. Where a task is planned again, there is"
    " nothing more to do."
)


@dataclass(frozen=True)
class Line:
    """What a manager is to look at on one record.

    What `happened` is found once, so it stays on the list until somebody has dealt with the list;
    what is lacking is looked for every night.
    """

    person_id: str
    text: str
    happened: bool = False


def no_next_step(lines: Sequence[Line], today: date, working: WorkingDays) -> Task:
    """One task with a line for each young person: the record number and one short reason."""
    shown = [f"- {each.person_id}: {each.text}" for each in lines[:LONGEST_LIST]]
    if len(lines) > LONGEST_LIST:
        shown.append(f"And {len(lines) - LONGEST_LIST} more: ask IT for the whole list.")
    return due_in(
        Notice(
            "T92",
            "DS-18",
            Inbox.MANAGER,
            because="Every night it is checked that nobody is left without a next step.",
            text="\n".join((WHAT_IT_IS, *shown, WHAT_TO_DO)),
            done_by="Everyone on the list has a next step, or needs none.",
        ),
        today,
        working,
        DAYS_TO_LOOK,
    )
