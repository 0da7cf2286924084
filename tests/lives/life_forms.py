"""What a host sends over a life: forms with every answer there, and events, in the sandbox's shape.

An event of a life is a small dictionary ("kind", "day" and what differs from a form on which all
is well), so that a life can be read at a glance.
"""

from collections.abc import Mapping
from typing import Any

Life = Mapping[str, Any]

TOLD = (
    "local_offer_given",
    "local_offer_encouraged",
    "family_told_can_make_requests",
    "family_told_permission_needed",
    "worker_contact_details_given",
    "service_contact_details_given",
    "family_told_can_ask_for_more_support",
)
OUTCOMES = {
    1: "close_case",
    2: "remain_open",
    3: "immediate_needs_met",
    4: "refer_to_manager",
}
AREAS = (
    "accommodation",
    "health",
    "education_training_employment",
    "financial",
    "identity",
    "family_relationships",
)


def form_of(life: Life, event: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a form."""
    kind, answers = ANSWERS[event["kind"]]
    completed = event.get("completed_on", event["day"])
    worker = event.get("worker_id", "W1")
    return {
        "event": "form.completed",
        "form": {
            "id": event["form_id"],
            "version": event.get("version", 1),
            "type": kind,
            "status": event.get("status", "completed"),
            "completed_at": f"{completed}T{event.get('at', '08:00')}:00+00:00",
        },
        "person": {
            "id": event.get("person_id", life["person"]["id"]),
            "date_of_birth": event.get("date_of_birth", life["person"]["date_of_birth"]),
            "date_of_death": event.get("date_of_death"),
        },
        "worker": {"id": worker},
        "completed_by": {"id": event.get("completed_by_id", worker or "W1")},
        "manager": {"id": event.get("manager_id", "M1")},
        "team": {"id": "leaving-care"},
        "answers": answers(event, completed) | dict(event.get("answers", {})),
    }


def _agreement(event: Mapping[str, Any], completed: str) -> dict[str, Any]:
    given = event.get("agreement_date") or completed
    a, b, c = event.get("criteria", ["yes", "yes", "yes"])
    party = event.get("parties_agreed", "yes")
    agreed = {"agreed": party, "agreed_on": given if party == "yes" else None}
    told = "no" if event.get("untold") else "yes"
    return {
        "agreement_date": event.get("agreement_date"),
        "supersedes_submission_id": event.get("supersedes_submission_id"),
        "eligible_full_service": event.get("eligible_full_service", "yes"),
        "care_leaver_category": "former_relevant",
        "significant_learning_disability": "yes",
        "frequent_visits_confusing": "yes",
        "support_package_in_place": "yes",
        "support_package_source": event.get("support_package_source", "adults"),
        "support_package_summary": "A staffed home.",
        "criterion_a_role_not_understood": a,
        "criterion_a_visits_detrimental": "yes",
        "criterion_b_specialist_staffed_home": b,
        "criterion_c_no_unmet_independence_needs": c,
        "criterion_a_evidence": "Seen.",
        "criterion_b_evidence": "Seen.",
        "criterion_c_evidence": "Seen.",
        "best_interests_reason": "Fewer new faces.",
        "manager_agreed": event.get("manager_agreed", "yes"),
        "manager_agreed_on": given if event.get("manager_agreed", "yes") == "yes" else None,
        "manager_agreed_by_id": "M1" if event.get("manager_agreed", "yes") == "yes" else None,
        "parties": [
            {"name": "Pat", "party_type": "professional", "role": "social worker", **agreed},
            {"name": "Lee", "party_type": "family", "role": "parent", **agreed},
        ],
        "family_contact_safe": event.get("family_contact_safe", "yes"),
        "lead_social_worker_name": "Pat",
        "lead_social_worker_phone": "01234 567890",
        "last_social_worker_contact_on": event.get("last_social_worker_contact_on"),
        "visiting_pattern": "Rarely.",
        "visit_interval_weeks": event.get("visit_interval_weeks"),
        "accommodation_code": "D",
        "accommodation_provided_by_authority": "no",
        "young_person_wishes": "Calm.",
        "social_worker_view": "Agrees.",
        "family_carer_view": "Agrees.",
        "oversight_recorded_in": "case_note",
        "tailored_support_description": "As written.",
        "last_pathway_plan_on": event.get("last_pathway_plan_on"),
        "last_family_contact_on": event.get("last_family_contact_on"),
        "family_request_details": event.get("family_request_details"),
        **dict.fromkeys(TOLD, told),
    }


def _assessment(event: Mapping[str, Any], completed: str) -> dict[str, Any]:
    told = event.get("closure_told", ["yes", "yes"])
    areas = {f"area_{area}_summary": "Nothing to report." for area in AREAS}
    return {
        "assessment_type": event.get("assessment_type", "review_of_open_case"),
        "assessment_date": event.get("assessment_date"),
        "requested_on": event.get("requested_on"),
        "assessor_role": "allocated_pa",
        "assessor_id": "W1",
        "took_part": "yes",
        "young_adult_agrees": event.get("young_adult_agrees", "yes"),
        "current_pathway_plan_date": completed,
        **areas,
        "council_tax_status": "awarded",
        "access_to_records_discussed": "yes",
        "level_of_support": "light",
        "types_of_support": ["health"],
        "actions": [
            {
                "what": a["what"],
                "who": a.get("who"),
                "due_on": a.get("due_on"),
                "done": a.get("done"),
            }
            for a in event.get("actions", [])
        ],
        "outcome": OUTCOMES.get(event["outcome"], event["outcome"]),
        "keep_open_reasons": event.get("keep_open_reasons", ["health_or_mental_health"]),
        "accommodation_resolve_by": event.get("accommodation_resolve_by"),
        "manager_discussion_on": event.get("manager_discussion_on"),
        "manager_discussion_with": "Morgan",
        "closure_told_annual_contact": told[0],
        "closure_told_can_return": told[1],
        "last_known_phone": event.get("phone", "07700 900123"),
        "phone_safe_to_use": "yes",
        "social_media_ok": "no",
        "local_area_coordinator_considered": event.get("local_area_coordinator_considered", "yes"),
        "local_area_coordinator_introduction": event.get("introduction", "no"),
        "contact_refused": event.get("contact_refused", "no"),
        "immediate_needs_met_summary": "Done.",
        "complex_needs_summary": "Several.",
    }


def _annual_contact(event: Mapping[str, Any], completed: str) -> dict[str, Any]:
    return {
        "contacted_on": event.get("contacted_on"),
        "contact_refused": event.get("contact_refused", "no"),
        "reached": event.get("reached", "yes"),
        "channel": event.get("channel", "phone"),
        "local_offer_given": event.get("local_offer_given", "link"),
        "wants_support": event.get("wants_support", "no"),
        "requested_on": event.get("requested_on"),
        "previous_pa_id": event.get("previous_pa_id"),
        "last_known_phone": "07700 900123",
        "phone_safe_to_use": "yes",
        "social_media_ok": "no",
        "local_area_coordinator_considered": event.get("local_area_coordinator_considered", "yes"),
        "local_area_coordinator_introduction": "no",
    }


def _family_request(event: Mapping[str, Any], completed: str) -> dict[str, Any]:
    return {
        "requested_on": event.get("requested_on"),
        "requester_name": "Lee",
        "requester_relationship": "Parent",
        "request_details": "Driving lessons.",
        "family_told_permission_needed": "yes",
        "manager_decision": event.get("manager_decision"),
        "manager_decided_on": event.get("manager_decided_on"),
    }


ANSWERS = {
    "agreement": ("tailored_support_agreement", _agreement),
    "assessment": ("post_21_assessment", _assessment),
    "annual_contact": ("annual_contact_outcome", _annual_contact),
    "family_request": ("family_request", _family_request),
}

EVENTS = {
    "withdrawn": "form.withdrawn",
    "reopened": "form.reopened",
    "died": "person.died",
    "death_corrected": "person.death_corrected",
    "roles_changed": "roles.changed",
    "worker_left": "worker.left",
    "support_requested": "support.requested",
    "restricted": "person.restricted",
    "merged": "person.merged",
}


def event_of(life: Life, event: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of something that happened."""
    day, kind = event["day"], event["kind"]
    person: dict[str, Any] = {"id": event.get("person_id", life["person"]["id"])}
    payload: dict[str, Any] = {
        "event": EVENTS[kind],
        "at": f"{day}T{event.get('at', '08:00')}:00+00:00",
        "person": person,
    }
    if kind == "died":
        person["date_of_death"] = event.get("died_on", day)
    if kind == "restricted":
        person["restricted"] = event.get("restricted", True)
    if kind == "merged":
        person["merged_into"] = event["new_person_id"]
    for role in ("worker", "manager", "team"):
        if event.get(f"{role}_id"):
            payload[role] = {"id": event[f"{role}_id"]}
    if event.get("form_id"):
        payload["form"] = {"id": event["form_id"]}
    if kind == "support_requested":
        payload["requested_on"] = event.get("requested_on", day)
        payload["previous_pa"] = {"id": event.get("previous_pa_id")}
    return payload


def payload_of(life: Life, event: Mapping[str, Any]) -> dict[str, Any]:
    """What the host sends."""
    return form_of(life, event) if event["kind"] in ANSWERS else event_of(life, event)
