"""The page on which this case system is told to misbehave."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.sandbox.desk import HOME, desk
from connector.sandbox.switches import KINDS, MODES, OF_WEBHOOKS, switch_from

pages = Blueprint("misbehaviour", __name__, url_prefix="/misbehaviour")


def _page(problem: str = "") -> str:
    registers = desk().people.registers()
    return render_template(
        "misbehaviour.html",
        switches=desk().switches.listing(),
        registers=registers,
        kinds=KINDS,
        modes=MODES,
        of_webhooks=OF_WEBHOOKS,
        home=HOME,
        typed=request.form or {"register": HOME, "times": "1", "seconds": "2"},
        problem=problem,
    )


@pages.get("")
def misbehaviour_page() -> str:
    """Which switches are on, and a form to set another."""
    return _page()


@pages.post("")
def turn_on() -> Response | tuple[str, int]:
    """Set a switch."""
    try:
        desk().switches.turn_on(switch_from(request.form))
    except ValueError as wrong:
        return _page(str(wrong)), 422
    return redirect(url_for("misbehaviour.misbehaviour_page"), code=303)


@pages.post("/off")
def turn_off() -> Response:
    """Remove one switch, or all of them."""
    number = request.form.get("id", type=int)
    desk().switches.turn_off(number)
    return redirect(url_for("misbehaviour.misbehaviour_page"), code=303)
