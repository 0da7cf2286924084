"""What workers do with forms: complete them, and take back what was sent."""

from collections.abc import Mapping
from typing import Any

from connector.sandbox.desk import HOME, desk
from connector.sandbox.filled_forms import FilledForm
from connector.sandbox.people import Person
from connector.sandbox.telling import telling

Filled = tuple[Mapping[str, Any], Mapping[str, Any]]
"""The head and the answers of a form."""


def complete(person: Person, form_type: str, filled: Filled, form_id: str | None) -> str | None:
    """Complete a form, or `form_id` once more, and keep the person as it leaves them; the webhook
    that carries it.
    """
    with telling(HOME, str(filled[0]["completed_by_id"])) as told:
        desk().people.save(person)
        kept = (HOME, person.id, form_type, filled, desk().now())
        told.form(desk().forms.keep(*kept, form_id=form_id))
    return told.webhook_id


def take_back(form: FilledForm, status: str, by: str) -> str | None:
    """Reopen or withdraw a form and send it whole, with its answers; the webhook."""
    with telling(form.register, by) as told:
        told.form(_next_version(form, status))
    return told.webhook_id


def take_back_in_short(form: FilledForm, status: str, by: str) -> str | None:
    """Reopen or withdraw a form and send only an event that names it; the webhook."""
    with telling(form.register, by) as told:
        _next_version(form, status)
        parts = {"form": {"id": form.id}, "person": {"id": form.person_id}}
        told.event(f"form.{status}", parts)
    return told.webhook_id


def _next_version(form: FilledForm, status: str) -> FilledForm:
    filled = (form.head, form.answers)
    return desk().forms.keep(
        *(form.register, form.person_id, form.type, filled, desk().now()),
        form_id=form.id,
        status=status,
    )
