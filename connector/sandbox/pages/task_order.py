"""Which tasks a page shows, and in what order."""

from collections.abc import Iterable
from dataclasses import dataclass

from connector.sandbox.entries import Entry


@dataclass(frozen=True)
class TasksByState:
    """Tasks that stand open now and those that open later, by due date; then what was completed
    or cancelled, the last one first.
    """

    open: list[Entry]
    later: list[Entry]
    closed: list[Entry]


def by_state(tasks: Iterable[Entry], today: str) -> TasksByState:
    """Tasks in the order in which a person reads them. `today` is an ISO date."""
    waiting = sorted(tasks, key=lambda task: (task.body["due_on"], task.made_at))
    closed = [task for task in waiting if task.body["state"] != "open"]
    return TasksByState(
        open=[task for task in waiting if stands_open(task, today)],
        later=[task for task in waiting if _opens_later(task, today)],
        closed=sorted(closed, key=lambda task: task.body["closed_on"] or "", reverse=True),
    )


def stands_open(task: Entry, today: str) -> bool:
    """It waits in its inbox today."""
    return bool(task.body["state"] == "open" and task.body["opens_on"] <= today)


def _opens_later(task: Entry, today: str) -> bool:
    return bool(task.body["state"] == "open" and task.body["opens_on"] > today)
