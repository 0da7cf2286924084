"""DC-21 and DC-30 to DC-34: closing before 21, and only once the young adult has been told."""

from datetime import UTC, date, datetime

import pytest
from assessment_cases import (
    CLOSE,
    FORM_DAY,
    MET,
    OPEN,
    REFER,
    RETURNER,
    Changes,
    an_assessment,
    assessed,
    assessed_on,
    dates_of,
    decided,
    found,
    messages,
    policy,
    problems,
    task,
    tasks,
)

from connector.model import Inbox

ANNUAL, RETURN = "closure_told_annual_contact", "closure_told_can_return"


@pytest.mark.rules("DC-21")
def test_closed_before_21_the_closing_waits_for_the_birthday() -> None:
    decision = assessed(CLOSE)
    assert decision.status == "closure_planned"
    assert decision.write_back.closed_on == date(2026, 5, 10)
    assert decision.write_back.can_return_until == date(2030, 5, 9)
    close = task(decision, "T10")
    assert (close.rule, close.inbox, close.assignee) == ("DC-21", Inbox.WORKER, "20931")


@pytest.mark.rules("DC-21")
def test_the_day_of_closing_moves_forward_over_a_weekend_since_it_is_their_right() -> None:
    decision = assessed(CLOSE)  # 10 May 2026 is a Sunday
    assert dates_of(decision, "T10") == (date(2026, 5, 11), date(2026, 5, 11))
    assert "Moved to 11 May 2026" in task(decision, "T10").because


@pytest.mark.rules("DC-21")
def test_the_day_of_closing_stays_on_a_working_day() -> None:
    decision = assessed(CLOSE, {"date_of_birth": date(2005, 5, 12)})
    assert dates_of(decision, "T10") == (date(2026, 5, 12), date(2026, 5, 12))


@pytest.mark.rules("DC-21", "DC-35")
def test_the_yearly_clock_of_a_planned_closing_starts_on_the_21st_birthday() -> None:
    october = assessed(CLOSE, {"date_of_birth": date(2005, 10, 12)}, {"assessment_date": FORM_DAY})
    assert dates_of(october, "T30") == (date(2026, 10, 19), date(2026, 10, 30))
    # The week of 26 October 2026 begins less than 14 days after closing on the 13th.
    later = assessed(CLOSE, {"date_of_birth": date(2005, 10, 13)})
    assert dates_of(later, "T30") == (date(2027, 10, 6), date(2027, 10, 13))


@pytest.mark.rules("DC-21")
@pytest.mark.parametrize(
    ("day", "status", "closed_on"),
    [
        (date(2026, 5, 9), "closure_planned", date(2026, 5, 10)),
        (date(2026, 5, 10), "closed_annual_contact", date(2026, 5, 10)),
        (date(2026, 5, 11), "closed_annual_contact", date(2026, 5, 11)),
    ],
)
def test_from_the_21st_birthday_on_a_case_is_closed_at_once(
    day: date, status: str, closed_on: date
) -> None:
    decision = assessed_on(day, CLOSE, actions=())
    assert (decision.status, decision.write_back.closed_on) == (status, closed_on)


@pytest.mark.rules("DC-21")
def test_born_on_a_leap_day_the_case_closes_on_the_first_of_march() -> None:
    leap = {"date_of_birth": date(2004, 2, 29), "current_pathway_plan_date": date(2024, 12, 1)}
    decision = assessed_on(date(2025, 1, 6), CLOSE, leap, actions=())
    assert decision.write_back.closed_on == date(2025, 3, 1)
    assert decision.write_back.can_return_until == date(2029, 2, 28)
    assert task(decision, "T10").due_on == date(2025, 3, 3)  # 1 March 2025 is a Saturday


@pytest.mark.rules("DC-21")
@pytest.mark.parametrize(
    ("effective", "status", "closed_on", "wanted"),
    [
        ("at_21", "closure_planned", date(2026, 5, 10), ["T10", "T30"]),
        ("at_21_plus_1_month", "closure_planned", date(2026, 6, 10), ["T10", "T30"]),
        ("immediately", "closed_annual_contact", FORM_DAY, ["T30"]),
    ],
)
def test_the_council_says_when_a_closing_before_21_takes_effect(
    effective: str, status: str, closed_on: date, wanted: list[str]
) -> None:
    settings = policy(post21={"closure_effective": effective})
    decision = decided(an_assessment(CLOSE), FORM_DAY, settings)
    assert (decision.status, decision.write_back.closed_on) == (status, closed_on)
    assert tasks(decision) == wanted


@pytest.mark.rules("DC-21")
@pytest.mark.parametrize(
    ("day", "status", "closed_on"),
    [
        (date(2026, 5, 20), "closure_planned", date(2026, 6, 10)),
        (date(2026, 6, 9), "closure_planned", date(2026, 6, 10)),
        (date(2026, 6, 10), "closed_annual_contact", date(2026, 6, 10)),
    ],
)
def test_a_month_after_21_is_waited_for_in_that_month_too(
    day: date, status: str, closed_on: date
) -> None:
    settings = policy(post21={"closure_effective": "at_21_plus_1_month"})
    finished = {"assessment_date": day, "completed_at": datetime(2026, 6, 10, 12, tzinfo=UTC)}
    decision = decided(an_assessment(CLOSE, finished, actions=()), date(2026, 6, 10), settings)
    assert (decision.status, decision.write_back.closed_on) == (status, closed_on)


