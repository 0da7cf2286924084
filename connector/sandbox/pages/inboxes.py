"""The inboxes of workers, managers and teams, and the tasks in them."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.sandbox.desk import desk
from connector.sandbox.desk_acts import INBOXES, TASK_ACTS, act_on_task
from connector.sandbox.entries import Entry
from connector.sandbox.pages.task_order import by_state, stands_open
from connector.sandbox.tasks import TaskIsClosed, results_of

pages = Blueprint("inboxes", __name__, url_prefix="/registers/<register>")


@dataclass(frozen=True)
class InboxOf:
    """One inbox: whose, their name where it is known, and how many tasks stand open in it now."""

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
    today = desk().today().isoformat()
    held = Counter(_inbox(task) for task in tasks if stands_open(task, today))
    known = sorted(names.keys() | {_inbox(task) for task in tasks}, key=_in_order)
    return [InboxOf(*each, name=names.get(each, ""), open=held[each]) for each in known]


def _in_order(inbox: tuple[str, str]) -> tuple[int, str]:
    return INBOXES.index(inbox[0]), inbox[1]


def _inbox(task: Entry) -> tuple[str, str]:
    return task.body["assignee"]["kind"], task.body["assignee"]["id"]


def _names(register: str) -> dict[tuple[str, str], str]:
    names = {}
    for person in desk().people.listing(register):
        for kind in INBOXES:
            number = getattr(person, f"{kind}_id")
            if number:
                names[kind, number] = getattr(person, f"{kind}_name")
    return names


@pages.get("/inboxes/<kind>/<path:owner>")
def inbox_page(register: str, kind: str, owner: str) -> str:
    """One inbox: what stands open now, by due date, and what was closed, the last one first."""
    if kind not in INBOXES:
        abort(404, "An inbox belongs to a worker, a manager or a team.")
    mine = [t for t in desk().entries.of_kind(register, "task") if _inbox(t) == (kind, owner)]
    today = desk().today().isoformat()
    return render_template(
        "inbox.html",
        register=register,
        inbox=InboxOf(kind, owner, _names(register).get((kind, owner), ""), 0),
        tasks=by_state(mine, today),
        people={person.id: person for person in desk().people.listing(register)},
        today=today,
    )


def _task_or_404(register: str, task_id: str) -> Entry:
    task = desk().entries.find(register, "task", task_id)
    if task is None:
        abort(404, "There is no task of this number.")
    return task


@pages.get("/tasks/<task_id>")
def task_page(register: str, task_id: str) -> str:
    """One task in full, to complete, cancel or put into another inbox."""
    return _show(_task_or_404(register, task_id))


def _show(task: Entry, problem: str = "") -> str:
    return render_template(
        "task.html",
        register=task.register,
        task=task,
        person=desk().people.find(task.register, task.person_id),
        documents=desk().entries.of_task(task.id),
        results=results_of(task),
        inboxes=[each for each in _inboxes(task.register) if (each.kind, each.id) != _inbox(task)],
        today=desk().today().isoformat(),
        typed=request.form,
        problem=problem,
    )


@pages.post("/tasks/<task_id>")
def change_task(register: str, task_id: str) -> Response | tuple[str, int]:
    """Complete, cancel or reassign a task, then back to the inbox it was in."""
    task, act = _task_or_404(register, task_id), request.form.get("do", "complete")
    if act not in TASK_ACTS:
        abort(422, "A task can be completed, cancelled or put into another inbox.")
    kind, _, owner = request.form.get("inbox", "").partition("/")
    try:
        act_on_task(act, task, {**request.form, "kind": kind, "id": owner})
    except TaskIsClosed as too_late:
        abort(409, str(too_late))
    except ValueError as wrong:
        return _show(task, str(wrong)), 422
    kind, owner = _inbox(task)
    return redirect(
        url_for("inboxes.inbox_page", register=register, kind=kind, owner=owner), code=303
    )
