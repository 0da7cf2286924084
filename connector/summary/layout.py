"""Which answers stand together in a case summary, and in what order (domain 4.6).

Data only. A field of a form that is named nowhere here is still printed, under "Other answers".
"""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.summary.blocks import InNote
from schemas.choices import AREA


@dataclass(frozen=True)
class Part:
    """A heading, the fields under it, and the parts one level lower."""

    heading: str
    fields: tuple[str, ...] = ()
    parts: tuple["Part", ...] = ()

    @property
    def all_fields(self) -> tuple[str, ...]:
        """The fields of this part and of those below it."""
        return self.fields + tuple(name for part in self.parts for name in part.all_fields)


WHO_TOOK_PART = "Who took part"

AGREEMENT = (
    Part(
        WHO_TOOK_PART,
        (
            "lead_social_worker_name",
            "lead_social_worker_team",
            "lead_social_worker_phone",
            "lead_social_worker_email",
            "last_social_worker_contact_on",
        ),
    ),
    Part(
        "Why this way of working was chosen",
        (
            "eligible_full_service",
            "care_leaver_category",
            "significant_learning_disability",
            "frequent_visits_confusing",
            "support_package_in_place",
            "support_package_source",
            "support_package_summary",
            "best_interests_reason",
        ),
        (
            Part(
                "A: Understanding what a leaving care worker does",
                (
                    "criterion_a_role_not_understood",
                    "criterion_a_visits_detrimental",
                    "criterion_a_evidence",
                ),
            ),
            Part(
                "B: Where the young person lives",
                ("criterion_b_specialist_staffed_home", "criterion_b_evidence"),
            ),
            Part(
                "C: Independence",
                ("criterion_c_no_unmet_independence_needs", "criterion_c_evidence"),
            ),
        ),
    ),
    Part(
        "Who agreed",
        (
            "parties",
            "agreement_date",
            "manager_agreed",
            "manager_agreed_by_name",
            "manager_agreed_on",
            "no_family_or_carer_reason",
            "family_contact_safe",
        ),
    ),
    Part(
        "Visits",
        (
            "visiting_pattern",
            "visit_interval_weeks",
            "accommodation_code",
            "accommodation_provided_by_authority",
            "oversight_recorded_in",
            "oversight_recorded_on",
            "oversight_reference",
        ),
    ),
    Part(
        "Support",
        ("tailored_support_description", "last_pathway_plan_on", "last_family_contact_on"),
    ),
    Part("Wishes and views", ("young_person_wishes", "social_worker_view", "family_carer_view")),
    Part(
        "The Local Offer and what the family was told",
        (
            "local_offer_given",
            "local_offer_given_on",
            "local_offer_encouraged",
            "family_told_can_make_requests",
            "family_told_permission_needed",
            "worker_contact_details_given",
            "service_contact_details_given",
            "family_told_can_ask_for_more_support",
            "family_request_details",
        ),
    ),
)

_WITH_THE_AREA = {
    "accommodation": ("accommodation_code", "accommodation_suitable"),
    "education_training_employment": ("activity_code",),
    "financial": ("council_tax_status", "council_tax_authority"),
    "identity": ("access_to_records_discussed", "wants_access"),
}


def _area(name: str, heading: str) -> Part:
    asked = tuple(f"area_{name}_{each}" for each in ("summary", "needs_support", "support_needed"))
    return Part(heading, asked + _WITH_THE_AREA.get(name, ()))


KEEPING_IN_TOUCH = Part(
    "Keeping in touch",
    (
        "contact_refused",
        "last_known_phone",
        "phone_safe_to_use",
        "social_media_ok",
        "social_media_platform",
        "social_media_handle",
        "social_media_permission_on",
    ),
)

