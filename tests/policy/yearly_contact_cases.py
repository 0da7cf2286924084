"""Yearly contacts to vary in tests: reached by phone, given the link, nothing more wanted.

Born 18 April 2003: 23 on the form day, 25 on 18 April 2028.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from agreement_cases import decided

from connector.model import CompletedForm, Decision
from schemas import AnnualContactOutcome, Envelope

FORM_DAY = date(2026, 10, 27)
"""A Tuesday, in the week of the exercise."""

ENVELOPE: Mapping[str, Any] = {
    "submission_id": "884977",
    "form_type": "annual_contact_outcome",
    "completed_at": datetime(2026, 10, 27, 16, 20, tzinfo=UTC),
    "completed_by_id": "7790",
    "completed_by_name": "Sal Duty",
    "person_id": "400124",
    "date_of_birth": date(2003, 4, 18),
    "manager_id": "5510",
    "manager_name": "Mo Manager",
    "team_id": "42",
}
ANSWERS: Mapping[str, Any] = {
    "contacted_on": FORM_DAY,
    "reached": "yes",
    "channel": "phone",
    "local_offer_given": "link",
    "wants_support": False,
    "previous_pa_id": "7781",
    "contact_refused": False,
    "last_known_phone": "07700 900124",
    "phone_safe_to_use": True,
    "social_media_ok": "no",
    "local_area_coordinator_considered": True,
    "local_area_coordinator_introduction": "no",
}
NOT_REACHED: Mapping[str, Any] = {
    "reached": "no",
    "local_offer_given": None,
    "wants_support": None,
}
SOCIAL_MEDIA: Mapping[str, Any] = {
    "channel": "social_media",
    "social_media_ok": "yes",
    "social_media_platform": "Example Net",
    "social_media_handle": "charlie.s",
    "social_media_permission_on": date(2026, 2, 10),
}

IN_THE_ENVELOPE = {each.name for each in fields(Envelope)}


def a_contact(
    *changes: Mapping[str, Any], unreadable: frozenset[str] = frozenset(), **more: Any
) -> CompletedForm:
    """The outcome of a yearly contact with these answers changed."""
    changed: dict[str, Any] = {}
    for each in (*changes, more):
        changed |= each
    envelope = {name: value for name, value in changed.items() if name in IN_THE_ENVELOPE}
    answers = {name: value for name, value in changed.items() if name not in IN_THE_ENVELOPE}
    return CompletedForm(
        Envelope(**{**ENVELOPE, **envelope}),
        AnnualContactOutcome(**{**ANSWERS, **answers}),
        unreadable=unreadable,
    )


def contacted(*changes: Mapping[str, Any], **more: Any) -> Decision:
    """The decision on the contact with these changes, on the form day."""
    return decided(a_contact(*changes, **more), FORM_DAY)


def contacted_on(day: date, **more: Any) -> Decision:
    """The decision on a contact made, completed and processed on `day`."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return decided(a_contact(contacted_on=day, completed_at=noon, **more), day)
