"""A request of the family: its answers and their schema (domain DS-26 and DS-27)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import post_load

from schemas import choices
from schemas.questions import FormSchema, choice, day, text, yes_no


@dataclass(frozen=True, kw_only=True)
class FamilyRequest:
    """What the family asks for, and what the manager decided; None where not answered."""

    requested_on: date | None = None
    requester_name: str | None = None
    requester_relationship: str | None = None
    request_details: str | None = None
    family_told_permission_needed: bool | None = None
    manager_decision: str | None = None
    manager_decided_on: date | None = None
    manager_decision_reason: str | None = None


class FamilyRequestSchema(FormSchema):
    """In the order a person reads the form."""

    requested_on = day("Date of the request", past=True)
    requester_name = text("Who asks?")
    requester_relationship = text("How are they related to the young person?")
    request_details = text("What does the family ask for?", required_by="EN-06")
    family_told_permission_needed = yes_no(
        "Has the family been told that a manager must agree to a request first?"
    )
    manager_decision = choice("What has the manager decided?", choices.MANAGER_DECISION)
    manager_decided_on = day("Date the manager decided", past=True)
    manager_decision_reason = text("Why did the manager decide so?")

    @post_load
    def _build(self, values: dict[str, Any], **_: Any) -> FamilyRequest:
        return FamilyRequest(**values)