ASSESSMENT = (
    Part(
        WHO_TOOK_PART,
        (
            "assessor_name",
            "assessor_role",
            "why_not_previous_pa",
            "took_part",
            "took_part_notes",
            "young_adult_agrees",
            "advocate_present",
        ),
    ),
    Part(
        "Why there was an assessment",
        ("assessment_type", "requested_on", "assessment_date", "current_pathway_plan_date"),
    ),
    Part(
        "What is happening and what support is needed",
        (),
        tuple(_area(name, heading) for name, heading in AREA.items()),
    ),
    Part("Level and types of support", ("level_of_support", "types_of_support")),
    Part("Actions", ("actions",)),
    Part(
        "What was decided",
        (
            "outcome",
            "keep_open_reasons",
            "keep_open_other",
            "accommodation_resolve_by",
            "manager_discussion_on",
            "manager_discussion_with",
            "immediate_needs_met_summary",
            "complex_needs_summary",
        ),
    ),
    Part(
        "Closing the case",
        ("closure_told_annual_contact", "closure_told_can_return", "closure_other"),
    ),
    KEEPING_IN_TOUCH,
    Part(
        "Local Area Coordinator and Local Offer",
        (
            "local_area_coordinator_considered",
            "local_area_coordinator_introduction",
            "local_offer_given_on",
        ),
    ),
)

ANNUAL_CONTACT = (
    Part(WHO_TOOK_PART),
    Part("The contact", ("contacted_on", "channel", "reached", "notes")),
    Part("Support and the Local Offer", ("local_offer_given", "wants_support", "requested_on")),
    KEEPING_IN_TOUCH,
    Part(
        "Local Area Coordinator",
        ("local_area_coordinator_considered", "local_area_coordinator_introduction"),
    ),
)

FAMILY_REQUEST = (
    Part(WHO_TOOK_PART, ("requester_name", "requester_relationship")),
    Part(
        "What the family asks for",
        ("requested_on", "request_details", "family_told_permission_needed"),
    ),
    Part(
        "What the manager decided",
        ("manager_decision", "manager_decided_on", "manager_decision_reason"),
    ),
)

LAYOUTS: Mapping[str, tuple[Part, ...]] = {
    "tailored_support_agreement": AGREEMENT,
    "post_21_assessment": ASSESSMENT,
    "annual_contact_outcome": ANNUAL_CONTACT,
    "family_request": FAMILY_REQUEST,
}

REFERENCES = frozenset(
    {
        "supersedes_submission_id",
        "manager_agreed_by_id",
        "lead_social_worker_id",
        "assessor_id",
        "previous_pa_id",
        "current_pathway_plan_reference",
    }
)
"""Numbers of the case system: kept, but at the end, out of the reader's way."""

SAID_IF_BLANK = frozenset(
    {
        "criterion_a_role_not_understood",
        "criterion_b_specialist_staffed_home",
        "criterion_c_no_unmet_independence_needs",
        "manager_agreed",
        "manager_decision",
        "closure_told_annual_contact",
        "closure_told_can_return",
    }
)
"""A blank here means something: it is printed as "Not answered" beside the others."""

THIRD_PARTIES: Mapping[str, InNote] = {
    "lead_social_worker_phone": InNote.LEFT_OUT,
    "lead_social_worker_email": InNote.LEFT_OUT,
    "parties": InNote.WITHOUT_CONTACTS,
    "no_family_or_carer_reason": InNote.WITHOUT_CONTACTS,
    "social_worker_view": InNote.WITHOUT_CONTACTS,
    "family_carer_view": InNote.WITHOUT_CONTACTS,
    "family_request_details": InNote.WITHOUT_CONTACTS,
    "requester_name": InNote.WITHOUT_CONTACTS,
    "requester_relationship": InNote.WITHOUT_CONTACTS,
    "request_details": InNote.WITHOUT_CONTACTS,
    "manager_decision_reason": InNote.WITHOUT_CONTACTS,
    "area_family_relationships_summary": InNote.WITHOUT_CONTACTS,
    "area_family_relationships_support_needed": InNote.WITHOUT_CONTACTS,
}
"""Answers that may hold somebody else's phone number or e-mail address (DS-33)."""
