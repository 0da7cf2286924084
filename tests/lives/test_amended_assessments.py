"""A new version of an assessment: actions are matched by their words, outcomes may change."""

from typing import Any

import pytest
from short_life import ShortLife, due

GP = {"what": "Call the GP", "who": "pa", "due_on": "2026-05-15"}
BANK = {"what": "Open a bank account", "who": "pa", "due_on": "2026-06-05"}
HOUSING = {"what": "Apply for housing", "who": "manager", "due_on": "2026-07-10"}
TOLD_ONE = {"closure_told": ["yes", "no"]}


@pytest.fixture(autouse=True)
def of_age(life: ShortLife) -> None:
    """A young adult of 21 in the council of the test."""
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]


def assessed(life: ShortLife, outcome: str = "remain_open", **facts: Any) -> None:
    common = {"assessment_date": "2026-03-27", "manager_discussion_on": "2026-03-26"}
    life.tells("assessment", outcome=outcome, **{**common, **facts})


def actions(life: ShortLife) -> dict[str, str]:
    """What the actions' tasks are called, and when they are due."""
    titles = {
        task.variables["reference"]: task.variables["title"] for task in life.host.tasks.values()
    }
    return {
        titles.get(row.reference, row.period_key): row.due_on.isoformat()
        for row in life.standing("T20")
    }


def test_an_action_whose_date_moves_is_moved(life: ShortLife) -> None:
    assessed(life, actions=[GP, BANK])
    life.on("2026-05-11")
    assessed(life, version=2, actions=[{**GP, "due_on": "2026-05-29"}, BANK])
    (task,) = life.host.tasks.values()
    assert (task.how, due(task)) == ("open", "2026-05-29")
    assert "Moved: Call the GP, from 15 May 2026 to 29 May 2026." in life.note
    assert "Unchanged: Open a bank account, due 5 June 2026." in life.note


def test_an_action_whose_date_moves_while_it_waits_is_renewed(life: ShortLife) -> None:
    assessed(life, actions=[GP])
    assessed(life, version=2, actions=[{**GP, "due_on": "2026-05-29"}])
    assert len(life.rows("T20")) == 1
    assert life.next("T20").due_on.isoformat() == "2026-05-29"


def test_an_action_that_is_dropped_is_taken_back_and_a_new_one_added(life: ShortLife) -> None:
    assessed(life, actions=[GP, BANK])
    life.on("2026-05-11")
    open_one = life.the("T20")
    assessed(life, version=2, actions=[BANK, HOUSING])
    assert open_one.how == "cancelled"
    assert "New: Apply for housing, due 10 July 2026." in life.note
    assert "No longer needed: Call the GP. The form no longer asks for it." in life.note
    assert len(life.standing("T20")) == 2


def test_the_order_of_actions_and_how_they_are_typed_do_not_matter(life: ShortLife) -> None:
    assessed(life, actions=[GP, BANK])
    before = life.picture()
    assessed(life, version=2, actions=[BANK, {**GP, "what": "call the GP."}])
    assert life.picture() == before


def test_an_action_that_the_form_says_is_done_is_taken_out_of_the_inbox(life: ShortLife) -> None:
    assessed(life, actions=[GP, BANK])
    life.on("2026-05-11")
    open_one = life.the("T20")
    assessed(life, version=2, actions=[{**GP, "done": "yes"}, BANK])
    assert open_one.how == "cancelled"
    assert len(life.standing("T20")) == 1
    assert "Done: Call the GP. The form says that it is done." in life.note


def test_an_action_that_was_done_is_not_made_again(life: ShortLife) -> None:
    assessed(life, actions=[GP, BANK])
    life.on("2026-05-11")
    life.done("T20")
    assessed(life, version=2, actions=[GP, BANK])
    life.on("2026-05-12")
    assessed(life, version=3, actions=[{**GP, "due_on": "2026-06-30"}, BANK])
    assert sorted(row.state.value for row in life.rows("T20")) == ["done", "planned"]


def test_a_closure_question_is_asked_anew_only_in_other_words(life: ShortLife) -> None:
    assessed(life, "close_case", **TOLD_ONE)
    first = life.the("T25")
    before = first.variables["title"]
    life.on("2026-03-30")
    assessed(life, "close_case", version=2, **TOLD_ONE)
    assert (life.the("T25"), first.variables["title"]) == (first, before)
    assessed(life, "close_case", version=3, closure_told=["no", "yes"])
    assert life.the("T25") is first
    assert first.variables["title"] != before


def test_once_both_closure_questions_are_answered_the_case_closes(life: ShortLife) -> None:
    assessed(life, "close_case", **TOLD_ONE)
    assert life.status == "on_hold_closure_questions"
    assert not life.standing("T30")
    life.on("2026-04-02")
    assessed(life, "close_case", version=2, assessment_date="2026-04-02")
    assert life.status == "closed_annual_contact"
    assert not life.inbox("T25")
    assert life.next("T30").due_on.isoformat() == "2026-10-30"


