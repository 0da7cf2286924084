"""Turning misbehaviour on and off over the API, for tests."""

from flask import Response, jsonify

from connector.sandbox.api import bodies
from connector.sandbox.api.door import api_blueprint
from connector.sandbox.api.problems import ApiProblem
from connector.sandbox.desk import desk
from connector.sandbox.switches import switch_from

calls = api_blueprint("switches", prefix="/switches")


@calls.get("")
def list_switches() -> Response:
    """Those that are on."""
    return jsonify({"items": [switch.as_json() for switch in desk().switches.listing()]})


@calls.post("")
def turn_on() -> tuple[Response, int]:
    """Set one: register, kind, mode, and times or probability."""
    try:
        switch = switch_from(bodies.json_object())
    except ValueError as wrong:
        raise ApiProblem(422, str(wrong)) from None
    return jsonify({"id": desk().switches.turn_on(switch)}), 201


@calls.delete("")
def turn_all_off() -> tuple[str, int]:
    """Good behaviour everywhere."""
    desk().switches.turn_off()
    return "", 204


@calls.delete("/<int:number>")
def turn_off(number: int) -> tuple[str, int]:
    """Remove one."""
    desk().switches.turn_off(number)
    return "", 204
