"""Tasks over the REST API."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, jsonify

from connector.sandbox.api import bodies
from connector.sandbox.api.door import (
    api_blueprint,
    existing,
    found,
    keep,
    keep_about_nobody,
    made,
)
from connector.sandbox.api.misbehaviour import may_misbehave
from connector.sandbox.api.problems import ApiProblem, problem_answer
from connector.sandbox.tasks import TaskIsClosed, cancel, complete, new_task, reassign, reword

calls = api_blueprint("tasks")


@calls.errorhandler(TaskIsClosed)
def too_late(problem: TaskIsClosed) -> Response:
    """409 for a task that is no longer open."""
    return problem_answer(409, str(problem))


@calls.post("/tasks")
@may_misbehave("task")
def add_task(register: str) -> Response:
    """Put a task into an inbox; it need not be about anybody."""
    body = bodies.json_object()
    task = new_task(
        title=bodies.text(body, "title", longest=bodies.LONGEST_TITLE),
        text=bodies.optional_text(body, "text"),
        opens_on=bodies.day(body, "opens_on"),
        due_on=bodies.day(body, "due_on"),
        assignee=bodies.assignee(body),
    )
    reference, person_id = bodies.text(body, "reference"), bodies.optional_text(body, "person_id")
    if not person_id:
        return made("id", keep_about_nobody(register, "task", reference, task))
    return made("id", keep(register, "task", person_id, reference, task))


@calls.patch("/tasks/<task_id>")
@may_misbehave("change")
def change_task(register: str, task_id: str) -> Response:
    """Give an open task another title, text, date or inbox: whatever the body names."""
    body = bodies.json_object()
    words = _words(body)
    assignee = bodies.assignee(body) if "assignee" in body or not words else None
    if words:
        reword(existing(register, "task", task_id), words)
    if assignee:
        reassign(existing(register, "task", task_id), assignee)
    return _shown(register, task_id)


@calls.post("/tasks/<task_id>/complete")
@may_misbehave("change")
def complete_task(register: str, task_id: str) -> Response:
    """Complete an open task, with a result and the day it was done where they are known."""
    body = bodies.json_object()
    result = bodies.optional_text(body, "result") or None
    done_on = bodies.day(body, "done_on") if body.get("done_on") else None
    try:
        complete(existing(register, "task", task_id), result, done_on)
    except ValueError as wrong:
        raise ApiProblem(422, str(wrong), "done_on") from None
    return _shown(register, task_id)


@calls.post("/tasks/<task_id>/cancel")
@may_misbehave("change")
def cancel_task(register: str, task_id: str) -> Response:
    """Cancel an open task, with a reason."""
    reason = bodies.text(bodies.json_object(), "reason")
    cancel(existing(register, "task", task_id), reason)
    return _shown(register, task_id)


@calls.get("/tasks")
@may_misbehave("lookup")
def find_tasks(register: str) -> Response:
    """Tasks by reference."""
    return found(register, "task")


@calls.get("/tasks/<task_id>")
@may_misbehave("read")
def show_task(register: str, task_id: str) -> Response:
    """A task as it is now."""
    return _shown(register, task_id)


def _words(body: Mapping[str, Any]) -> dict[str, str]:
    read: Mapping[str, Callable[[], str]] = {
        "title": lambda: bodies.text(body, "title", longest=bodies.LONGEST_TITLE),
        "text": lambda: bodies.optional_text(body, "text"),
        "opens_on": lambda: bodies.day(body, "opens_on"),
        "due_on": lambda: bodies.day(body, "due_on"),
    }
    return {name: typed() for name, typed in read.items() if name in body}


def _shown(register: str, task_id: str) -> Response:
    return jsonify(existing(register, "task", task_id).as_json())
