"""What can happen to a task: it is open until someone completes or cancels it."""

from collections.abc import Mapping
from typing import Any

from connector.sandbox.desk import desk
from connector.sandbox.entries import Entry


class TaskIsClosed(Exception):
    """The task was completed or cancelled before; nothing changed."""


def new_task(
    title: str, text: str, opens_on: str, due_on: str, assignee: Mapping[str, str]
) -> dict[str, Any]:
    """The body of a task that is open."""
    return {
        "title": title,
        "text": text,
        "opens_on": opens_on,
        "due_on": due_on,
        "assignee": dict(assignee),
        "state": "open",
        "result": "",
        "reason": "",
        "closed_on": None,
    }


def reassign(task: Entry, assignee: Mapping[str, str]) -> None:
    """Put an open task into another inbox."""
    _change(task, assignee=dict(assignee))


def complete(task: Entry, result: str) -> None:
    """Mark an open task as done, with a result if there is one."""
    _change(task, state="completed", result=result, closed_on=desk().today().isoformat())


def cancel(task: Entry, reason: str) -> None:
    """Withdraw an open task, with a reason."""
    _change(task, state="cancelled", reason=reason, closed_on=desk().today().isoformat())


def _change(task: Entry, **changes: Any) -> None:
    with desk().database.transaction():
        now = desk().entries.find(task.register, "task", task.id) or task
        if now.body["state"] != "open":
            raise TaskIsClosed(f"This task is already {now.body['state']}.")
        desk().entries.change(now, **changes)
