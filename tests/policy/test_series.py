"""Over the years: every later task, each done on its due date, until the series ends."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from agreement_cases import FORM_DAY, WORKING, a_form, policy

from connector.model import CompletedForm, Task
from connector.policy import DEFAULTS, PolicySettings
from connector.policy.series import NEXT, Timeline, timeline
from schemas import Action, Envelope, Post21Assessment


def over_the_years(
    form: CompletedForm,
    as_of: date = FORM_DAY,
    settings: PolicySettings = DEFAULTS,
    until: date | None = None,
) -> Timeline:
    """The timeline of a form of which nothing was known before."""
    return timeline(form, settings, WORKING, as_of, until=until)


def due(tasks: Iterable[Task], wanted: str) -> list[date]:
    """When each occurrence of one task is due."""
    return [task.due_on for task in tasks if task.task == wanted]


def an_assessment(day: date, born: date, **answers: Any) -> CompletedForm:
    """An assessment completed at noon on a day, its closure questions answered Yes."""
    envelope = Envelope(
        submission_id="900456",
        form_type="post_21_assessment",
        completed_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        completed_by_id="7781",
        person_id="400124",
        date_of_birth=born,
        allocated_worker_id="7781",
        manager_id="5510",
        team_id="42",
    )
    whole = {
        "assessment_type": "review_of_open_case",
        "assessment_date": day,
        "assessor_role": "allocated_pa",
        "took_part": "yes",
        "young_adult_agrees": "yes",
        "level_of_support": "light",
        "outcome": "close_case",
        "closure_told_annual_contact": True,
        "closure_told_can_return": True,
        "last_known_phone": "07700 900123",
        "phone_safe_to_use": True,
        "local_area_coordinator_considered": True,
        "local_area_coordinator_introduction": "no",
        "contact_refused": False,
    }
    return CompletedForm(envelope, Post21Assessment(**{**whole, **answers}))


AGREED_5_JANUARY = a_form(
    date_of_birth=date(2005, 10, 1),
    agreement_date=date(2026, 1, 5),
    completed_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
    manager_agreed_on=date(2026, 1, 5),
    last_pathway_plan_on=date(2026, 1, 5),
)


@pytest.mark.rules("DS-18", "DS-21", "DS-30")
def test_contacts_go_on_every_84_days_and_stop_before_the_stop_date() -> None:
    found = over_the_years(AGREED_5_JANUARY, date(2026, 1, 5))
    assert due(found.tasks, "T01") == [date(2026, 3, 30), date(2026, 6, 22), date(2026, 9, 14)]
    assert due(found.tasks, "T07") == [date(2026, 10, 30)]
    assert found.ends_on == date(2026, 11, 1)
    assert "one month after the 21st birthday" in found.ends_because


@pytest.mark.rules("DS-22")
def test_six_months_are_counted_from_the_day_the_last_one_was_done() -> None:
    found = over_the_years(AGREED_5_JANUARY, date(2026, 1, 5))
    # 5 July is a Sunday, so the first is done on Friday 3 July; 3 January is after the stop.
    assert due(found.tasks, "T02") == [date(2026, 7, 3)]


@pytest.mark.rules("DS-18", "DS-22")
def test_the_whole_agreement_of_the_example_in_order_of_due_date() -> None:
    found = over_the_years(a_form())
    assert len(due(found.tasks, "T01")) == 11
    assert due(found.tasks, "T01")[-1] == date(2028, 10, 4)
    assert due(found.tasks, "T02") == [
        date(2026, 7, 15),
        date(2027, 1, 15),
        date(2027, 7, 15),
        date(2028, 1, 14),
        date(2028, 7, 14),
    ]
    days = [task.due_on for task in found.tasks]
    assert days == sorted(days)


@pytest.mark.rules("DS-15", "DS-31")
def test_agreed_visits_go_on_until_21_without_the_full_service() -> None:
    form = a_form(
        eligible_full_service=False, visit_interval_weeks=4, date_of_birth=date(2005, 6, 17)
    )
    found = over_the_years(form)
    assert due(found.tasks, "T27") == [date(2026, 4, 22), date(2026, 5, 20)]
    assert found.ends_on == date(2026, 6, 17)
    assert "They turn 21 on that day" in found.ends_because


def test_a_later_occurrence_opens_and_explains_itself_like_the_first() -> None:
    second = [t for t in over_the_years(a_form()).tasks if t.task == "T01"][1]
    assert second.opens_on == date(2026, 8, 12)
    assert second.because == (
        "The lead social worker is contacted at least every 84 days. It is counted from the last"
        " time. 84 days after 17 June 2026 is 9 September 2026."
    )
    assert (second.rule, second.assignee) == ("DS-18", "7781")


def test_a_later_occurrence_never_opens_before_the_last_one_was_done() -> None:
    found = over_the_years(a_form(visit_interval_weeks=1))
    visits = [task for task in found.tasks if task.task == "T27"]
    for before, after in pairwise(visits):
        assert before.due_on <= after.opens_on < after.due_on


def test_nothing_due_after_the_day_asked_for_is_shown() -> None:
    found = over_the_years(a_form(), until=date(2026, 9, 9))
    assert [(t.task, t.due_on) for t in found.tasks] == [
        ("T01", date(2026, 6, 17)),
        ("T02", date(2026, 7, 15)),
        ("T01", date(2026, 9, 9)),
    ]
    assert found.ends_on == date(2028, 11, 1)


def test_a_late_start_is_one_task_and_then_the_usual_rhythm() -> None:
    found = over_the_years(a_form(), as_of=date(2027, 1, 29))
    assert due(found.tasks, "T01")[:2] == [date(2027, 2, 1), date(2027, 4, 26)]


def test_a_form_on_hold_has_no_series_and_no_end() -> None:
    found = over_the_years(a_form(manager_agreed="pending"))
    assert [task.task for task in found.tasks] == ["T04"]
    assert found.ends_on is None
    assert found.ends_because == "Nothing else is scheduled."


def test_a_council_that_asks_nothing_regular_of_a_point_of_contact_sees_the_assessment_only() -> (
    None
):
    none = policy(tailored={"point_of_contact_tasks": "none"})
    found = over_the_years(a_form(eligible_full_service=False), settings=none)
    assert [task.task for task in found.tasks] == ["T08"]
    assert found.ends_on == date(2028, 10, 1)


@pytest.mark.rules("DC-35")
def test_a_closed_case_is_contacted_every_year_until_25() -> None:
    form = an_assessment(date(2026, 3, 10), date(2004, 9, 1))
    found = over_the_years(form, date(2026, 3, 10))
    # The week of 2028 begins on 30 October, over twelve months after 29 October 2027, and that
    # day of 2028 is a Sunday.
    assert due(found.tasks, "T30") == [
        date(2026, 10, 30),
        date(2027, 10, 29),
        date(2028, 10, 27),
    ]
    assert found.ends_on == date(2029, 8, 31)


@pytest.mark.rules("DC-35")
def test_the_last_yearly_contact_comes_before_25() -> None:
    form = an_assessment(date(2025, 12, 1), date(2001, 10, 28))
    found = over_the_years(form, date(2025, 12, 1))
    assert due(found.tasks, "T30") == [date(2026, 10, 27)]


@pytest.mark.rules("DC-22")
def test_an_open_case_is_reviewed_every_six_months_until_25() -> None:
    action = Action(row_id="1", what="Apply for housing", who="pa", due_on=date(2026, 3, 13))
    form = an_assessment(
        date(2026, 2, 12),
        date(2003, 3, 1),
        outcome="remain_open",
        actions=(action,),
        keep_open_reasons=("other",),
        keep_open_other="Settling in.",
    )
    found = over_the_years(form, date(2026, 2, 12))
    assert due(found.tasks, "T21") == [
        date(2026, 8, 12),
        date(2027, 2, 12),
        date(2027, 8, 12),
        date(2028, 2, 11),
    ]
    assert due(found.tasks, "T20") == [date(2026, 3, 13)]
    assert found.ends_on == date(2028, 2, 29)


def test_the_council_sets_the_months_between_reviews() -> None:
    form = an_assessment(
        date(2026, 2, 12),
        date(2001, 3, 1),
        outcome="remain_open",
        actions=(Action(what="Apply"),),
    )
    quarterly = policy(post21={"open_review_months": "3"})
    first = date(2026, 2, 12)
    assert due(over_the_years(form, first).tasks, "T21") == []
    assert due(over_the_years(form, first, quarterly).tasks, "T21") == []
    younger = replace(form, envelope=replace(form.envelope, date_of_birth=date(2002, 3, 1)))
    assert len(due(over_the_years(younger, first).tasks, "T21")) == 2
    assert len(due(over_the_years(younger, first, quarterly).tasks, "T21")) == 4


def test_only_these_tasks_recur() -> None:
    assert set(NEXT) == {"T01", "T02", "T21", "T27", "T30"}
