"""What is done where something is wrong: errors, holds, deaths, withdrawals, nobody named."""

from datetime import date

import pytest
from assessment_cases import (
    CALL_THE_GP,
    CLOSE,
    FORM_DAY,
    OPEN,
    REFER,
    RETURNER,
    Changes,
    an_assessment,
    as_read,
    assessed,
    assessed_on,
    dates_of,
    decided,
    found,
    policy,
    problems,
    task,
    tasks,
)

from connector.model import Inbox, Problem, Severity
from connector.validation import validate, with_problems

ON_HOLD: Changes = {**RETURNER, "date_of_birth": date(2005, 5, 10)}
"""A returner who was 20 when they asked: DC-02 holds the form."""

EN_08 = Problem("EN-08", Severity.HOLD, "This form covers more than one young person.")


def test_an_error_leaves_the_line_and_one_task_to_the_author() -> None:
    decision = assessed(
        OPEN, {"actions": (), "completed_by_id": "8", "manager_discussion_on": None}
    )
    assert decision.status == "needs_attention"
    assert not decision.attaches_summary
    assert not decision.cancels_open_tasks
    fix = task(decision, "T90")
    assert tasks(decision) == ["T90"]
    assert (fix.inbox, fix.assignee, fix.rule) == (Inbox.WORKER, "8", "DC-19")
    assert (fix.opens_on, fix.due_on) == (FORM_DAY, date(2026, 2, 16))
    assert fix.title == "Fix the form: Add at least one action. You chose to keep the case open"


def test_nothing_but_the_status_and_the_reasons_is_written_for_an_error() -> None:
    decision = assessed(RETURNER, CLOSE, {"took_part": "partly"})
    assert decision.write_back.as_dict() == {
        "status": "needs_attention",
        "line": "The form needs attention before it can take effect. Next: Fix the form: Say how"
        " they took part, or why not by 16 February 2026.",
        "form": "post_21_assessment",
        "reasons": ["Say how they took part, or why not."],
    }


def test_the_correction_task_lists_every_problem_by_question_the_worst_first() -> None:
    reading = as_read(
        OPEN, {"level_of_support": None, "took_part": None, "council_tax_status": None}
    )
    text = task(decided(validate(reading, FORM_DAY), FORM_DAY), "T90").text
    assert text.splitlines() == [
        "- Level of support: Choose the level of support.",
        "- Answer “Did the young adult take part?”.",
        "Also check:",
        "- Council tax: Say how things stand with council tax.",
    ]


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"record_restricted": True}, "Fix the form"),
        ({}, "Fix the form: Choose the level of support"),
    ],
)
def test_a_restricted_record_keeps_the_problem_out_of_the_title(
    changes: Changes, title: str
) -> None:
    form = validate(as_read(OPEN, {"level_of_support": None}, changes), FORM_DAY)
    assert task(decided(form, FORM_DAY), "T90").title == title


def test_what_was_typed_by_mistake_stays_out_of_the_title() -> None:
    reading = as_read(OPEN, {"took_part": "Robin is in hospital"})
    fix = task(decided(validate(reading, FORM_DAY), FORM_DAY), "T90")
    assert fix.title == "Fix the form: check “Did the young adult take part?”"
    assert "Robin" in fix.text


def test_without_an_author_the_allocated_worker_is_asked_and_else_the_team() -> None:
    wrong = {"actions": (), "completed_by_id": None}
    assert task(assessed(OPEN, wrong), "T90").assignee == "20931"
    nobody = task(assessed(OPEN, wrong, {"allocated_worker_id": None}), "T90")
    assert (nobody.inbox, nobody.assignee) == (Inbox.TEAM, "311")


@pytest.mark.rules("DC-02")
@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (CLOSE, ["T90"]),
        ({**OPEN, "manager_discussion_on": None}, ["T90", "T20"]),
        (REFER, ["T22", "T90", "T20"]),
    ],
)
def test_a_hold_keeps_the_forms_tasks_but_starts_no_series_and_closes_nothing(
    outcome: Changes, wanted: list[str]
) -> None:
    decision = assessed(outcome, ON_HOLD)
    assert decision.status == "on_hold"
    assert tasks(decision) == wanted
    assert decision.attaches_summary
    assert decision.write_back.closed_on is None
    assert task(decision, "T90").title.startswith("Put right the form: They were under 21")


def test_a_hold_with_a_task_of_its_own_is_not_asked_for_twice() -> None:
    decision = assessed(CLOSE, ON_HOLD, {"closure_told_can_return": False})
    assert decision.status == "on_hold_closure_questions"
    assert tasks(decision) == ["T90", "T25"]
    assert "come back" not in task(decision, "T90").text


def test_all_reasons_to_wait_are_in_one_task() -> None:
    decision = decided(with_problems(an_assessment(ON_HOLD, OPEN), EN_08), FORM_DAY)
    fix = task(decision, "T90")
    *reasons, last = fix.text.splitlines()
    assert len(reasons) == 2
    assert last.startswith("If an answer is right as it stands, leave it")
    assert fix.rule == "DC-02"


