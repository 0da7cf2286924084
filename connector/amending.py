"""A decision as it stands after the comparison, and in words what changed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from connector.comparing import Change
from connector.dates import in_words
from connector.model import Decision, Task
from connector.policy.words import TASK_TITLES

DATES_WRITTEN = {
    "next_contact_on": ("T01", "T30"),
    "next_review_on": ("T02", "T21"),
}
"""The dates on the record that are those of a task."""


def as_it_stands(decision: Decision, changes: Sequence[Change]) -> Decision:
    """The decision with the tasks that really stand: those kept keep their dates, those done are
    not listed again; the line and the dates on the record follow."""
    tasks = tuple(sorted(_standing(decision, changes), key=lambda t: (t.due_on, t.task)))
    words, _, _ = decision.line.partition(". Next: ")
    line = f"{words.rstrip('.')}."
    if tasks:
        line = f"{line[:-1]}. Next: {tasks[0].title} by {in_words(tasks[0].due_on)}."
    due = {task.task: task.due_on for task in tasks}
    dates = {
        name: next((due[task] for task in of if task in due), None)
        for name, of in DATES_WRITTEN.items()
        if getattr(decision.write_back, name) is not None
    }
    written: Any = {"line": line, **dates}
    return replace(
        decision,
        tasks=tasks,
        line=line,
        write_back=replace(decision.write_back, **written),
    )


def _standing(decision: Decision, changes: Sequence[Change]) -> Iterator[Task]:
    for change in changes:
        if change.follow_up is None or change.way == "passed over":
            continue
        task = change.follow_up.task
        kept = change.way in {"kept", "handed over"} and change.was_due
        yield replace(task, due_on=change.was_due) if kept and change.was_due else task


def what_changed(changes: Sequence[Change]) -> tuple[str, ...]:
    """What a new version did to the tasks, a sentence each; nothing for a first form."""
    if not any(change.row for change in changes):
        return ()
    return tuple(filter(None, map(_sentence, changes)))


def _sentence(change: Change) -> str:
    title = _title(change)
    if change.way == "added" and change.follow_up:
        return f"New: {title}, due {in_words(change.follow_up.task.due_on)}."
    if change.way == "kept" and change.was_due:
        return f"Unchanged: {title}, due {in_words(change.was_due)}."
    if change.way == "handed over" and change.was_due:
        return f"Moved to another inbox: {title}, due {in_words(change.was_due)}."
    if change.way == "moved" and change.follow_up and change.was_due:
        return _moved(change.follow_up.task, change, title)
    if change.way == "done":
        return f"Done: {title}. {change.reason}"
    return f"No longer needed: {title}. {change.reason}" if change.way == "cancelled" else ""


def _moved(task: Task, change: Change, title: str) -> str:
    if change.was_due is None or change.was_due == task.due_on:
        return f"Asked again, in new words: {title}, due {in_words(task.due_on)}."
    return f"Moved: {title}, from {in_words(change.was_due)} to {in_words(task.due_on)}."


def _title(change: Change) -> str:
    if change.follow_up:
        return change.follow_up.task.title
    return change.title or TASK_TITLES[change.task].partition(":")[0].replace("{who}", "someone")
