"""The page on which something happens to a person or to their record."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from connector.sandbox.desk import HOME, desk
from connector.sandbox.desk_acts import PERSON_ACTS, act_on_person
from connector.sandbox.pages.people import person_or_404, show_record
from connector.sandbox.people import Person

pages = Blueprint("life", __name__, url_prefix="/registers/<register>/people/<person_id>/life")


@pages.get("")
def life_page(register: str, person_id: str) -> str:
    """What can happen to a person."""
    return _show(person_or_404(register, person_id))


def _show(person: Person, problem: str = "") -> str:
    others = desk().people.listing(person.register)
    return render_template(
        "life.html",
        register=person.register,
        person=person,
        others=[each for each in others if each.id != person.id],
        told=person.register == HOME,
        today=desk().today().isoformat(),
        typed=request.form,
        problem=problem,
    )


@pages.post("/<act>")
def happen(register: str, person_id: str, act: str) -> Response | tuple[str, int]:
    """Something happens; then back to the record."""
    person = person_or_404(register, person_id)
    if act not in PERSON_ACTS:
        abort(404, "Nothing of this name can happen.")
    try:
        act_on_person(act, person, request.form)
    except ValueError as wrong:
        return _show(person, str(wrong)), 422
    return show_record(person)