def test_an_error_wins_over_a_hold_and_both_are_listed() -> None:
    decision = assessed(ON_HOLD, OPEN, {"actions": ()})
    assert decision.status == "needs_attention"
    assert problems(decision) == [("DC-19", "E"), ("DC-02", "H")]
    assert len(task(decision, "T90").text.splitlines()) == 2


def test_after_a_death_nothing_is_made_and_everything_open_is_cancelled() -> None:
    decision = assessed(OPEN, {"date_of_death": date(2026, 2, 1), "actions": ()})
    assert decision.status == "ended_deceased"
    assert decision.tasks == ()
    assert decision.cancels_open_tasks
    assert not decision.attaches_summary
    assert problems(decision) == [("DC-19", "E")]


def test_a_withdrawn_form_is_shown_to_the_manager() -> None:
    decision = assessed(CLOSE, {"form_status": "withdrawn"})
    assert decision.status == "withdrawn"
    assert decision.cancels_open_tasks
    shown = task(decision, "T35")
    assert tasks(decision) == ["T35"]
    assert (shown.inbox, shown.due_on) == (Inbox.MANAGER, date(2026, 2, 19))


@pytest.mark.rules("DC-06")
def test_without_a_worker_the_team_holds_the_task_and_the_manager_is_told() -> None:
    decision = assessed(OPEN, {"allocated_worker_id": None})
    assert tasks(decision) == ["T91", "T20", "T21"]
    review, told = task(decision, "T21"), task(decision, "T91")
    assert (review.inbox, review.assignee) == (Inbox.TEAM, "311")
    assert (told.rule, told.inbox, told.assignee) == ("DC-06", Inbox.MANAGER, "30007")
    assert told.due_on == date(2026, 2, 16)
    assert problems(decision) == [("DC-06", "W")]


@pytest.mark.rules("DC-06")
@pytest.mark.parametrize("outcome", [REFER, {**CLOSE, **RETURNER}])
def test_nobody_is_told_of_a_missing_worker_no_task_is_for(outcome: Changes) -> None:
    decision = assessed(outcome, {"allocated_worker_id": None})
    assert "T91" not in tasks(decision)
    assert found(decision, "DC-06") == ["W"]


def test_with_neither_worker_nor_manager_everything_is_the_teams() -> None:
    nobody = {"allocated_worker_id": None, "manager_id": None}
    decision = assessed(OPEN, nobody)
    assert {each.inbox for each in decision.tasks} == {Inbox.TEAM}
    assert problems(decision) == [("DC-06", "W"), ("EN-01", "W")]


def test_a_missing_manager_is_remarked_only_where_a_task_is_for_one() -> None:
    assert problems(assessed(OPEN, {"manager_id": None})) == []
    assert found(assessed(REFER, {"manager_id": None}), "EN-01") == ["W"]


def test_working_days_are_counted_from_the_form_day_and_never_end_in_the_past() -> None:
    form = an_assessment(REFER)
    assert task(decided(form, date(2026, 2, 13)), "T22").due_on == date(2026, 2, 16)
    assert task(decided(form, date(2026, 2, 16)), "T22").due_on == date(2026, 2, 17)
    assert task(decided(form, date(2026, 4, 2)), "T22").due_on == date(2026, 4, 7)


def test_a_form_completed_tomorrow_by_its_clock_counts_from_today() -> None:
    assert task(decided(an_assessment(REFER), date(2026, 2, 11)), "T22").due_on == date(2026, 2, 13)


def test_the_council_sets_how_early_a_task_is_shown() -> None:
    settings = policy(tasks={"lead_days": {"default": "3", "T21": "14", "T24": "2"}})
    form = an_assessment(OPEN, {"manager_discussion_on": None})
    decision = decided(form, FORM_DAY, settings)
    assert dates_of(decision, "T20")[0] == date(2026, 3, 10)
    assert dates_of(decision, "T21")[0] == date(2026, 7, 29)
    assert dates_of(decision, "T24")[0] == date(2026, 2, 24)


def test_no_task_opens_before_the_day_of_processing() -> None:
    decision = assessed_on(date(2026, 3, 30), RETURNER, OPEN)
    late = decided(an_assessment(OPEN), date(2026, 3, 12))
    assert task(late, "T20").opens_on == date(2026, 3, 12)
    assert all(each.opens_on >= date(2026, 3, 30) for each in decision.tasks)


def test_no_title_reason_or_message_holds_a_name_or_an_id_of_ours() -> None:
    spoilt = an_assessment(
        CLOSE,
        {
            "took_part": "no_refused",
            "actions": (CALL_THE_GP,),
            "allocated_worker_id": None,
            "manager_id": None,
            "closure_told_can_return": False,
            "contact_refused": True,
            "young_adult_agrees": "no",
            "date_of_birth": date(2001, 1, 1),
        },
    )
    for form in (an_assessment(), spoilt):
        decision = decided(form, FORM_DAY)
        said = [problem.message for problem in decision.problems]
        said += [part for each in decision.tasks for part in (each.title, each.because)]
        for forbidden in ("Robin", "Sample", "Jo ", "Mo ", "DC-", "_", "T2"):
            assert not [each for each in said if forbidden in each]
