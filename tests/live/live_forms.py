"""Completed forms as the sandbox's webhook brings them, every detail of a person a canary word.

No canary word may ever stand in a log or, in clear, in the connector's data.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

CANARIES = (
    "Quillfeather",
    "Zanzibarina",
    "Marrowbone",
    "Thistledown",
    "Copperkettle",
    "Featherstonehaugh",
    "07700900977",
    "9990001006",
)
FIRST, LAST, WORRY, ACTION, NEED, ADVISER, PHONE, NHS = CANARIES
WORKER, MANAGER, TEAM = "20931", "30007", "311"

_numbers = count(1)


def new_number() -> str:
    """For a person or a form: nobody in this process has it yet."""
    return f"77{next(_numbers):05d}"


def from_today(days: int) -> str:
    """A date as a form writes it."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def birthday(years: float) -> str:
    """The date of birth of somebody who is `years` old now, about."""
    return from_today(-round(years * 365.25))


def payload(kind: str, answers: dict[str, Any], **over: Any) -> dict[str, Any]:
    """One form about somebody new; `over` replaces a group or one entry of it, as in `worker={}`
    and `person_id="4"`.
    """
    number = new_number()
    hour_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    made: dict[str, Any] = {
        "event": "form.completed",
        "form": {
            "id": f"F{number}",
            "version": 1,
            "type": kind,
            "status": "completed",
            "completed_at": hour_ago.isoformat(),
            "url": f"https://records.example.gov.uk/forms/F{number}",
        },
        "person": {
            "id": number,
            "first_name": FIRST,
            "last_name": LAST,
            "date_of_birth": birthday(20.6),
            "nhs_number": NHS,
            "restricted": False,
        },
        "worker": {"id": WORKER, "name": ADVISER},
        "completed_by": {"id": WORKER, "name": ADVISER, "role": "Personal adviser"},
        "manager": {"id": MANAGER, "name": ADVISER},
        "team": {"id": TEAM, "name": "Leaving Care"},
        "answers": answers,
    }
    for name, value in over.items():
        group, _, key = name.partition("_")
        if name in made:
            made[name] = value
        else:
            made[group][key] = value
    return made


def assessment(answers: dict[str, Any] | None = None, **over: Any) -> dict[str, Any]:
    """A post-21 assessment whose case stays open, with one action for the worker due soon."""
    areas = {
        f"area_{name}_{question}": value
        for name in (
            "accommodation",
            "health",
            "education_training_employment",
            "financial",
            "identity",
            "family_relationships",
        )
        for question, value in (("summary", f"{NEED} is fine."), ("needs_support", False))
    }
    everything = {
        "assessment_type": "approaching_21",
        "assessment_date": from_today(-1),
        "assessor_role": "allocated_pa",
        "assessor_id": WORKER,
        "took_part": "yes",
        "young_adult_agrees": "yes",
        "current_pathway_plan_date": from_today(-60),
        **areas,
        "accommodation_code": "U1",
        "accommodation_suitable": True,
        "activity_code": "F1",
        "council_tax_status": "awarded",
        "access_to_records_discussed": True,
        "wants_access": False,
        "level_of_support": "light",
        "types_of_support": ["health"],
        "actions": [{"what": f"Ring {ACTION}", "who": "pa", "due_on": from_today(3)}],
        "outcome": "remain_open",
        "keep_open_reasons": ["health_or_mental_health"],
        "manager_discussion_on": from_today(-2),
        "manager_discussion_with": ADVISER,
        "last_known_phone": PHONE,
        "phone_safe_to_use": True,
        "contact_refused": False,
    }
    return payload("post_21_assessment", everything | (answers or {}), **over)


CLOSING: dict[str, Any] = {
    "assessment_type": "returner_21_to_24",
    "requested_on": from_today(-8),
    "outcome": "immediate_needs_met",
    "immediate_needs_met_summary": f"{NEED} was sorted out.",
    "closure_told_annual_contact": True,
    "closure_told_can_return": True,
    "keep_open_reasons": [],
}
"""Answers of an assessment that closes a returner's case, with yearly contact."""


def returner(answers: dict[str, Any] | None = None, **over: Any) -> dict[str, Any]:
    """A returner of 22 whose needs are met: closed, with contact once a year."""
    aged = {"person_date_of_birth": birthday(22.3), **over}
    return assessment(CLOSING | (answers or {}), **aged)


def agreement(answers: dict[str, Any] | None = None, **over: Any) -> dict[str, Any]:
    """A tailored-support agreement everybody agrees to."""
    everything = {
        "eligible_full_service": True,
        "care_leaver_category": "former_relevant",
        "significant_learning_disability": True,
        "frequent_visits_confusing": True,
        "support_package_in_place": True,
        "support_package_source": "both",
        "support_package_summary": f"A home with {WORRY}.",
        "criterion_a_role_not_understood": True,
        "criterion_a_evidence": f"Is unsettled by {WORRY}.",
        "criterion_b_specialist_staffed_home": True,
        "criterion_b_evidence": "Lives in a specialist staffed home.",
        "criterion_c_no_unmet_independence_needs": True,
        "criterion_c_evidence": "Needs are met by the home.",
        "best_interests_reason": "A further professional would bring no benefit.",
        "manager_agreed": "yes",
        "manager_agreed_on": from_today(-2),
        "manager_agreed_by_id": MANAGER,
        "manager_agreed_by_name": ADVISER,
        "parties": [
            {
                "name": FIRST,
                "party_type": "professional",
                "role": "Adult social worker",
                "agreed": "yes",
                "agreed_on": from_today(-3),
            },
            {
                "name": LAST,
                "party_type": "family",
                "role": "Parent",
                "agreed": "yes",
                "agreed_on": from_today(-4),
            },
        ],
        "lead_social_worker_name": ADVISER,
        "lead_social_worker_phone": PHONE,
        "visiting_pattern": "No regular visits.",
        "visit_interval_weeks": 0,
        "accommodation_provided_by_authority": "no",
        "young_person_wishes": f"Likes {WORRY}.",
        "social_worker_view": "Agrees.",
        "family_carer_view": "Agrees.",
        "oversight_recorded_in": "case_note",
        "tailored_support_description": "Contact through the home and the family.",
        "last_pathway_plan_on": from_today(-70),
        "local_offer_given": True,
        "local_offer_encouraged": True,
        "family_told_can_make_requests": True,
        "family_told_permission_needed": True,
        "worker_contact_details_given": True,
        "service_contact_details_given": True,
        "family_told_can_ask_for_more_support": True,
    }
    aged = {"person_date_of_birth": birthday(18.5), **over}
    return payload("tailored_support_agreement", everything | (answers or {}), **aged)


def later(form: dict[str, Any], *, version: int, **answers: Any) -> dict[str, Any]:
    """The same form completed again, a minute later for each version, with other answers."""
    completed = datetime.fromisoformat(form["form"]["completed_at"])
    again = (completed + timedelta(minutes=version)).isoformat()
    return form | {
        "form": form["form"] | {"version": version, "completed_at": again},
        "answers": form["answers"] | answers,
    }


def with_group(form: dict[str, Any], group: str, **changes: Any) -> dict[str, Any]:
    """The form with other entries in one group (`form`, `person`, …)."""
    return form | {group: form[group] | changes}
