"""An agreement to vary in tests: everything agreed and told, no open question."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from connector.dates import WorkingDays
from connector.model import CompletedForm, Decision, PersonRecord, Reading, Severity, Task
from connector.policy import DEFAULTS, PolicySettings, decide, load_policy
from connector.validation import validate
from schemas import Envelope, Party, TailoredSupportAgreement

FORM_DAY = date(2026, 3, 27)
WORKING = WorkingDays()

SOCIAL_WORKER = Party(
    name="Sam Worker",
    party_type="professional",
    role="Adult social worker",
    agreed="yes",
    agreed_on=date(2026, 3, 24),
)
PARENT = Party(
    name="Pat Example",
    party_type="family",
    role="Parent",
    agreed="yes",
    agreed_on=date(2026, 3, 20),
)

ENVELOPE: Mapping[str, Any] = {
    "submission_id": "884213",
    "form_type": "tailored_support_agreement",
    "completed_at": datetime(2026, 3, 27, 14, 5, tzinfo=UTC),
    "completed_by_id": "7781",
    "completed_by_name": "Jo Adviser",
    "person_id": "400123",
    "person_first_name": "Alex",
    "person_last_name": "Example",
    "date_of_birth": date(2007, 10, 1),
    "allocated_worker_id": "7781",
    "allocated_worker_name": "Jo Adviser",
    "manager_id": "5510",
    "manager_name": "Mo Manager",
    "team_id": "42",
}
ANSWERS: Mapping[str, Any] = {
    "eligible_full_service": True,
    "care_leaver_category": "former_relevant",
    "significant_learning_disability": True,
    "frequent_visits_confusing": True,
    "support_package_in_place": True,
    "support_package_source": "both",
    "support_package_summary": "A residential placement with one-to-one support.",
    "criterion_a_role_not_understood": True,
    "criterion_a_evidence": "Is unsettled by new visitors.",
    "criterion_b_specialist_staffed_home": True,
    "criterion_b_evidence": "Lives in a specialist staffed home.",
    "criterion_c_no_unmet_independence_needs": True,
    "criterion_c_evidence": "Needs are met by the home.",
    "best_interests_reason": "A further professional would bring no benefit.",
    "manager_agreed": "yes",
    "manager_agreed_on": date(2026, 3, 25),
    "manager_agreed_by_id": "5510",
    "manager_agreed_by_name": "Mo Manager",
    "parties": (SOCIAL_WORKER, PARENT),
    "lead_social_worker_name": "Sam Worker",
    "lead_social_worker_phone": "01332 000000",
    "visiting_pattern": "No regular visits.",
    "visit_interval_weeks": 0,
    "accommodation_provided_by_authority": "no",
    "young_person_wishes": "Could not say; we watched and asked the home.",
    "social_worker_view": "Agrees.",
    "family_carer_view": "Agrees.",
    "oversight_recorded_in": "case_note",
    "tailored_support_description": "Contact through the home and the family.",
    "last_pathway_plan_on": date(2026, 1, 15),
    "local_offer_given": True,
    "local_offer_encouraged": True,
    "family_told_can_make_requests": True,
    "family_told_permission_needed": True,
    "worker_contact_details_given": True,
    "service_contact_details_given": True,
    "family_told_can_ask_for_more_support": True,
}
IN_THE_ENVELOPE = {each.name for each in fields(Envelope)}


def a_form(unreadable: frozenset[str] = frozenset(), **changes: Any) -> CompletedForm:
    """The agreement with these fields changed, of the envelope or of the answers."""
    envelope = {name: value for name, value in changes.items() if name in IN_THE_ENVELOPE}
    answers = {name: value for name, value in changes.items() if name not in IN_THE_ENVELOPE}
    return CompletedForm(
        Envelope(**{**ENVELOPE, **envelope}),
        TailoredSupportAgreement(**{**ANSWERS, **answers}),
        unreadable=unreadable,
    )


def policy(**blocks: Mapping[str, Any]) -> PolicySettings:
    """The default settings with these keys of policy.yaml over them."""
    return load_policy(blocks)


def decided(
    form: CompletedForm,
    as_of: date = FORM_DAY,
    settings: PolicySettings = DEFAULTS,
    record: PersonRecord | None = None,
) -> Decision:
    """The decision on a form."""
    return decide(form, settings, WORKING, as_of, record or PersonRecord())


def decided_with(**changes: Any) -> Decision:
    """The decision on the agreement with these fields changed, on the form day."""
    return decided(a_form(**changes))


def decided_without(name: str) -> Decision:
    """The decision on the agreement as it arrives with one answer left blank."""
    answers: dict[str, Any] = {**ENVELOPE, **ANSWERS, name: None}
    values = {key: _in_json(value) for key, value in answers.items() if value is not None}
    reading = Reading("council", "tailored_support_agreement", values)
    return decided(validate(reading, FORM_DAY))


def _in_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [{k: _in_json(v) for k, v in vars(row).items() if v is not None} for row in value]
    return value


def found(decision: Decision, rule: str) -> list[str]:
    """The severities of what one rule listed."""
    return [str(problem.severity) for problem in decision.problems if problem.rule == rule]


def messages(decision: Decision, rule: str) -> list[str]:
    """The messages of one rule."""
    return [problem.message for problem in decision.problems if problem.rule == rule]


def holds(decision: Decision) -> set[str]:
    """The rules that hold the form."""
    return {p.rule for p in decision.problems if p.severity is Severity.HOLD}


def tasks(decision: Decision) -> list[str]:
    """The ids of the tasks, in order of due date."""
    return [task.task for task in decision.tasks]


def task(decision: Decision, wanted: str) -> Task:
    """The one task with this id."""
    (only,) = (each for each in decision.tasks if each.task == wanted)
    return only


def dates_of(decision: Decision, wanted: str) -> tuple[date, date]:
    """When the one task with this id opens and is due."""
    only = task(decision, wanted)
    return only.opens_on, only.due_on
