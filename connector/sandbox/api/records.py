"""Outcomes, case notes and people over the REST API."""

from dataclasses import asdict
from typing import Any

from flask import Response, jsonify, request

from connector.sandbox.api import bodies
from connector.sandbox.api.door import api_blueprint, found, keep, made
from connector.sandbox.api.misbehaviour import may_misbehave
from connector.sandbox.api.problems import ApiProblem
from connector.sandbox.desk import desk
from connector.sandbox.people import Person
from connector.sandbox.telling import tell_of_an_outcome

calls = api_blueprint("records")
KINDS = ("outcome", "note", "document", "task", "task_document")


@calls.post("/people/<person_id>/outcomes")
@may_misbehave("outcome")
def add_outcome(register: str, person_id: str) -> Response:
    """Write an outcome onto a person's record."""
    body = bodies.json_object()
    outcome = {
        "status": bodies.text(body, "status"),
        "line": bodies.text(body, "line"),
        "details": bodies.details(body),
    }
    reference = bodies.text(body, "reference")
    answer = made("id", keep(register, "outcome", person_id, reference, outcome))
    tell_of_an_outcome(register, person_id)
    return answer


@calls.post("/people/<person_id>/notes")
@may_misbehave("note")
def add_note(register: str, person_id: str) -> Response:
    """Write a case note."""
    body = bodies.json_object()
    note = {
        "title": bodies.text(body, "title", longest=bodies.LONGEST_TITLE),
        "text": bodies.text(body, "text"),
    }
    reference = bodies.text(body, "reference")
    return made("id", keep(register, "note", person_id, reference, note))


@calls.get("/outcomes")
@may_misbehave("lookup")
def find_outcomes(register: str) -> Response:
    """Outcomes by reference."""
    return found(register, "outcome")


@calls.get("/notes")
@may_misbehave("lookup")
def find_notes(register: str) -> Response:
    """Case notes by reference."""
    return found(register, "note")


@calls.get("/people/<person_id>")
@may_misbehave("read")
def show_person(register: str, person_id: str) -> Response:
    """What a person's record says now: birth, death, worker, team, and where it was merged.

    This register takes forms about people nobody entered yet: with `unknown=blank` such a record
    reads as a blank one.
    """
    person = desk().people.find(register, person_id)
    if person is None and request.args.get("unknown") == "blank":
        person = Person(register, person_id)
    if person is None:
        raise ApiProblem(404, "There is nobody of this number.")
    return jsonify(asdict(person))


@calls.get("/everything")
def everything(register: str) -> Response:
    """All a register holds, oldest first."""
    held: dict[str, list[dict[str, Any]]] = {
        f"{kind}s": [entry.as_json() for entry in desk().entries.of_kind(register, kind)]
        for kind in KINDS
    }
    return jsonify(held | {"people": [asdict(each) for each in desk().people.listing(register)]})
