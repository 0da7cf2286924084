"""The door of the REST API: the token, the answers, and what every kind of entry shares."""

from hmac import compare_digest
from typing import Any

from flask import Blueprint, Response, jsonify, request

from connector.sandbox.api.problems import ApiProblem, problem_answer
from connector.sandbox.desk import desk
from connector.sandbox.entries import Entry
from connector.sandbox.people import LONGEST_ID


def api_blueprint(name: str, prefix: str = "/registers/<register>/api") -> Blueprint:
    """A group of calls that need the token and answer problems as JSON."""
    calls = Blueprint(f"api_{name}", __name__, url_prefix=prefix)
    calls.before_request(_only_with_the_token)
    calls.register_error_handler(ApiProblem, _refused)
    return calls


def _refused(problem: ApiProblem) -> Response:
    return problem_answer(problem.status, problem.detail, problem.field)


def _only_with_the_token() -> Response | None:
    given = request.headers.get("Authorization", "").encode()
    if compare_digest(given, f"Bearer {desk().settings.token}".encode()):
        return None
    answer = problem_answer(401, "Send Authorization: Bearer and the token of this sandbox.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def made(name: str, made_id: str) -> Response:
    """201 and the id of what was made."""
    answer = jsonify({name: made_id})
    answer.status_code = 201
    return answer


def keep(register: str, kind: str, person_id: str, reference: str, body: dict[str, Any]) -> str:
    """One more entry on a record; the record is made if it is not there yet."""
    if not person_id.strip() or len(person_id) > LONGEST_ID:
        raise ApiProblem(422, f"A person's number has 1 to {LONGEST_ID} characters.", "person_id")
    with desk().database.transaction():
        desk().people.ensure(register, person_id)
        return _add(register, kind, reference, person_id, body)


def keep_about_nobody(register: str, kind: str, reference: str, body: dict[str, Any]) -> str:
    """One more entry that is on no person's record."""
    return _add(register, kind, reference, "", body)


def _add(register: str, kind: str, reference: str, person_id: str, body: dict[str, Any]) -> str:
    return desk().entries.add(register, kind, reference, person_id, body, desk().now())


def found(register: str, kind: str) -> Response:
    """The entries of a kind whose reference is exactly the one that is asked for."""
    reference = request.args.get("reference")
    if not reference:
        raise ApiProblem(400, "Name the reference to look for: ?reference=…", "reference")
    items = desk().entries.by_reference(register, kind, reference)
    return jsonify({"items": [{"id": item.id, "reference": item.reference} for item in items]})


def existing(register: str, kind: str, entry_id: str) -> Entry:
    """An entry that must be there."""
    entry = desk().entries.find(register, kind, entry_id)
    if entry is None:
        raise ApiProblem(404, f"There is no {kind} of this number.")
    return entry