def test_a_question_that_is_still_open_in_a_later_version_is_asked_again(life: ShortLife) -> None:
    assessed(life, "close_case", **TOLD_ONE)
    life.on("2026-03-30")
    life.done("T25")
    assessed(life, "close_case", version=2, **TOLD_ONE)
    assert life.the("T25")


def test_the_manager_decides_by_a_later_version(life: ShortLife) -> None:
    """Outcome 4, then 2: what waited for the manager goes, the actions go to the worker."""
    assessed(life, "refer_to_manager", actions=[GP])
    referral = life.the("T22")
    assert life.next("T20").inbox == "manager"
    life.on("2026-04-01")
    assessed(life, version=2, actions=[GP])
    assert referral.how == "cancelled"
    assert life.next("T20").inbox == "worker"
    assert life.next("T21").due_on.isoformat() == "2026-09-25"
    assert life.status == "open"


def test_an_open_action_goes_to_the_worker_once_the_manager_has_decided(life: ShortLife) -> None:
    assessed(life, "refer_to_manager", actions=[{**GP, "due_on": "2026-04-02"}])
    assert life.the("T20").inbox == "manager"
    life.on("2026-03-31")
    assessed(life, version=2, actions=[{**GP, "due_on": "2026-04-02"}])
    task = life.the("T20")
    assert (task.inbox, task.assignee) == ("worker", "W1")
    assert "Moved to another inbox: Call the GP, due 2 April 2026." in life.note


def test_an_older_version_that_comes_late_changes_nothing(life: ShortLife) -> None:
    life.on("2026-04-02")
    assessed(life, version=2, actions=[BANK])
    before, writes = life.picture(), life.writes()
    late = life.tells("assessment", outcome="close_case", completed_on="2026-03-27", actions=[GP])
    assert late.state == "outdated"
    assert (life.picture(), life.writes()) == (before, writes)


def test_an_assessment_on_hold_leaves_the_earlier_one_alone(life: ShortLife) -> None:
    assessed(life, form_id="B1", actions=[BANK])
    before = set(life.picture())
    life.on("2026-04-02")
    assessed(life, "close_case", form_id="B2", assessment_date="2026-04-02", **TOLD_ONE)
    assert before < set(life.picture())
    assert {row.task for row in life.standing()} - {each[0] for each in before} == {"T25"}


def test_closing_ends_what_earlier_forms_asked_for_and_keeps_its_own_actions(
    life: ShortLife,
) -> None:
    assessed(life, form_id="B1", actions=[BANK])
    life.on("2026-04-02")
    assessed(life, "close_case", form_id="B2", assessment_date="2026-04-02", actions=[GP])
    assert {(row.task, row.form_id) for row in life.standing()} == {("T20", "B2"), ("T30", "B2")}
    assert "No longer needed: Review support. The case was closed." in life.note


def test_opening_the_case_again_ends_the_yearly_contact_until_it_is_closed(
    life: ShortLife,
) -> None:
    assessed(life, "close_case", form_id="B1")
    assert life.standing("T30")
    life.on("2026-05-01")
    assessed(
        life,
        form_id="B2",
        assessment_type="returner_21_to_24",
        requested_on="2026-04-20",
        assessment_date="2026-05-01",
        actions=[{**GP, "due_on": "2026-05-29"}],
    )
    assert not life.standing("T30")
    assert "No longer needed: Yearly contact. The case was opened again." in life.note
    life.on("2026-12-01")
    assessed(life, "close_case", form_id="B3", assessment_date="2026-12-01")
    assert life.next("T30").due_on.isoformat() == "2027-10-29"
    assert not life.standing("T21")


CLOSED = {"outcome": "close_case", "assessment_type": "returner_21_to_24"}
MET = {"outcome": "immediate_needs_met", "assessment_type": "returner_21_to_24"}


def test_what_was_promised_at_a_closing_outlives_a_return_that_closes_nothing(
    life: ShortLife,
) -> None:
    assessed(life, **CLOSED, requested_on="2026-03-20", actions=[HOUSING])
    life.on("2026-05-11")
    back = {"requested_on": "2026-05-08", "assessment_date": "2026-05-11", "actions": []}
    assessed(life, **MET, **back, form_id="returned")
    assert life.next("T20").due_on.isoformat() == HOUSING["due_on"]
    assert len(life.standing("T30")) == 1


def test_it_does_so_too_where_the_closing_arrives_after_the_return(life: ShortLife) -> None:
    life.on("2026-05-11")
    back = {"requested_on": "2026-05-08", "assessment_date": "2026-05-11", "actions": []}
    assessed(life, **MET, **back, form_id="returned")
    late = {"requested_on": "2026-03-20", "completed_on": "2026-03-27"}
    assessed(life, **CLOSED, **late, actions=[HOUSING])
    assert life.next("T20").due_on.isoformat() == HOUSING["due_on"]
