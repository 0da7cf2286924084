"""The outcome of a yearly contact: its answers and their schema (domain DC-35 to DC-39)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import post_load

from schemas import choices
from schemas.questions import FormSchema, choice, day, text, yes_no


@dataclass(frozen=True, kw_only=True)
class AnnualContactOutcome:
    """The answers on one yearly contact; None where a question was not answered."""

    contacted_on: date | None = None
    reached: str | None = None
    channel: str | None = None
    local_offer_given: str | None = None
    wants_support: bool | None = None
    requested_on: date | None = None
    previous_pa_id: str | None = None
    contact_refused: bool | None = None
    last_known_phone: str | None = None
    phone_safe_to_use: bool | None = None
    social_media_ok: str | None = None
    social_media_platform: str | None = None
    social_media_handle: str | None = None
    social_media_permission_on: date | None = None
    local_area_coordinator_considered: bool | None = None
    local_area_coordinator_introduction: str | None = None
    notes: str | None = None


class AnnualContactOutcomeSchema(FormSchema):
    """In the order a person reads the form."""

    contacted_on = day("Date of the contact, or of the attempt", past=True)
    reached = choice("Was the young adult reached?", choices.REACHED, required_by="EN-06")
    channel = choice("How was contact made or tried?", choices.CHANNEL, required_by="EN-06")
    local_offer_given = choice(
        "Was the young adult given the Local Offer?", choices.LOCAL_OFFER_GIVEN
    )
    wants_support = yes_no("Does the young adult want support?")
    requested_on = day("Date they asked for support", past=True)
    previous_pa_id = text("Previous personal adviser", longest=100)
    contact_refused = yes_no("Has the young adult asked not to be contacted?")
    last_known_phone = text("Last known phone number")
    phone_safe_to_use = yes_no("Is the phone number safe to use?")
    social_media_ok = choice("May we keep in touch by social media?", choices.YES_NO_NOT_ASKED)
    social_media_platform = text("Social media platform")
    social_media_handle = text("Social media name given by the young adult")
    social_media_permission_on = day("Date permission for social media was given", past=True)
    local_area_coordinator_considered = yes_no(
        "Was an introduction to a Local Area Coordinator considered?"
    )
    local_area_coordinator_introduction = choice(
        "Introduction to a Local Area Coordinator", choices.COORDINATOR_INTRODUCTION
    )
    notes = text("Notes on the contact")

    @post_load
    def _build(self, values: dict[str, Any], **_: Any) -> AnnualContactOutcome:
        return AnnualContactOutcome(**values)
