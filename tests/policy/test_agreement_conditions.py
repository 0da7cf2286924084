"""Whom the approach is for: DS-03 to DS-10."""

from datetime import date

import pytest
from agreement_cases import (
    FORM_DAY,
    PARENT,
    a_form,
    dates_of,
    decided,
    decided_with,
    decided_without,
    found,
    holds,
    messages,
    policy,
    task,
    tasks,
)

from connector.model import Inbox, PersonRecord

CRITERIA = (
    "criterion_a_role_not_understood",
    "criterion_b_specialist_staffed_home",
    "criterion_c_no_unmet_independence_needs",
)


@pytest.mark.rules("DS-03", "DS-04", "DS-05")
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("significant_learning_disability", "DS-03"),
        ("frequent_visits_confusing", "DS-04"),
        ("support_package_in_place", "DS-05"),
    ],
)
def test_a_condition_answered_no_holds_the_form(name: str, rule: str) -> None:
    decision = decided_with(**{name: False})
    assert decision.status == "on_hold"
    assert found(decision, rule) == ["H"]
    assert tasks(decision) == ["T90"]
    assert task(decision, "T90").rule == rule


@pytest.mark.rules("DS-03", "DS-04", "DS-05", "DS-06", "DS-10", "DS-14", "DS-15")
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("significant_learning_disability", "DS-03"),
        ("frequent_visits_confusing", "DS-04"),
        ("support_package_in_place", "DS-05"),
        ("support_package_source", "DS-05"),
        *((name, "DS-06") for name in CRITERIA),
        ("best_interests_reason", "DS-10"),
        ("tailored_support_description", "DS-14"),
        ("visiting_pattern", "DS-15"),
        ("eligible_full_service", "EN-06"),
        ("manager_agreed", "EN-06"),
    ],
)
def test_a_required_answer_left_blank_is_an_error_and_only_the_correction_is_asked_for(
    name: str, rule: str
) -> None:
    decision = decided_without(name)
    assert decision.status == "needs_attention"
    assert [p.rule for p in decision.problems if p.severity == "E"] == [rule]
    assert tasks(decision) == ["T90"]
    assert not decision.attaches_summary


@pytest.mark.rules("DS-05")
def test_a_package_that_is_not_described_is_remarked() -> None:
    decision = decided_with(support_package_summary=None)
    assert found(decision, "DS-05") == ["W"]
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-06")
def test_one_criterion_answered_no_holds_the_form_and_is_named() -> None:
    decision = decided_with(criterion_b_specialist_staffed_home=False)
    assert decision.status == "on_hold"
    assert messages(decision, "DS-06") == [
        "Question B is answered No. All three of A, B and C must be Yes for this approach."
    ]
    assert decision.write_back.criteria_met == ("a", "c")


@pytest.mark.rules("DS-06")
def test_two_criteria_answered_no_are_named_in_one_message() -> None:
    decision = decided_with(**{CRITERIA[0]: False, CRITERIA[2]: False})
    assert messages(decision, "DS-06") == [
        "Questions A and C are answered No. All three of A, B and C must be Yes for this approach."
    ]


@pytest.mark.rules("DS-06")
@pytest.mark.parametrize("how", ["the form says which it replaces", "the record knows one"])
def test_a_criterion_no_longer_met_on_a_running_agreement_ends_the_approach(how: str) -> None:
    on_form = how == "the form says which it replaces"
    decision = decided(
        a_form(
            criterion_c_no_unmet_independence_needs=False,
            supersedes_submission_id="800001" if on_form else None,
        ),
        record=PersonRecord(active_agreement=not on_form),
    )
    assert decision.status == "criteria_no_longer_met"
    assert tasks(decision) == ["T16", "T17"]
    assert task(decision, "T16").inbox is Inbox.WORKER
    assert task(decision, "T17").inbox is Inbox.MANAGER
    # Good Friday and Easter Monday lie between.
    assert dates_of(decision, "T16") == (FORM_DAY, date(2026, 4, 14))
    assert dates_of(decision, "T17") == (FORM_DAY, date(2026, 4, 14))


