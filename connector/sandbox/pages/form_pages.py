"""The pages on which a worker fills in a form and completes it."""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from connector.sandbox import sent_forms
from connector.sandbox.desk import HOME, desk
from connector.sandbox.desk_acts import FORM_ACTS, act_on_form
from connector.sandbox.filled_forms import FilledForm
from connector.sandbox.filling import Answers, cell_name, read_answers, starting_answers
from connector.sandbox.pages.people import person_or_404
from connector.sandbox.pages.webhook_pages import show_webhook
from connector.sandbox.people import Person
from connector.sandbox.sheets import FORM_TYPES, sheet

_SAME_NAMES = (
    *("date_of_birth", "date_of_death", "worker_id", "worker_name"),
    *("manager_id", "manager_name", "team_id", "team_name"),
)

pages = Blueprint("forms", __name__, url_prefix=f"/registers/{HOME}")


@dataclass(frozen=True)
class Opened:
    """A form on the screen: `form` is the version that is edited, None for a new form."""

    person: Person
    form_type: str
    head: Answers
    answers: Answers
    form: FilledForm | None = None


@pages.get("/people/<person_id>/forms/<form_type>")
def new_form_page(person_id: str, form_type: str) -> str:
    """A new form with sensible answers filled in."""
    return _show(_new(person_id, form_type))


@pages.post("/people/<person_id>/forms/<form_type>")
def complete_new_form(person_id: str, form_type: str) -> Response:
    """Complete a new form."""
    return _complete(_new(person_id, form_type))


@pages.get("/forms/<form_id>")
def edit_form_page(form_id: str) -> str:
    """The newest version of a form, to change."""
    return _show(_kept(form_id))


@pages.post("/forms/<form_id>")
def complete_form_again(form_id: str) -> Response:
    """Complete a form again, with the next version; or reopen or withdraw it as it was sent."""
    opened, act = _kept(form_id), request.form.get("do", "")
    if opened.form and act in FORM_ACTS:
        return show_webhook(act_on_form(act, opened.form, request.form))
    return _complete(opened)


def _new(person_id: str, form_type: str) -> Opened:
    if form_type not in FORM_TYPES:
        abort(404, "There is no form of this name.")
    person, today = person_or_404(HOME, person_id), desk().today()
    head = starting_answers(sheet("header"), person, today)
    return Opened(person, form_type, head, starting_answers(sheet(form_type), person, today))


def _kept(form_id: str) -> Opened:
    form = desk().forms.latest(form_id)
    if form is None:
        abort(404, "There is no form of this number.")
    person = person_or_404(form.register, form.person_id)
    return Opened(person, form.type, dict(form.head), dict(form.answers), form)


def _show(opened: Opened) -> str:
    return render_template(
        "form.html",
        opened=opened,
        header=sheet("header"),
        sheet=sheet(opened.form_type),
        cell_name=cell_name,
        register=HOME,
    )


def _complete(opened: Opened) -> Response:
    head = read_answers(sheet("header"), request.form)
    answers = read_answers(sheet(opened.form_type), request.form)
    person = _following(opened.person, head)
    form_id = opened.form.id if opened.form else None
    return show_webhook(sent_forms.complete(person, opened.form_type, (head, answers), form_id))


def _following(person: Person, head: Answers) -> Person:
    """The record follows the form; what the form leaves blank stays as it was."""
    said = {
        "first_name": head["person_first_name"],
        "last_name": head["person_last_name"],
        **{name: head[name] for name in _SAME_NAMES},
    }
    known = {name: answer for name, answer in said.items() if answer}
    now = replace(person, **known, restricted=head["restricted"] == "yes")
    same_worker = now.worker_id == person.worker_id
    return replace(now, worker_active=person.worker_active or not same_worker)
