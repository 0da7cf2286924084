"""The workers of a form by name, or by number where the host sent no name."""

from connector.model import CompletedForm
from connector.summary.blocks import Answer, InNote
from connector.summary.grids import parties_in_words

WORKER = {
    "tailored_support_agreement": "leaving care worker",
    "post_21_assessment": "personal adviser",
    "annual_contact_outcome": "personal adviser",
    "family_request": "leaving care worker",
}
"""What each service calls the allocated worker."""


def person(name: str | None, number: str | None) -> str:
    """A worker as printed; empty where neither is known."""
    return name or (f"Worker {number}" if number else "")


def completed_by(form: CompletedForm) -> str:
    """Who completed the form, with their role where it is known."""
    envelope = form.envelope
    who = person(envelope.completed_by_name, envelope.completed_by_id)
    return f"{who} ({envelope.completed_by_role})" if envelope.completed_by_role else who


def people(form: CompletedForm) -> tuple[Answer, ...]:
    """Who completed the form, and on an agreement everyone who was asked."""
    known = (
        ("Completed the form", completed_by(form)),
        ("Asked about this approach", parties_in_words(form.answers)),
    )
    return tuple(Answer(asked, who, InNote.WITHOUT_CONTACTS) for asked, who in known if who)
