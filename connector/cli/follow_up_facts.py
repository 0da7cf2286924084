"""What `connector follow-ups` and `show` say of a follow-up, and of people without a next step."""

import re
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any

from connector.casework import Desk
from connector.casework.gaps import people_with_gaps
from connector.model import Inbox
from connector.plan import quiet_title
from connector.policy.words import TASK_TITLES
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow, FollowUpState

STATES = {
    FollowUpState.PLANNED: "waits for its day",
    FollowUpState.OPEN: "in an inbox",
    FollowUpState.MISSED: "overdue, in an inbox",
    FollowUpState.DONE: "done",
    FollowUpState.DONE_LATE: "done late",
    FollowUpState.CANCELLED: "cancelled",
    FollowUpState.SUPERSEDED: "replaced",
}
"""Where a follow-up stands, in words."""

_GAP = re.compile(r"\{\w+\}")


def follow_up_facts(tx: Transaction, row: FollowUpRow) -> dict[str, Any]:
    """Everything known of one follow-up but its text. Raises KeyProblem.

    `what` is its title without a word of the form's answers; `whose` the inbox, of whoever has the
    role by then where its day has not come.
    """
    planned = tx.follow_ups.content(row.id)
    known = {each.name: _plain(getattr(row, each.name)) for each in fields(row)}
    return known | {
        "title": planned.task.title if planned else _title_at_large(row.task),
        "what": quiet_title(planned.task) if planned else _title_at_large(row.task),
        "because": planned.task.because if planned else row.reason,
        "stands": STATES[row.state],
        "whose": _whose(row.inbox, None if row.is_planned else row.assignee),
    }


def _whose(inbox: Inbox, assignee: str | None) -> str:
    """Whose inbox it is: “worker 7781”."""
    return f"{inbox.value} {assignee or ''}".strip()


def _title_at_large(task: str) -> str:
    """The title of a task whose own words are forgotten."""
    return _GAP.sub("…", TASK_TITLES.get(task, task))


def gap_facts(desk: Desk, host: str) -> list[dict[str, Any]]:
    """Everyone of a host who lacks a next step, and what it is."""
    return [
        {
            "host": gap.host,
            "person_id": gap.person_id,
            "task": gap.task.task,
            "due_on": gap.task.due_on.isoformat(),
            "inbox": owner.inbox.value,
            "assignee": owner.assignee,
            "whose": _whose(owner.inbox, owner.assignee),
            "reason": gap.reason,
        }
        for owner, gaps in people_with_gaps(desk, host)
        for gap in gaps
    ]


def _plain(value: Any) -> Any:
    """In JSON kinds; a moment is a date as well."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
