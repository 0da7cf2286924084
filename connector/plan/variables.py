"""What a profile's templates may say of a write: who, which form, and a task's own words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from connector.dates import LONDON
from connector.model import Task
from connector.plan.references import reference_guid
from connector.policy.words import TASK_TITLES
from schemas import FORMS, Envelope


@dataclass(frozen=True)
class Occasion:
    """Which form, which version of it, processed when: what references are made of.

    `version` is the host's, with a suffix of ours where content changed without a new one.
    `ordinal` counts the versions we hold, from 1. `due_time` is "17:00", London. `rounds` says of
    recurring tasks which time round this is, where it is not the first.
    """

    host: str
    submission_id: str
    version: str
    ordinal: int
    as_of: date
    due_time: str = "17:00"
    rounds: Mapping[str, int] = field(default_factory=dict)


def common(envelope: Envelope, occasion: Occasion) -> dict[str, Any]:
    """The template variables of every write."""
    form_type = envelope.form_type or ""
    return {
        "person_id": envelope.person_id,
        "case_id": envelope.case_id,
        "worker_id": envelope.allocated_worker_id,
        "manager_id": envelope.manager_id,
        "team_id": envelope.team_id,
        "author_id": envelope.completed_by_id,
        "today": occasion.as_of.isoformat(),
        "form": {
            "id": envelope.submission_id,
            "version": occasion.version,
            "type": form_type,
            "title": FORMS[form_type].title if form_type else "",
            "url": safe_link(envelope),
        },
    }


def referenced(shared: Mapping[str, Any], ours: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What is shared by every write, and this one's own, under this external reference."""
    return {**shared, "reference": ours, "reference_guid": reference_guid(ours), **content}


def task_content(envelope: Envelope, task: Task, due_time: str) -> dict[str, Any]:
    """The template variables of a task; a restricted record's text says no more than why."""
    restricted = bool(envelope.record_restricted) and says_less(task)
    link = safe_link(envelope)
    return {
        "task": task.task,
        "rule": task.rule,
        "title": task.title,
        "text": "\n\n".join(task_text(task, link, restricted=restricted)),
        "opens_on": task.opens_on.isoformat(),
        "due_on": task.due_on.isoformat(),
        "due_at": _at(task.due_on, due_time),
        "inbox": {"kind": task.inbox.value, "id": task.assignee},
        "because": task.because,
    }


def task_text(task: Task, link: str | None, *, restricted: bool) -> Iterable[str]:
    """The paragraphs of a task: what to do, why, what closes it, and where the form is."""
    if task.text and not restricted:
        yield task.text
    yield f"Why: {task.because}"
    if task.done_by:
        yield f"Done when: {task.done_by}"
    if link:
        yield f"Form: {link}"


def says_less(task: Task) -> bool:
    """Whether a restricted record's task says no more than why: an action, and what to put right,
    nobody could do without their words."""
    return task.task not in {"T20", "T90"}


def quiet_title(task: Task) -> str:
    """A title without a word of the form's answers."""
    title = TASK_TITLES.get(task.task, task.title)
    if task.task == "T12":
        return task.title if task.title.partition(": ")[2] in TASK_TITLES.values() else "Overdue"
    return task.title if "{" in title else title


def safe_link(envelope: Envelope) -> str | None:
    """The form's address, where it is one a browser should be sent to."""
    url = envelope.form_url or ""
    return url if url.startswith("https://") else None


def _at(day: date, due_time: str) -> str:
    hour, minute = due_time.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), LONDON).isoformat()
