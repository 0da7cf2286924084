"""The people of a register, and a young person's case record."""

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from connector.sandbox.desk import HOME, desk
from connector.sandbox.entries import Entry
from connector.sandbox.pages.task_order import by_state
from connector.sandbox.people import Person
from connector.sandbox.sheets import sheets

pages = Blueprint("people", __name__, url_prefix="/registers/<register>")


@pages.get("/people")
def people_page(register: str) -> str:
    """Everyone in a register."""
    today = desk().today()
    people = [(person, person.age(today)) for person in desk().people.listing(register)]
    if not people:
        abort(404, "There is no register of this name yet. It appears with its first entry.")
    return render_template("people.html", register=register, people=people)


def person_or_404(register: str, person_id: str) -> Person:
    """The person a page is about."""
    person = desk().people.find(register, person_id)
    if person is None:
        abort(404, "There is nobody of this number in this register.")
    return person


def show_record(person: Person) -> AnyResponse:
    """Go to a person's record."""
    where = url_for("people.record_page", register=person.register, person_id=person.id)
    return redirect(where, code=303)


@pages.get("/people/<person_id>")
def record_page(register: str, person_id: str) -> str:
    """A case record: facts, outcomes, tasks, forms, documents, notes and what was told of them."""
    person = person_or_404(register, person_id)
    entries = list(reversed(desk().entries.of_person(register, person_id)))
    today = desk().today()
    return render_template(
        "record.html",
        person=person,
        age=person.age(today),
        register=register,
        outcomes=_of(entries, "outcome"),
        notes=_of(entries, "note"),
        documents=_of(entries, "document"),
        tasks=by_state(_of(entries, "task"), today.isoformat()),
        today=today.isoformat(),
        **_forms_of(person),
    )


def _of(entries: list[Entry], kind: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind == kind]


def _forms_of(person: Person) -> dict[str, object]:
    forms = desk().forms.of_person(person.register, person.id)
    return {
        "sheets": sheets(),
        "can_fill_in": person.register == HOME,
        "told": desk().webhooks.of_person(person.id) if person.register == HOME else [],
        "forms": [(form, desk().webhooks.of_form(form.id, form.version)) for form in forms],
    }


@pages.get("/documents/<document_id>")
def open_document(register: str, document_id: str) -> Response:
    """A document in the browser; anything that is not a PDF is saved instead of opened."""
    kinds = ("document", "task_document")
    found = (desk().entries.find(register, kind, document_id) for kind in kinds)
    document = next(filter(None, found), None)
    if document is None:
        abort(404, "There is no document of this number.")
    content = desk().entries.content(register, document.body["upload_id"])
    if content is None:
        abort(404, "The bytes of this document are gone.")
    response = Response(content.bytes, content_type=content.content_type)
    shown = "inline" if response.mimetype == "application/pdf" else "attachment"
    response.headers.set("Content-Disposition", shown, filename=document.body["name"])
    return response
