"""Tasks over the REST API."""

from flask import Response, jsonify

from connector.sandbox.api import bodies
from connector.sandbox.api.door import api_blueprint, existing, found, keep, made
from connector.sandbox.api.misbehaviour import may_misbehave
from connector.sandbox.api.problems import problem_answer
from connector.sandbox.tasks import TaskIsClosed, cancel, complete, new_task, reassign

calls = api_blueprint("tasks")


@calls.errorhandler(TaskIsClosed)
def too_late(problem: TaskIsClosed) -> Response:
    """409 for a task that is no longer open."""
    return problem_answer(409, str(problem))


@calls.post("/tasks")
@may_misbehave("task")
def add_task(register: str) -> Response:
    """Put a task into an inbox."""
    body = bodies.json_object()
    task = new_task(
        title=bodies.text(body, "title", longest=bodies.LONGEST_TITLE),
        text=bodies.optional_text(body, "text"),
        opens_on=bodies.day(body, "opens_on"),
        due_on=bodies.day(body, "due_on"),
        assignee=bodies.assignee(body),
    )
    reference, person_id = bodies.text(body, "reference"), bodies.text(body, "person_id")
    return made("id", keep(register, "task", person_id, reference, task))


@calls.patch("/tasks/<task_id>")
@may_misbehave("change")
def reassign_task(register: str, task_id: str) -> Response:
    """Put an open task into another inbox."""
    assignee = bodies.assignee(bodies.json_object())
    reassign(existing(register, "task", task_id), assignee)
    return show_task(register, task_id)


@calls.post("/tasks/<task_id>/complete")
@may_misbehave("change")
def complete_task(register: str, task_id: str) -> Response:
    """Complete an open task."""
    result = bodies.optional_text(bodies.json_object(), "result")
    complete(existing(register, "task", task_id), result)
    return show_task(register, task_id)


@calls.post("/tasks/<task_id>/cancel")
@may_misbehave("change")
def cancel_task(register: str, task_id: str) -> Response:
    """Cancel an open task, with a reason."""
    reason = bodies.text(bodies.json_object(), "reason")
    cancel(existing(register, "task", task_id), reason)
    return show_task(register, task_id)


@calls.get("/tasks")
@may_misbehave("lookup")
def find_tasks(register: str) -> Response:
    """Tasks by reference."""
    return found(register, "task")


@calls.get("/tasks/<task_id>")
def show_task(register: str, task_id: str) -> Response:
    """A task as it is now."""
    return jsonify(existing(register, "task", task_id).as_json())
