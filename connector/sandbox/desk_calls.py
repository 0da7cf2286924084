"""The people's side as JSON calls, for tests: what the pages do, without the pages.

There is no log-in, as on the pages; only callers on this machine are let in.
"""

from collections.abc import Mapping
from ipaddress import ip_address

from flask import Blueprint, Response, jsonify, request

from connector.sandbox import desk_acts
from connector.sandbox.api.door import existing
from connector.sandbox.api.problems import ApiProblem, problem_answer
from connector.sandbox.desk import desk
from connector.sandbox.desk_acts import FORM_ACTS, PERSON_ACTS, TASK_ACTS
from connector.sandbox.said import Said
from connector.sandbox.tasks import TaskIsClosed

calls = Blueprint("desk_calls", __name__, url_prefix="/registers/<register>/desk")


@calls.before_request
def _only_from_this_machine() -> Response | None:
    if ip_address(request.remote_addr or "::").is_loopback:
        return None
    return problem_answer(403, "Only callers on this machine may do what people do.")


@calls.errorhandler(ApiProblem)
def _refused(problem: ApiProblem) -> Response:
    return problem_answer(problem.status, problem.detail, problem.field)


@calls.errorhandler(TaskIsClosed)
def _too_late(problem: TaskIsClosed) -> Response:
    return problem_answer(409, str(problem))


@calls.errorhandler(ValueError)
def _makes_no_sense(problem: ValueError) -> Response:
    return problem_answer(422, str(problem))


@calls.post("/tasks/<task_id>/<act>")
def on_task(register: str, task_id: str, act: str) -> Response:
    """complete (result, done_on), cancel (reason) or reassign (assignee: kind and id)."""
    _must_be_known(act, TASK_ACTS)
    said = _said()
    assignee = said.get("assignee")
    said = {**said, **assignee} if isinstance(assignee, dict) else said
    webhook = desk_acts.act_on_task(act, existing(register, "task", task_id), said)
    return jsonify({"webhook": webhook, "task": existing(register, "task", task_id).as_json()})


@calls.post("/people/<person_id>/<act>")
def on_person(register: str, person_id: str, act: str) -> Response:
    """roles, left, death, alive, restrict, merge or support."""
    _must_be_known(act, PERSON_ACTS)
    person = desk().people.find(register, person_id)
    if person is None:
        raise ApiProblem(404, "There is nobody of this number.")
    return jsonify({"webhook": desk_acts.act_on_person(act, person, _said())})


@calls.post("/forms/<form_id>/<act>")
def on_form(register: str, form_id: str, act: str) -> Response:
    """reopen or withdraw, as a short event or `with_answers`."""
    _must_be_known(act, FORM_ACTS)
    form = desk().forms.latest(form_id)
    if form is None or form.register != register:
        raise ApiProblem(404, "There is no form of this number.")
    return jsonify({"webhook": desk_acts.act_on_form(act, form, _said())})


def _must_be_known(act: str, known: Mapping[str, object]) -> None:
    if act not in known:
        raise ApiProblem(404, "There is no such call.")


def _said() -> Said:
    if not request.get_data():
        return {}
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise ApiProblem(400, "Send a JSON object with Content-Type application/json.")
    return body
