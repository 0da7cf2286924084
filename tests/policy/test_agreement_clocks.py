"""When the agreement's contacts are due: starts, stops, weekends and late arrival."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from agreement_cases import (
    FORM_DAY,
    PARENT,
    SOCIAL_WORKER,
    a_form,
    dates_of,
    decided,
    decided_with,
    policy,
    task,
    tasks,
)

from connector.model import CompletedForm, PersonRecord


def agreed_on(day: date, **changes: Any) -> CompletedForm:
    """An agreement made, and completed, on one day."""
    of_the_day = {
        "agreement_date": day,
        "completed_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        "manager_agreed_on": day,
        "last_pathway_plan_on": day,
    }
    return a_form(**{**of_the_day, **changes})


@pytest.mark.rules("DS-18")
@pytest.mark.parametrize(
    ("contact", "due"),
    [
        (None, date(2026, 6, 17)),
        (date(2026, 3, 26), date(2026, 6, 17)),  # after the agreement: never later
        (date(2026, 3, 25), date(2026, 6, 17)),
        (date(2026, 2, 2), date(2026, 4, 27)),
        (date(2025, 12, 31), date(2026, 3, 30)),  # the 84th day is the agreement's
        (date(2025, 12, 30), date(2026, 3, 30)),  # the 85th: due at once
        (date(2025, 6, 1), date(2026, 3, 30)),
    ],
)
def test_twelve_weeks_run_from_the_agreement_or_a_contact_before_it(
    contact: date | None, due: date
) -> None:
    assert task(decided_with(last_social_worker_contact_on=contact), "T01").due_on == due


@pytest.mark.rules("DS-18")
def test_a_contact_83_days_before_the_agreement_is_followed_by_one_the_day_after_it() -> None:
    form = agreed_on(date(2026, 3, 24), last_social_worker_contact_on=date(2025, 12, 31))
    assert task(decided(form, as_of=date(2026, 3, 24)), "T01").due_on == date(2026, 3, 25)


def test_the_council_sets_the_days_between_contacts() -> None:
    four_weeks = policy(tailored={"social_worker_contact_days": "28"})
    contact = task(decided(a_form(), settings=four_weeks), "T01")
    assert contact.due_on == date(2026, 4, 22)
    assert "at least every 28 days" in contact.because


def test_the_council_says_whether_an_attempt_counts() -> None:
    counts = policy(tailored={"attempt_counts": "true"})
    assert "does not count" in task(decided(a_form()), "T01").text
    assert "does not count" not in task(decided(a_form(), settings=counts), "T01").text


@pytest.mark.rules("DS-20")
def test_a_new_agreement_keeps_the_clock_of_the_one_it_replaces() -> None:
    form = a_form(supersedes_submission_id="800001")
    record = PersonRecord(active_agreement=True, clocks={"T01": date(2026, 2, 2)})
    assert task(decided(form, record=record), "T01").due_on == date(2026, 4, 27)


@pytest.mark.parametrize(
    ("way", "due"),
    [
        ("previous", date(2026, 4, 2)),
        ("next", date(2026, 4, 7)),
        ("same", date(2026, 4, 3)),
    ],
)
def test_a_contact_due_on_good_friday_is_moved_as_the_council_says(way: str, due: date) -> None:
    form = agreed_on(date(2026, 1, 9))
    settings = policy(dates={"non_working_day": way})
    assert task(decided(form, date(2026, 1, 9), settings), "T01").due_on == due


def test_a_date_that_is_moved_says_why() -> None:
    contact = task(decided(agreed_on(date(2026, 1, 9)), date(2026, 1, 9)), "T01")
    assert contact.because.endswith(
        "84 days after 9 January 2026 is 3 April 2026. Moved to 2 April 2026, because 3 April 2026"
        " is a bank holiday."
    )


def test_a_form_processed_months_late_gets_one_contact_due_the_next_working_day() -> None:
    decision = decided(a_form(visit_interval_weeks=2), as_of=date(2026, 8, 7))
    assert [t.task for t in decision.tasks if t.due_on == date(2026, 8, 10)] == [
        "T01",
        "T02",
        "T27",
    ]
    assert task(decision, "T01").opens_on == date(2026, 8, 7)
    assert "That day has passed" in task(decision, "T01").because


@pytest.mark.rules("DS-15")
def test_an_agreed_visit_is_due_so_many_weeks_after_the_agreement() -> None:
    decision = decided_with(visit_interval_weeks=6)
    visit = task(decision, "T27")
    assert visit.rule == "DS-15"
    assert dates_of(decision, "T27") == (date(2026, 4, 29), date(2026, 5, 6))


@pytest.mark.rules("DS-15")
@pytest.mark.parametrize("weeks", [0, None])
def test_without_an_interval_there_is_no_visit_task(weeks: int | None) -> None:
    assert "T27" not in tasks(decided_with(visit_interval_weeks=weeks))


@pytest.mark.rules("DS-30")
@pytest.mark.parametrize(
    ("born", "made"),
    [
        (date(2005, 5, 17), False),  # 21 and one month on 17 June 2026, the day it would be due
        (date(2005, 5, 18), True),
    ],
)
def test_a_contact_due_on_the_stop_date_is_not_made(born: date, made: bool) -> None:
    assert ("T01" in tasks(decided_with(date_of_birth=born))) is made


@pytest.mark.rules("DS-30")
def test_the_stop_is_compared_with_the_day_before_it_is_moved() -> None:
    # Due Sunday 5 July 2026, moved to Friday 3 July; the stop is Saturday 4 July.
    form = agreed_on(date(2026, 1, 5), date_of_birth=date(2005, 6, 4))
    assert "T02" not in tasks(decided(form, as_of=date(2026, 1, 5)))


@pytest.mark.rules("DS-31")
@pytest.mark.parametrize(("born", "made"), [(date(2005, 6, 17), False), (date(2005, 6, 18), True)])
def test_without_the_full_service_contacts_stop_before_the_21st_birthday(
    born: date, made: bool
) -> None:
    decision = decided_with(eligible_full_service=False, date_of_birth=born)
    assert ("T01" in tasks(decision)) is made


@pytest.mark.rules("DS-30")
@pytest.mark.parametrize(
    ("born", "leap_day", "stop"),
    [
        (date(2005, 10, 1), "mar_1", date(2026, 11, 1)),
        (date(2005, 7, 31), "mar_1", date(2026, 8, 31)),
        (date(2006, 1, 31), "mar_1", date(2027, 2, 28)),
        (date(2008, 2, 29), "mar_1", date(2029, 4, 1)),
        (date(2008, 2, 29), "feb_28", date(2029, 3, 28)),
    ],
)
def test_the_allocation_lasts_until_a_month_after_the_21st_birthday(
    born: date, leap_day: str, stop: date
) -> None:
    settings = policy(dates={"leap_day_birthday": leap_day})
    decision = decided(a_form(date_of_birth=born), settings=settings)
    assert decision.write_back.allocation_until == stop


@pytest.mark.rules("DS-30")
def test_the_decision_after_21_is_due_before_a_weekend_stop() -> None:
    decision = decided_with(date_of_birth=date(2005, 10, 1))
    assert dates_of(decision, "T07") == (date(2026, 10, 23), date(2026, 10, 30))


@pytest.mark.rules("DS-30")
def test_after_the_stop_nothing_regular_is_started_but_the_decision_is_still_asked_for() -> None:
    form = a_form(date_of_birth=date(2005, 4, 1), local_offer_given=False)
    decision = decided(form, as_of=date(2026, 5, 1))
    assert tasks(decision) == ["T03", "T07"]
    assert task(decision, "T07").due_on == date(2026, 5, 5)  # after the bank holiday


@pytest.mark.parametrize(
    ("as_of", "opens_on", "due_on"),
    [
        (date(2026, 3, 27), date(2028, 4, 1), date(2028, 6, 30)),
        (date(2028, 5, 2), date(2028, 5, 2), date(2028, 6, 30)),
        (date(2028, 7, 3), date(2028, 7, 3), date(2028, 7, 4)),
        (date(2028, 9, 30), date(2028, 9, 30), date(2028, 10, 2)),
    ],
)
def test_the_assessment_is_asked_for_while_they_are_under_21(
    as_of: date, opens_on: date, due_on: date
) -> None:
    assert dates_of(decided(a_form(), as_of), "T08") == (opens_on, due_on)


def test_the_assessment_is_not_asked_for_at_21_or_where_one_was_received() -> None:
    assert "T08" not in tasks(decided(a_form(), as_of=date(2028, 10, 1)))
    assessed = PersonRecord(case_open=True)
    assert "T08" not in tasks(decided(a_form(), record=assessed))


@pytest.mark.rules("DS-18")
def test_a_blank_agreement_date_is_the_day_the_last_required_person_agreed() -> None:
    form = a_form(manager_agreed_on=date(2026, 3, 10))
    assert decided(form).write_back.agreement_date == date(2026, 3, 24)
    undated = a_form(
        manager_agreed="yes",
        manager_agreed_on=date(2026, 3, 25),
        agreement_date=date(2026, 3, 1),
    )
    assert decided(undated).write_back.agreement_date == date(2026, 3, 1)


def test_the_young_persons_own_date_does_not_move_the_agreement() -> None:
    own = replace(PARENT, party_type="young_person", agreed_on=date(2026, 3, 27))
    decision = decided_with(parties=(SOCIAL_WORKER, PARENT, own))
    assert decision.write_back.agreement_date == date(2026, 3, 25)


def test_with_no_date_at_all_the_agreement_is_of_the_form_day() -> None:
    rows = tuple(replace(row, agreed_on=None) for row in (SOCIAL_WORKER, PARENT))
    form = a_form(manager_agreed_on=None, parties=rows, date_of_birth=date(2005, 3, 27))
    problem = next(p for p in decided(form, FORM_DAY).problems if p.rule == "DS-01")
    assert "on 27 March 2026" in problem.message


def test_lead_days_decide_when_a_task_shows() -> None:
    settings = policy(tasks={"lead_days": {"T01": "14", "default": "3"}})
    decision = decided(a_form(), settings=settings)
    assert dates_of(decision, "T01") == (date(2026, 6, 3), date(2026, 6, 17))
    assert dates_of(decision, "T07") == (date(2028, 10, 29), date(2028, 11, 1))
