"""What the family has to be told, and what it asks for: DS-22 to DS-29."""

from datetime import date

import pytest
from agreement_cases import (
    FORM_DAY,
    a_form,
    dates_of,
    decided,
    decided_with,
    found,
    holds,
    policy,
    task,
    tasks,
)

from connector.model import Inbox

TOLD = {
    "local_offer_given": "DS-24",
    "local_offer_encouraged": "DS-25",
    "family_told_can_make_requests": "DS-26",
    "family_told_permission_needed": "DS-27",
    "worker_contact_details_given": "DS-28",
    "service_contact_details_given": "DS-28",
    "family_told_can_ask_for_more_support": "DS-29",
}


@pytest.mark.rules("DS-24", "DS-25", "DS-26", "DS-27", "DS-28", "DS-29")
@pytest.mark.parametrize("answer", [False, None], ids=["no", "blank"])
@pytest.mark.parametrize(("name", "rule"), TOLD.items())
def test_what_the_family_was_not_told_is_remarked_and_becomes_a_task(
    name: str, rule: str, answer: bool | None
) -> None:
    decision = decided_with(**{name: answer})
    assert decision.status == "tailored_support_active"
    assert found(decision, rule) == ["W"]
    tell = task(decision, "T03")
    assert (tell.rule, tell.inbox) == (rule, Inbox.WORKER)
    # Ten working days, over Easter.
    assert (tell.opens_on, tell.due_on) == (FORM_DAY, date(2026, 4, 14))


@pytest.mark.rules("DS-24", "DS-29")
def test_everything_not_told_is_listed_in_one_task() -> None:
    tell = task(decided_with(**dict.fromkeys(TOLD)), "T03")
    assert tell.rule == "DS-24"
    assert len(tell.text.splitlines()) == len(TOLD)
    assert tell.because.count("10 working days after 27 March 2026 is 14 April 2026.") == 1


@pytest.mark.rules("DS-24")
def test_an_unreadable_answer_about_the_family_is_not_called_no() -> None:
    form = a_form(frozenset({"local_offer_given"}), local_offer_given=None)
    assert found(decided(form), "DS-24") == []


def test_the_council_sets_how_soon_the_family_is_told() -> None:
    quick = policy(tailored={"family_tell_working_days": "1"})
    decision = decided(a_form(local_offer_given=False), settings=quick)
    assert dates_of(decision, "T03") == (FORM_DAY, date(2026, 3, 30))


def test_the_task_carries_the_services_own_details() -> None:
    details = policy(service={"phone": "01332 111111", "local_offer_url": "https://offer.example"})
    form = a_form(local_offer_given=False, service_contact_details_given=False)
    text = task(decided(form, settings=details), "T03").text
    assert "01332 111111" in text
    assert "https://offer.example" in text


@pytest.mark.rules("DS-29")
def test_a_council_may_hold_the_form_until_the_family_knows_it_can_ask_for_more() -> None:
    strict = policy(tailored={"further_support_told": "hold"})
    form = a_form(family_told_can_ask_for_more_support=False)
    decision = decided(form, settings=strict)
    assert decision.status == "on_hold"
    assert holds(decision) == {"DS-29"}
    assert tasks(decision) == ["T90"]


@pytest.mark.rules("DS-22", "DS-24")
def test_where_family_contact_is_not_safe_its_tasks_go_to_the_manager() -> None:
    decision = decided_with(family_contact_safe=False, local_offer_given=False)
    managers = {each.task for each in decision.tasks if each.inbox is Inbox.MANAGER}
    assert managers == {"T02", "T03", "T07"}
    assert "not safe" in task(decision, "T02").text


@pytest.mark.rules("DS-24", "DS-26")
def test_a_manager_who_is_to_tell_an_unsafe_family_is_warned_once_and_first() -> None:
    untold = {"local_offer_given": False, "family_told_can_make_requests": False}
    first, *rest = task(decided_with(family_contact_safe=False, **untold), "T03").text.splitlines()
    assert "not safe" in first
    assert [line[:2] for line in rest] == ["- ", "- "]
    assert "not safe" not in task(decided_with(**untold), "T03").text


@pytest.mark.rules("DS-27")
def test_a_request_of_the_family_is_the_managers_to_decide() -> None:
    decision = decided_with(family_request_details="More hours at the day centre.")
    decide = task(decision, "T06")
    assert (decide.rule, decide.inbox) == ("DS-27", Inbox.MANAGER)
    assert (decide.opens_on, decide.due_on) == (FORM_DAY, date(2026, 4, 14))
    assert "More hours at the day centre." in decide.text
    assert "Nothing is agreed with the family until you decide." in decide.text
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-27")
def test_a_request_reaches_the_manager_even_while_the_form_is_held() -> None:
    decision = decided_with(family_request_details="More hours.", frequent_visits_confusing=False)
    assert set(tasks(decision)) == {"T06", "T90"}


@pytest.mark.rules("DS-22", "DS-23")
@pytest.mark.parametrize(
    ("plan", "contact", "due"),
    [
        (date(2026, 1, 15), None, date(2026, 7, 15)),
        (date(2026, 1, 15), date(2026, 1, 8), date(2026, 7, 8)),
        (date(2026, 1, 15), date(2026, 3, 2), date(2026, 7, 15)),
        (None, None, date(2026, 9, 25)),
        (None, date(2026, 1, 8), date(2026, 9, 25)),
        (date(2025, 10, 25), None, date(2026, 4, 24)),  # the 25th is a Saturday
        (date(2026, 3, 26), None, date(2026, 9, 25)),  # after the agreement; a Saturday
    ],
)
def test_six_months_run_from_the_last_plan_or_an_earlier_contact_else_the_agreement(
    plan: date | None, contact: date | None, due: date
) -> None:
    decision = decided_with(last_pathway_plan_on=plan, last_family_contact_on=contact)
    assert task(decision, "T02").due_on == due
    assert task(decision, "T02").rule == "DS-22"
    assert found(decision, "DS-23") == ([] if plan else ["W"])


@pytest.mark.rules("DS-23")
@pytest.mark.parametrize(
    ("plan", "expected"), [(date(2025, 9, 25), []), (date(2025, 9, 24), ["W"])]
)
def test_a_plan_over_six_months_old_on_the_agreement_date_is_remarked_and_due_at_once(
    plan: date, expected: list[str]
) -> None:
    decision = decided_with(last_pathway_plan_on=plan)
    assert found(decision, "DS-23") == expected
    assert dates_of(decision, "T02") == (FORM_DAY, date(2026, 3, 30))


def test_the_council_sets_how_many_months_lie_between_family_contacts() -> None:
    four = policy(tailored={"family_plan_months": "4"})
    assert task(decided(a_form(), settings=four), "T02").due_on == date(2026, 5, 15)
    late = a_form(last_pathway_plan_on=date(2025, 11, 24))
    assert found(decided(late, settings=four), "DS-23") == ["W"]
