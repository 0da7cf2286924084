"""Assessments to vary in tests: one of each type and outcome, with nothing to remark.

Born 10 May 2005: 21 on 10 May 2026, 25 on 10 May 2030. The returner, born 18 April 2003, is 22.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agreement_cases import (
    WORKING,
    dates_of,
    decided,
    found,
    holds,
    messages,
    policy,
    task,
    tasks,
)

from connector.model import CompletedForm, Decision, Reading
from connector.validation import validate
from schemas import Action, Envelope, Post21Assessment
from schemas.choices import AREA

FORM_DAY = date(2026, 2, 12)
"""A Thursday, three months before the 21st birthday."""

Changes = Mapping[str, Any]

CALL_THE_GP = Action(what="Call the GP", who="pa", due_on=date(2026, 3, 13), area="health")

ENVELOPE: Changes = {
    "submission_id": "5520187",
    "form_type": "post_21_assessment",
    "completed_at": datetime(2026, 2, 12, 16, 40, tzinfo=UTC),
    "completed_by_id": "20931",
    "completed_by_name": "Jo Adviser",
    "person_id": "900456",
    "person_first_name": "Robin",
    "person_last_name": "Sample",
    "date_of_birth": date(2005, 5, 10),
    "allocated_worker_id": "20931",
    "allocated_worker_name": "Jo Adviser",
    "manager_id": "30007",
    "manager_name": "Mo Manager",
    "team_id": "311",
}
ANSWERS: Changes = {
    "assessment_type": "approaching_21",
    "assessment_date": FORM_DAY,
    "assessor_role": "allocated_pa",
    "assessor_id": "20931",
    "assessor_name": "Jo Adviser",
    "took_part": "yes",
    "young_adult_agrees": "yes",
    "current_pathway_plan_date": date(2025, 11, 20),
    **{f"area_{name}_summary": "Nothing to report." for name in AREA},
    **{f"area_{name}_needs_support": False for name in AREA},
    "accommodation_code": "U",
    "accommodation_suitable": True,
    "activity_code": "F4",
    "council_tax_status": "awarded",
    "access_to_records_discussed": True,
    "wants_access": False,
    "level_of_support": "light",
    "types_of_support": ("health",),
    "local_area_coordinator_considered": True,
    "local_area_coordinator_introduction": "no",
}
IN_TOUCH: Changes = {
    "last_known_phone": "07700 900456",
    "phone_safe_to_use": True,
    "social_media_ok": "no",
}
TOLD: Changes = {"closure_told_annual_contact": True, "closure_told_can_return": True}

CLOSE: Changes = {"outcome": "close_case", **TOLD, **IN_TOUCH}
OPEN: Changes = {
    "outcome": "remain_open",
    "keep_open_reasons": ("health_or_mental_health",),
    "area_health_needs_support": True,
    "area_health_support_needed": "Help to get counselling started.",
    "actions": (CALL_THE_GP,),
    "manager_discussion_on": date(2026, 2, 10),
    "manager_discussion_with": "Mo Manager",
}
MET: Changes = {
    "outcome": "immediate_needs_met",
    "immediate_needs_met_summary": "Filled in the form together.",
    **TOLD,
    **IN_TOUCH,
}
REFER: Changes = {
    "outcome": "refer_to_manager",
    "complex_needs_summary": "No safe place to stay, debts and low mood together.",
    "actions": (CALL_THE_GP,),
}
RETURNER: Changes = {
    "assessment_type": "returner_21_to_24",
    "date_of_birth": date(2003, 4, 18),
    "requested_on": date(2026, 2, 5),
    "assessor_role": "previous_pa",
    "current_pathway_plan_date": None,
}
REVIEW: Changes = {"assessment_type": "review_of_open_case", "current_pathway_plan_date": None}

IN_THE_ENVELOPE = {each.name for each in fields(Envelope)}


def an_assessment(
    *changes: Changes, unreadable: frozenset[str] = frozenset(), **more: Any
) -> CompletedForm:
    """The assessment, kept open unless a change chooses another outcome."""
    changed: dict[str, Any] = {}
    for each in (*(changes or (OPEN,)), more):
        changed |= each
    envelope = {name: value for name, value in changed.items() if name in IN_THE_ENVELOPE}
    answers = {name: value for name, value in changed.items() if name not in IN_THE_ENVELOPE}
    return CompletedForm(
        Envelope(**{**ENVELOPE, **envelope}),
        Post21Assessment(**{**ANSWERS, **answers}),
        unreadable=unreadable,
    )


def assessed(*changes: Changes, **more: Any) -> Decision:
    """The decision on the assessment with these changes, on the form day."""
    return decided(an_assessment(*changes, **more), FORM_DAY)


def assessed_on(day: date, *changes: Changes, **more: Any) -> Decision:
    """The decision on an assessment finished, completed and processed on `day`.

    The GP is called four weeks later.
    """
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    later = (replace(CALL_THE_GP, due_on=day + timedelta(days=28)),)
    when = {"assessment_date": day, "completed_at": moment, "actions": later}
    return decided(an_assessment(*(changes or (OPEN,)), when, more), day)


def assessed_without(name: str, *changes: Changes) -> Decision:
    """The decision on the assessment as it arrives with one answer left blank."""
    return decided(validate(as_read(*changes, {name: None}), FORM_DAY), FORM_DAY)


def as_read(*changes: Changes) -> Reading:
    """The assessment as the mapping hands it on."""
    values: dict[str, Any] = {**ENVELOPE, **ANSWERS}
    for each in changes:
        values |= each
    known = {name: _in_json(value) for name, value in values.items() if value is not None}
    return Reading("council", "post_21_assessment", known)


def _in_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_row(each) if isinstance(each, Action) else each for each in value]
    return value


def _row(action: Action) -> dict[str, Any]:
    return {name: _in_json(value) for name, value in vars(action).items() if value is not None}


def problems(decision: Decision) -> list[tuple[str, str]]:
    """Each problem's rule and severity."""
    return [(problem.rule, str(problem.severity)) for problem in decision.problems]


__all__ = [
    "ANSWERS",
    "CALL_THE_GP",
    "CLOSE",
    "ENVELOPE",
    "FORM_DAY",
    "IN_TOUCH",
    "MET",
    "OPEN",
    "REFER",
    "RETURNER",
    "REVIEW",
    "TOLD",
    "WORKING",
    "Changes",
    "an_assessment",
    "as_read",
    "assessed",
    "assessed_on",
    "assessed_without",
    "dates_of",
    "decided",
    "found",
    "holds",
    "messages",
    "policy",
    "problems",
    "task",
    "tasks",
]
