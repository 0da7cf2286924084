"""What can happen to a task: it is open until someone completes or cancels it.

`by` is the number of whoever does it; where it is the connector, nobody is told of it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from connector.sandbox.desk import desk
from connector.sandbox.entries import Entry
from connector.sandbox.telling import CONNECTOR, telling

RESULTS: Mapping[str, str] = MappingProxyType(
    {"no_change": "No change", "change_needed": "Change needed"}
)


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
        "result": None,
        "reason": "",
        "closed_on": None,
        "completed_at": None,
        "done_on": None,
    }


def results_of(task: Entry) -> Mapping[str, str]:
    """How this task can end besides being done: a contact with or without a change."""
    return RESULTS if task.body["title"].startswith("Contact ") else {}


def at_hand(task: Entry) -> str:
    """The number of whoever most likely works on a task: its owner, or the allocated worker."""
    assignee = task.body["assignee"]
    person = desk().people.find(task.register, task.person_id or "")
    if assignee["kind"] == "team" and person and person.worker_id:
        return person.worker_id
    return str(assignee["id"])


def reassign(task: Entry, assignee: Mapping[str, str], by: str = CONNECTOR) -> str | None:
    """Put an open task into another inbox; the webhook that tells of it."""
    with telling(task.register, by) as told:
        now = _change(task, assignee=dict(assignee))
        owner = {assignee["kind"]: {"id": assignee["id"]}}
        told.event("task.reassigned", {"task": _named(now), **_person(now), **owner})
    return told.webhook_id


def reword(task: Entry, words: Mapping[str, str]) -> None:
    """Give an open task another title, text or date. Nobody is told of that by a webhook."""
    _change(task, **words)


def complete(
    task: Entry, result: str | None, done_on: str | None = None, by: str = CONNECTOR
) -> str | None:
    """Mark an open task as done; the webhook that tells of it.

    `result` says how it ended (no_change, change_needed or None), `done_on` the day the work was
    really done where that was another one.
    """
    moment, today = desk().now().isoformat(timespec="seconds"), desk().today().isoformat()
    with telling(task.register, by) as told:
        now = _change(
            task,
            state="completed",
            result=result,
            closed_on=today,
            completed_at=moment,
            done_on=done_on or today,
        )
        ended = {"result": result if result in RESULTS else None, "done_on": done_on}
        told.event("task.completed", {"task": _named(now) | ended, **_person(now)})
    return told.webhook_id


def cancel(task: Entry, reason: str, by: str = CONNECTOR) -> str | None:
    """Withdraw an open task, with a reason; the webhook that tells of it."""
    with telling(task.register, by) as told:
        today = desk().today().isoformat()
        now = _change(task, state="cancelled", reason=reason, closed_on=today)
        told.event("task.cancelled", {"task": _named(now) | {"reason": reason}, **_person(now)})
    return told.webhook_id


def _named(task: Entry) -> dict[str, object]:
    return {"id": task.id, "reference": task.reference, "state": task.body["state"]}


def _person(task: Entry) -> dict[str, object]:
    return {"person": {"id": task.person_id}} if task.person_id else {}


def _change(task: Entry, **changes: Any) -> Entry:
    now = desk().entries.find(task.register, "task", task.id) or task
    if now.body["state"] != "open":
        raise TaskIsClosed(f"This task is already {now.body['state']}.")
    desk().entries.change(now, **changes)
    return desk().entries.find(task.register, "task", task.id) or now