def test_the_council_sets_how_long_a_change_of_approach_may_take() -> None:
    quick = policy(tailored={"change_decision_working_days": "3"})
    form = a_form(criterion_a_role_not_understood=False, supersedes_submission_id="800001")
    assert dates_of(decided(form, settings=quick), "T17") == (FORM_DAY, date(2026, 4, 1))


@pytest.mark.rules("DS-06", "DS-11")
def test_a_manager_who_refuses_outranks_a_criterion_no_longer_met() -> None:
    decision = decided_with(
        criterion_a_role_not_understood=False,
        supersedes_submission_id="800001",
        manager_agreed="no",
    )
    assert decision.status == "not_agreed_by_manager"
    assert tasks(decision) == ["T90", "T18"]


@pytest.mark.rules("DS-07")
@pytest.mark.parametrize(("answer", "expected"), [("no", ["W"]), ("not_sure", []), ("yes", [])])
def test_only_a_no_to_the_second_limb_of_a_is_remarked(answer: str, expected: list[str]) -> None:
    decision = decided_with(criterion_a_visits_detrimental=answer)
    assert found(decision, "DS-07") == expected
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-07", "DS-08", "DS-09")
@pytest.mark.parametrize(("letter", "rule"), [("a", "DS-07"), ("b", "DS-08"), ("c", "DS-09")])
def test_a_criterion_without_its_reason_is_remarked(letter: str, rule: str) -> None:
    decision = decided_with(**{f"criterion_{letter}_evidence": None})
    assert found(decision, rule) == ["W"]
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-08")
@pytest.mark.parametrize("code", ["U", "K", "S", "V", "W", "X", "U1", "S2"])
def test_a_home_that_is_not_staffed_is_remarked_with_or_without_the_digit(code: str) -> None:
    assert found(decided_with(accommodation_code=code), "DS-08") == ["W"]


@pytest.mark.rules("DS-08")
@pytest.mark.parametrize("code", ["C", "D", "C1", "D2", "B", "Z", "0", None])
def test_other_homes_are_left_to_the_worker(code: str | None) -> None:
    assert found(decided_with(accommodation_code=code), "DS-08") == []


@pytest.mark.rules("DS-09")
def test_criterion_c_is_judged_by_its_own_answer() -> None:
    assert holds(decided_with(criterion_c_no_unmet_independence_needs=True)) == set()
    assert holds(decided_with(criterion_c_no_unmet_independence_needs=False)) == {"DS-06"}


@pytest.mark.rules("DS-05")
def test_a_childrens_package_is_looked_at_twelve_weeks_before_the_18th_birthday() -> None:
    decision = decided_with(support_package_source="childrens", date_of_birth=date(2008, 10, 1))
    # 84 days before 1 October 2026.
    assert dates_of(decision, "T15") == (date(2026, 7, 2), date(2026, 7, 9))
    assert task(decision, "T15").rule == "DS-05"


@pytest.mark.rules("DS-05")
@pytest.mark.parametrize("source", ["adults", "both"])
def test_a_package_not_only_childrens_is_not_looked_at_again(source: str) -> None:
    decision = decided_with(support_package_source=source, date_of_birth=date(2008, 10, 1))
    assert "T15" not in tasks(decision)


@pytest.mark.rules("DS-05")
@pytest.mark.parametrize(("born", "made"), [(date(2008, 3, 25), False), (date(2008, 3, 26), True)])
def test_the_package_is_looked_at_only_if_under_18_on_the_agreement_date(
    born: date, made: bool
) -> None:
    decision = decided_with(support_package_source="childrens", date_of_birth=born)
    assert ("T15" in tasks(decision)) is made


def test_a_council_can_do_without_the_task_before_18() -> None:
    off = policy(tailored={"transition_18_task": "false"})
    form = a_form(support_package_source="childrens", date_of_birth=date(2008, 10, 1))
    assert "T15" in tasks(decided(form))
    assert "T15" not in tasks(decided(form, settings=off))


def test_a_form_on_hold_starts_nothing_but_keeps_its_summary() -> None:
    decision = decided_with(
        frequent_visits_confusing=False, local_offer_given=False, parties=(PARENT,)
    )
    assert set(tasks(decision)) == {"T90", "T19"}
    assert decision.attaches_summary
    assert decision.write_back.next_contact_on is None
    assert decision.write_back.visiting_pattern is None
