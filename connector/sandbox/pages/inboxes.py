"""The inboxes of workers, managers and teams, and the tasks in them."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.sandbox.desk import desk
from connector.sandbox.entries import Entry
from connector.sandbox.tasks import TaskIsClosed, cancel, complete

pages = Blueprint("inboxes", __name__, url_prefix="/registers/<register>")

KINDS = ("worker", "manager", "team")


@dataclass(frozen=True)
class InboxOf:
    """One inbox: whose, their name where it is known, and how many tasks are open in it."""

    kind: str
    id: str
    name: str
    open: int


@pages.get("/inboxes")
def inboxes_page(register: str) -> str:
    """Every inbox of a register."""
    return render_template("inboxes.html", register=register, inboxes=_inboxes(register))


def _inboxes(register: str) -> list[InboxOf]:
    names = _names(register)
    tasks = desk().entries.of_kind(register, "task")
    held = Counter(_inbox(task) for task in tasks if task.body["state"] == "open")
    known = sorted(names.keys() | {_inbox(task) for task in tasks}, key=_in_order)
    return [InboxOf(*each, name=names.get(each, ""), open=held[each]) for each in known]


def _in_order(inbox: tuple[str, str]) -> tuple[int, str]:
    return KINDS.index(inbox[0]), inbox[1]


def _inbox(task: Entry) -> tuple[str, str]:
    return task.body["assignee"]["kind"], task.body["assignee"]["id"]


def _names(register: str) -> dict[tuple[str, str], str]:
    names = {}
    for person in desk().people.listing(register):
        for kind in KINDS:
            number = getattr(person, f"{kind}_id")
            if number:
                names[kind, number] = getattr(person, f"{kind}_name")
    return names


@pages.get("/inboxes/<kind>/<path:owner>")
def inbox_page(register: str, kind: str, owner: str) -> str:
    """One inbox: what is open, by due date, and what was closed."""
    if kind not in KINDS:
        abort(404, "An inbox belongs to a worker, a manager or a team.")
    mine = [t for t in desk().entries.of_kind(register, "task") if _inbox(t) == (kind, owner)]
    mine.sort(key=lambda task: (task.body["due_on"], task.made_at))
    return render_template(
        "inbox.html",
        register=register,
        inbox=InboxOf(kind, owner, _names(register).get((kind, owner), ""), 0),
        open_tasks=[task for task in mine if task.body["state"] == "open"],
        closed_tasks=[task for task in mine if task.body["state"] != "open"],
        people={person.id: person for person in desk().people.listing(register)},
        today=desk().today().isoformat(),
    )


def _task_or_404(register: str, task_id: str) -> Entry:
    task = desk().entries.find(register, "task", task_id)
    if task is None:
        abort(404, "There is no task of this number.")
    return task


@pages.get("/tasks/<task_id>")
def task_page(register: str, task_id: str) -> str:
    """One task in full, to complete or cancel."""
    task = _task_or_404(register, task_id)
    return render_template(
        "task.html",
        register=register,
        task=task,
        person=desk().people.find(register, task.person_id),
        today=desk().today().isoformat(),
    )


@pages.post("/tasks/<task_id>")
def close_task(register: str, task_id: str) -> Response:
    """Complete or cancel a task, then back to the inbox it was in."""
    task = _task_or_404(register, task_id)
    words = request.form.get("words", "").strip()
    try:
        if request.form.get("do") == "cancel":
            cancel(task, words or "No longer needed")
        else:
            complete(task, words)
    except TaskIsClosed as too_late:
        abort(409, str(too_late))
    kind, owner = _inbox(task)
    return redirect(
        url_for("inboxes.inbox_page", register=register, kind=kind, owner=owner), code=303
    )