@pytest.mark.rules("DC-21")
def test_birthdays_of_the_leap_day_fall_as_the_council_says() -> None:
    leap = {"date_of_birth": date(2004, 2, 29), "assessment_date": date(2025, 1, 6)}
    settings = policy(dates={"leap_day_birthday": "feb_28"})
    decision = decided(an_assessment(CLOSE, leap), date(2025, 1, 6), settings)
    assert decision.write_back.closed_on == date(2025, 2, 28)
    assert decision.write_back.can_return_until == date(2029, 2, 27)


@pytest.mark.rules("DC-30", "DC-31", "DC-32", "DC-33")
@pytest.mark.parametrize(
    ("annual", "back", "rules"),
    [
        (True, True, []),
        (None, True, ["DC-30"]),
        (True, None, ["DC-30"]),
        (False, True, ["DC-33"]),
        (True, False, ["DC-33"]),
        (None, False, ["DC-30", "DC-33"]),
        (False, False, ["DC-33", "DC-33"]),
        (None, None, ["DC-30", "DC-30"]),
    ],
)
def test_a_case_is_closed_only_once_both_questions_are_yes(
    annual: bool | None, back: bool | None, rules: list[str]
) -> None:
    decision = assessed(CLOSE, {ANNUAL: annual, RETURN: back})
    assert problems(decision) == [(rule, "H") for rule in rules]
    if rules:
        assert decision.status == "on_hold_closure_questions"
        assert tasks(decision) == ["T25"]
        assert decision.write_back.closed_on is None
        assert not decision.cancels_open_tasks


@pytest.mark.rules("DC-33")
def test_one_task_names_exactly_what_they_are_still_to_be_told() -> None:
    decision = assessed(CLOSE, {ANNUAL: None, RETURN: False})
    tell = task(decision, "T25")
    assert (tell.rule, tell.inbox, tell.due_on) == ("DC-33", Inbox.WORKER, date(2026, 2, 19))
    assert tell.title == (
        "Tell them: we will try to contact them once a year and they can come back before they"
        " turn 25"
    )
    assert task(assessed(CLOSE, {RETURN: False}), "T25").title == (
        "Tell them: they can come back before they turn 25"
    )


@pytest.mark.rules("DC-32")
def test_the_message_gives_the_last_day_they_can_come_back_on() -> None:
    (message,) = messages(assessed(CLOSE, {RETURN: False}), "DC-33")
    assert message == (
        "The case has not been closed. Tell them they can come back before they turn 25 (until"
        " 9 May 2030), then change the answer to Yes."
    )


@pytest.mark.rules("DC-31")
def test_the_message_says_they_will_be_contacted_once_a_year() -> None:
    (message,) = messages(assessed(CLOSE, {ANNUAL: None}), "DC-30")
    assert message == (
        "The case has not been closed. Answer whether you told them we will try to contact them"
        " once a year."
    )


@pytest.mark.rules("DC-30")
@pytest.mark.parametrize("outcome", [OPEN, REFER])
@pytest.mark.parametrize("answer", [None, False])
def test_closure_questions_are_not_asked_of_a_case_that_goes_on(
    outcome: Changes, answer: bool | None
) -> None:
    assert problems(assessed(outcome, {ANNUAL: answer, RETURN: answer})) == []


def test_a_closure_answer_that_cannot_be_read_is_not_called_blank() -> None:
    form = an_assessment(CLOSE, {RETURN: None}, unreadable=frozenset({RETURN}))
    assert found(decided(form, FORM_DAY), "DC-30") == []


@pytest.mark.rules("DC-21", "DC-33")
def test_a_closing_on_hold_keeps_the_other_tasks_and_starts_no_series() -> None:
    decision = assessed(
        CLOSE,
        {
            RETURN: False,
            "actions": OPEN["actions"],
            "local_area_coordinator_considered": False,
            "young_adult_agrees": "no",
        },
    )
    assert tasks(decision) == ["T25", "T33", "T26", "T20"]


@pytest.mark.rules("DC-33")
def test_the_council_adds_its_own_closure_question() -> None:
    settings = policy(
        post21={
            "closure_questions": [ANNUAL, RETURN, "closure_told_local_offer"],
            "closure_hold_working_days": "2",
        }
    )
    blank = decided(an_assessment(CLOSE), FORM_DAY, settings)
    assert found(blank, "DC-30") == ["H"]
    assert task(blank, "T25").due_on == date(2026, 2, 16)
    no = an_assessment(CLOSE, {"closure_other": {"closure_told_local_offer": False}})
    assert found(decided(no, FORM_DAY, settings), "DC-33") == ["H"]
    yes = an_assessment(CLOSE, {"closure_other": {"closure_told_local_offer": True}})
    assert decided(yes, FORM_DAY, settings).status == "closure_planned"


@pytest.mark.rules("DC-33")
def test_the_council_drops_a_closure_question() -> None:
    settings = policy(post21={"closure_questions": [RETURN]})
    form = an_assessment(CLOSE, {ANNUAL: False})
    assert decided(form, FORM_DAY, settings).status == "closure_planned"


@pytest.mark.rules("DC-34")
@pytest.mark.parametrize("outcome", [CLOSE, OPEN, MET, REFER, {**CLOSE, RETURN: False}])
@pytest.mark.parametrize("who", [{}, RETURNER, {**RETURNER, "date_of_birth": date(2001, 1, 1)}])
def test_a_copy_is_placed_on_the_record_for_every_outcome_and_hold(
    outcome: Changes, who: Changes
) -> None:
    assert assessed(who, outcome).attaches_summary


@pytest.mark.rules("DC-34")
def test_a_form_to_be_put_right_is_not_placed_on_the_record_yet() -> None:
    assert not assessed(OPEN, {"actions": ()}).attaches_summary
