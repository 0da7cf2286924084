"""The post-21 assessment: its rules in order, and the decision they lead to (domain 1.6).

No function stands here for what needs none at arrival: DC-03 (the birthday feed), DC-10 and DC-20
(asked for by the schema), DC-14 and DC-18 (areas only), DC-25 (a course keeps the plan going, said
in T21), DC-31 and DC-32 (questions of DC-30), DC-34 (a summary for every outcome) and DC-38 (the
yearly contact's own form).
"""

from collections.abc import Sequence
from typing import Any

from connector.dates import ONE_DAY
from connector.model import Decision, Task
from connector.policy import assessment_closing as closing
from connector.policy import assessment_contact as contact
from connector.policy import assessment_findings as found
from connector.policy import assessment_outcome as outcome
from connector.policy import assessment_scope as scope
from connector.policy.assessment_actions import dc_19
from connector.policy.assessment_case import AssessmentCase, as_assessment
from connector.policy.case import Case
from connector.policy.concluding import FormPolicy, conclude
from connector.policy.stops import NOT_ON_HOLD

ASSESSMENT_RULES = (
    scope.dc_01,
    scope.dc_02,
    scope.dc_04,
    scope.dc_05,
    scope.dc_06,
    scope.dc_07,
    found.dc_08,
    found.dc_09,
    found.dc_11,
    found.dc_12,
    found.dc_13,
    found.dc_15,
    found.dc_16,
    found.dc_17,
    dc_19,
    outcome.dc_21,
    outcome.dc_22,
    outcome.dc_23,
    outcome.dc_24,
    outcome.dc_26,
    outcome.dc_27,
    outcome.dc_28,
    outcome.dc_29,
    closing.dc_30,
    closing.dc_33,
    contact.dc_35,
    contact.dc_36,
    contact.dc_37,
    contact.dc_39,
)

STATUS_WORDS = {
    "awaiting_manager": "Referred to the manager to allocate or discuss. The case stays open",
}


def decide_assessment(case: Case) -> Decision:
    """What a post-21 assessment asks for."""
    assessment = as_assessment(case)
    findings = [finding for rule in ASSESSMENT_RULES for finding in rule(assessment)]
    return conclude(
        assessment,
        findings,
        FormPolicy(
            own_status=own_status(assessment),
            kept_on_hold=lambda task: task not in NOT_ON_HOLD,
            no_worker_rule="DC-06",
            facts=lambda status, tasks: _facts(assessment, status, tasks),
            status_words=STATUS_WORDS,
            cancels_open_tasks=lambda status: (
                status == "closed_annual_contact" and assessment.closing
            ),
            turns_on=lambda status: (
                assessment.closes_on if status == "closure_planned" else assessment.turns_25
            ),
            stops_on=assessment.turns_25 - ONE_DAY if assessment.turns_25 else None,
            stops_because="They turn 25 on the day after.",
        ),
    )


def own_status(case: AssessmentCase) -> str:
    """The status of the outcome where nothing holds it up (DC-21 to DC-24)."""
    if case.outcome == "refer_to_manager":
        return "awaiting_manager"
    if case.keeps_open:
        return "open"
    return "closure_planned" if case.closing_planned else "closed_annual_contact"


def _facts(case: AssessmentCase, status: str, tasks: Sequence[Task]) -> dict[str, Any]:
    due = {task.task: task.due_on for task in tasks}
    closed = status in {"closure_planned", "closed_annual_contact"}
    return {
        "closed_on": case.closes_on if closed and case.closing else None,
        "can_return_until": case.turns_25 - ONE_DAY if closed and case.turns_25 else None,
        "next_review_on": due.get("T21"),
        "next_contact_on": due.get("T30"),
    }
