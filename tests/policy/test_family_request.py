"""DS-27 on its own form: a manager decides before anything is agreed with the family."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from agreement_cases import WORKING, a_form, decided, found, messages, task, tasks

from connector.model import CompletedForm, Decision, Inbox, Problem, Reading, Severity
from connector.policy import DEFAULTS
from connector.policy.series import timeline
from connector.validation import validate, with_problems
from schemas import Envelope, FamilyRequest

FORM_DAY = date(2026, 7, 2)
ENVELOPE: Mapping[str, Any] = {
    "submission_id": "885012",
    "form_type": "family_request",
    "completed_at": datetime(2026, 7, 2, 9, 30, tzinfo=UTC),
    "completed_by_id": "7781",
    "person_id": "400123",
    "date_of_birth": date(2007, 10, 1),
    "allocated_worker_id": "7781",
    "manager_id": "5510",
    "team_id": "42",
}
ANSWERS: Mapping[str, Any] = {
    "requested_on": date(2026, 7, 1),
    "requester_name": "Pat Example",
    "requester_relationship": "Parent",
    "request_details": "Money for a sensory room at home.",
    "family_told_permission_needed": True,
}
DECIDED: Mapping[str, Any] = {
    "manager_decision": "agreed",
    "manager_decided_on": date(2026, 7, 2),
    "manager_decision_reason": "It is in the plan.",
}


def a_request(envelope: Mapping[str, Any] | None = None, **answers: Any) -> CompletedForm:
    return CompletedForm(
        Envelope(**{**ENVELOPE, **(envelope or {})}), FamilyRequest(**{**ANSWERS, **answers})
    )


def asked(**answers: Any) -> Decision:
    return decided(a_request(**answers), FORM_DAY)


@pytest.mark.rules("DS-27")
@pytest.mark.parametrize("decision", [None, "pending"])
def test_a_request_waits_for_the_manager(decision: str | None) -> None:
    waiting = asked(manager_decision=decision)
    wanted = task(waiting, "T06")
    assert waiting.status == "request_awaiting_manager"
    assert waiting.problems == ()
    assert tasks(waiting) == ["T06"]
    assert (wanted.inbox, wanted.assignee, wanted.rule) == (Inbox.MANAGER, "5510", "DS-27")
    assert (wanted.opens_on, wanted.due_on) == (FORM_DAY, date(2026, 7, 16))
    assert "Money for a sensory room at home." in wanted.text
    assert waiting.line == (
        "The family's request waits for the manager. Do not agree until the manager decides."
        " Next: Decide a family request by 16 July 2026."
    )


@pytest.mark.rules("DS-27")
def test_a_request_on_an_agreement_gives_the_manager_the_same_task() -> None:
    details = "Money for a sensory room at home."
    on_the_agreement = task(decided(a_form(family_request_details=details)), "T06")
    on_its_own = task(asked(), "T06")
    assert on_the_agreement.text == on_its_own.text
    assert on_the_agreement.title == on_its_own.title == "Decide a family request"
    assert on_the_agreement.due_on == WORKING.after(date(2026, 3, 27), 10)


@pytest.mark.rules("DS-27")
@pytest.mark.parametrize(
    ("answer", "status"), [("agreed", "request_agreed"), ("not_agreed", "request_not_agreed")]
)
def test_a_decided_request_leaves_nothing_to_do(answer: str, status: str) -> None:
    decision = asked(**{**DECIDED, "manager_decision": answer})
    assert (decision.status, decision.tasks, decision.problems) == (status, (), ())
    assert decision.write_back.as_dict() == {
        "status": status,
        "line": decision.line,
        "form": "family_request",
    }
    assert decision.attaches_summary


@pytest.mark.rules("DS-27")
@pytest.mark.parametrize("answer", ["agreed", "not_agreed"])
def test_a_decision_has_a_date(answer: str) -> None:
    decision = asked(manager_decision=answer)
    assert messages(decision, "DS-27") == ["Add the date the manager decided."]
    assert found(decision, "DS-27") == ["W"]


@pytest.mark.rules("DS-27")
@pytest.mark.parametrize("told", [None, False])
def test_the_family_is_told_that_a_manager_decides(told: bool | None) -> None:
    decision = asked(family_told_permission_needed=told)
    assert found(decision, "DS-27") == ["W"]
    assert tasks(decision) == ["T06"]


@pytest.mark.rules("EN-06")
def test_a_request_says_what_is_asked_for() -> None:
    values = {
        "submission_id": "885012",
        "completed_at": "2026-07-02T09:30:00+01:00",
        "completed_by_id": "7781",
        "person_id": "400123",
        "date_of_birth": "2007-10-01",
        "family_told_permission_needed": True,
    }
    form = validate(Reading("council", "family_request", values), FORM_DAY)
    decision = decided(form, FORM_DAY)
    assert decision.status == "needs_attention"
    assert tasks(decision) == ["T90"]
    assert messages(decision, "EN-06") == ["Fill in “What does the family ask for?”."]


@pytest.mark.rules("EN-11")
@pytest.mark.parametrize("name", ["requested_on", "manager_decided_on"])
def test_no_day_of_a_request_is_yet_to_come(name: str) -> None:
    values = {"completed_at": "2026-07-02T09:30:00+01:00", name: "2026-07-03"}
    form = validate(Reading("council", "family_request", values), FORM_DAY)
    assert found(decided(form, FORM_DAY), "EN-11") == ["E"]


def test_a_request_on_hold_still_reaches_the_manager() -> None:
    other = Problem("EN-08", Severity.HOLD, "The form is about more than one person.")
    decision = decided(with_problems(a_request(), other), FORM_DAY)
    assert decision.status == "on_hold"
    assert sorted(tasks(decision)) == ["T06", "T90"]


def test_without_a_manager_the_team_decides_who_does() -> None:
    decision = decided(a_request({"manager_id": None}), FORM_DAY)
    assert task(decision, "T06").inbox is Inbox.TEAM
    assert found(decision, "EN-01") == ["W"]


def test_what_is_asked_for_stays_out_of_the_title() -> None:
    assert "sensory" not in task(asked(), "T06").title


def test_a_request_plans_nothing_over_the_years() -> None:
    lived = timeline(a_request(), DEFAULTS, WORKING, FORM_DAY)
    assert [each.task for each in lived.tasks] == ["T06"]
    assert (lived.ends_on, lived.ends_because) == (None, "Nothing else is scheduled.")
