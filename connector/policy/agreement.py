"""The tailored-support agreement: its rules in order, and the decision they lead to (domain 1.4).

No function stands here for what needs none at arrival: DS-10 and DS-14 (asked for by the schema),
DS-19 (asked in T01, decided when it is done), DS-21 and DS-28's change of worker (follow-ups),
DS-31 (in `AgreementCase.stop_on` and the worker's role written back), DS-32, DS-33 and DS-34 (no
forms, a case note each time, and nothing is ever closed).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from connector.dates import ONE_DAY
from connector.model import Decision, Task
from connector.policy import agreement_conditions as conditions
from connector.policy import agreement_consent as consent
from connector.policy import agreement_family as family
from connector.policy import agreement_people as people
from connector.policy.agreement_case import AgreementCase, as_agreement
from connector.policy.agreement_tasks import assessment_before_21
from connector.policy.case import Case, Finding
from connector.policy.concluding import FormPolicy, conclude
from connector.policy.stops import MADE_ON_HOLD


def dc_03(case: AgreementCase) -> Iterator[Finding]:
    """Everyone with an agreement is assessed as they approach 21 (T08)."""
    yield from assessment_before_21(case)


AGREEMENT_RULES: tuple[Callable[[AgreementCase], Iterator[Finding]], ...] = (
    people.ds_01,
    people.ds_02,
    conditions.ds_03,
    conditions.ds_04,
    conditions.ds_05,
    conditions.ds_06,
    conditions.ds_07,
    conditions.ds_08,
    conditions.ds_09,
    consent.ds_11,
    consent.ds_12,
    people.ds_13,
    people.ds_15,
    people.ds_16,
    people.ds_17,
    people.ds_18,
    people.ds_20,
    family.ds_22,
    family.ds_23,
    family.ds_24,
    family.ds_25,
    family.ds_26,
    family.ds_27,
    family.ds_28,
    family.ds_29,
    people.ds_30,
    people.ds_35,
    dc_03,
)

ACTIVE = "tailored_support_active"


def decide_agreement(case: Case) -> Decision:
    """What a tailored-support agreement asks for."""
    agreement = as_agreement(case)
    findings = [finding for rule in AGREEMENT_RULES for finding in rule(agreement)]
    return conclude(
        agreement,
        findings,
        FormPolicy(
            own_status=ACTIVE,
            kept_on_hold=MADE_ON_HOLD.__contains__,
            no_worker_rule="DS-02",
            facts=lambda status, tasks: _facts(agreement, status, tasks),
            status_words=_status_words(agreement),
            turns_on=lambda status: _ended_on(agreement) if status == ACTIVE else None,
            stops_on=agreement.stop_on,
            stops_because=agreement.stop_because,
        ),
    )


def _ended_on(case: AgreementCase) -> date | None:
    """The day after the last day of the agreement: from then on it has ended (R22)."""
    return case.stop_on + ONE_DAY if case.stop_on else None


def _facts(case: AgreementCase, status: str, tasks: Sequence[Task]) -> dict[str, Any]:
    """The agreement itself only while it is in force: a pattern nobody agreed is not written."""
    facts: dict[str, Any] = {"criteria_met": case.criteria_met}
    if case.was_21 or (status == ACTIVE and not case.full_service):
        facts["worker_role"] = "point_of_contact"
    if status != ACTIVE:
        return facts
    due = {task.task: task.due_on for task in tasks}
    return facts | {
        "agreement_date": case.agreement_date,
        "visiting_pattern": case.answers.visiting_pattern,
        "allocation_until": case.stop_on if case.full_service else None,
        "next_contact_on": due.get("T01"),
        "next_review_on": due.get("T02"),
    }


def _status_words(case: AgreementCase) -> dict[str, str]:
    """The general sentences, saying what goes on meanwhile (DS-20)."""
    waiting = f"Waiting for the manager to agree. {case.meanwhile}"
    if not case.changes_another:
        return {"awaiting_manager": waiting}
    return {
        "awaiting_manager": waiting,
        "not_agreed_by_manager": f"The manager does not agree to the change. {case.meanwhile}",
        "not_agreed": f"Someone does not agree to the change. {case.meanwhile}",
        "awaiting_agreement": f"Waiting for everyone to agree to the change. {case.meanwhile}",
    }
