"""The post-21 assessment: its answers and their schema (domain 1.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import post_load

from schemas import choices
from schemas.questions import (
    FormSchema,
    choice,
    day,
    rows,
    several,
    text,
    yes_no,
    yes_no_by_name,
)


@dataclass(frozen=True, kw_only=True)
class Action:
    """One row of the actions table."""

    row_id: str | None = None
    what: str | None = None
    who: str | None = None
    owner_name: str | None = None
    due_on: date | None = None
    area: str | None = None
    done: bool | None = None


class ActionSchema(FormSchema):
    """A row of the actions table."""

    row_id = text("Row number")
    what = text("What will be done?")
    who = choice("Who will do it?", choices.ACTION_OWNER)
    owner_name = text("Name of the person who will do it")
    due_on = day("By when?")
    area = choice("Area", choices.TYPE_OF_SUPPORT)
    done = yes_no("Done already?")

    @post_load
    def _build(self, values: dict[str, Any], **_: Any) -> Action:
        return Action(**values)


@dataclass(frozen=True)
class Area:
    """One of the six areas of the pathway plan: `name` is a code of `choices.AREA`."""

    name: str
    summary: str | None
    needs_support: bool | None
    support_needed: str | None


@dataclass(frozen=True, kw_only=True)
class Post21Assessment:
    """The answers of a post-21 assessment; None where a question was not answered."""

    assessment_type: str | None = None
    assessment_date: date | None = None
    requested_on: date | None = None
    assessor_role: str | None = None
    assessor_id: str | None = None
    assessor_name: str | None = None
    previous_pa_id: str | None = None
    why_not_previous_pa: str | None = None
    took_part: str | None = None
    took_part_notes: str | None = None
    young_adult_agrees: str | None = None
    advocate_present: bool | None = None
    current_pathway_plan_date: date | None = None
    current_pathway_plan_reference: str | None = None
    area_accommodation_summary: str | None = None
    area_accommodation_needs_support: bool | None = None
    area_accommodation_support_needed: str | None = None
    area_health_summary: str | None = None
    area_health_needs_support: bool | None = None
    area_health_support_needed: str | None = None
    area_education_training_employment_summary: str | None = None
    area_education_training_employment_needs_support: bool | None = None
    area_education_training_employment_support_needed: str | None = None
    area_financial_summary: str | None = None
    area_financial_needs_support: bool | None = None
    area_financial_support_needed: str | None = None
    area_identity_summary: str | None = None
    area_identity_needs_support: bool | None = None
    area_identity_support_needed: str | None = None
    area_family_relationships_summary: str | None = None
    area_family_relationships_needs_support: bool | None = None
    area_family_relationships_support_needed: str | None = None
    accommodation_code: str | None = None
    accommodation_suitable: bool | None = None
    activity_code: str | None = None
    council_tax_status: str | None = None
    council_tax_authority: str | None = None
    access_to_records_discussed: bool | None = None
    wants_access: bool | None = None
    level_of_support: str | None = None
    types_of_support: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    outcome: str | None = None
    keep_open_reasons: tuple[str, ...] = ()
    keep_open_other: str | None = None
    accommodation_resolve_by: date | None = None
    manager_discussion_on: date | None = None
    manager_discussion_with: str | None = None
    closure_told_annual_contact: bool | None = None
    closure_told_can_return: bool | None = None
    closure_other: Mapping[str, bool] = field(default_factory=dict)
    last_known_phone: str | None = None
    phone_safe_to_use: bool | None = None
    social_media_ok: str | None = None
    social_media_platform: str | None = None
    social_media_handle: str | None = None
    social_media_permission_on: date | None = None
    local_area_coordinator_considered: bool | None = None
    local_area_coordinator_introduction: str | None = None
    local_offer_given_on: date | None = None
    contact_refused: bool | None = None
    immediate_needs_met_summary: str | None = None
    complex_needs_summary: str | None = None

    @property
    def areas(self) -> tuple[Area, ...]:
        """The six areas in the order of the pathway plan."""
        return tuple(
            Area(
                name,
                getattr(self, f"area_{name}_summary"),
                getattr(self, f"area_{name}_needs_support"),
                getattr(self, f"area_{name}_support_needed"),
            )
            for name in choices.AREA
        )


class Post21AssessmentSchema(FormSchema):
    """Domain 1.5, in the order a person reads the form."""

    assessment_type = choice(
        "Why is this assessment being done?", choices.ASSESSMENT_TYPE, required_by="EN-06"
    )
    assessment_date = day("Date the assessment was finished", past=True)
    requested_on = day("Date they asked for support", past=True)
    assessor_role = choice("Who did this assessment?", choices.ASSESSOR_ROLE, required_by="EN-06")
    assessor_id = text("Assessor", required_by="EN-06", longest=100)
    assessor_name = text("Name of the assessor")
    previous_pa_id = text("Previous personal adviser", longest=100)
    why_not_previous_pa = text("Why did the previous personal adviser not do it?")
    took_part = choice("Did the young adult take part?", choices.TOOK_PART, required_by="EN-06")
    took_part_notes = text("How the young adult took part")
    young_adult_agrees = choice(
        "Does the young adult agree with the level of support?",
        choices.YES_NO_NOT_ASKED,
        required_by="EN-06",
    )
    advocate_present = yes_no("Was an advocate present?")
    current_pathway_plan_date = day("Date of the current pathway plan")
    current_pathway_plan_reference = text("Reference of the current pathway plan")
    area_accommodation_summary = text(
        "Accommodation and independence: what is happening?", required_by="DC-10"
    )
    area_accommodation_needs_support = yes_no("Accommodation and independence: is support needed?")
    area_accommodation_support_needed = text("Accommodation and independence: what support?")
    area_health_summary = text(
        "Health, mental health and wellbeing: what is happening?", required_by="DC-10"
    )
    area_health_needs_support = yes_no("Health, mental health and wellbeing: is support needed?")
    area_health_support_needed = text("Health, mental health and wellbeing: what support?")
    area_education_training_employment_summary = text(
        "Education, training and employment: what is happening?", required_by="DC-10"
    )
    area_education_training_employment_needs_support = yes_no(
        "Education, training and employment: is support needed?"
    )
    area_education_training_employment_support_needed = text(
        "Education, training and employment: what support?"
    )
    area_financial_summary = text("Money: what is happening?", required_by="DC-10")
    area_financial_needs_support = yes_no("Money: is support needed?")
    area_financial_support_needed = text("Money: what support?")
    area_identity_summary = text("Identity: what is happening?", required_by="DC-10")
    area_identity_needs_support = yes_no("Identity: is support needed?")
    area_identity_support_needed = text("Identity: what support?")
    area_family_relationships_summary = text(
        "Family and relationships: what is happening?", required_by="DC-10"
    )
    area_family_relationships_needs_support = yes_no("Family and relationships: is support needed?")
    area_family_relationships_support_needed = text("Family and relationships: what support?")
    accommodation_code = choice("Kind of accommodation", choices.ACCOMMODATION_CODE)
    accommodation_suitable = yes_no("Is the accommodation suitable?")
    activity_code = choice("Main activity", choices.ACTIVITY_CODE)
    council_tax_status = choice("Council tax", choices.COUNCIL_TAX_STATUS)
    council_tax_authority = text("Council that bills the council tax")
    access_to_records_discussed = yes_no("Was access to records discussed?")
    wants_access = yes_no("Does the young adult want access to their records?")
    level_of_support = choice("Level of support", choices.LEVEL_OF_SUPPORT, required_by="DC-08")
    types_of_support = several("Types of support", choices.TYPE_OF_SUPPORT)
    actions = rows("What will the Leaving Care Service do?", ActionSchema)
    outcome = choice("Outcome of the assessment", choices.OUTCOME, required_by="DC-20")
    keep_open_reasons = several("Why does the case stay open?", choices.KEEP_OPEN_REASON)
    keep_open_other = text("Other reason to keep the case open")
    accommodation_resolve_by = day("Date by which the accommodation is to be resolved")
    manager_discussion_on = day("Date of the discussion with the manager")
    manager_discussion_with = text("Manager the case was discussed with")
    closure_told_annual_contact = yes_no(
        "Has the young adult been told that we will try to contact them once a year?"
    )
    closure_told_can_return = yes_no(
        "Has the young adult been told that they can come back at any time before they turn 25?"
    )
    closure_other = yes_no_by_name("The council's own closure questions")
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
    local_offer_given_on = day("Date the Local Offer was given", past=True)
    contact_refused = yes_no("Has the young adult asked not to be contacted?")
    immediate_needs_met_summary = text("What was done to meet the immediate need?")
    complex_needs_summary = text("What are the complex needs?")

    @post_load
    def _build(self, values: dict[str, Any], **_: Any) -> Post21Assessment:
        for name in ("types_of_support", "actions", "keep_open_reasons"):
            values[name] = tuple(values[name] or ())
        values["closure_other"] = values["closure_other"] or {}
        return Post21Assessment(**values)
