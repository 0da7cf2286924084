"""Age, the worker, the social worker and eligibility: DS-01, 02, 13, 15 to 18, 20, 30, 31, 35."""

from datetime import date

import pytest
from agreement_cases import (
    FORM_DAY,
    PARENT,
    SOCIAL_WORKER,
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


@pytest.mark.rules("DS-01")
@pytest.mark.parametrize(
    ("born", "status"),
    [
        (date(2005, 3, 26), "tailored_support_active"),  # 21 the day after the agreement
        (date(2005, 3, 25), "on_hold"),  # 21 on the day
        (date(2005, 3, 24), "on_hold"),
    ],
)
def test_the_approach_is_for_people_under_21_on_the_agreement_date(born: date, status: str) -> None:
    assert decided_with(date_of_birth=born).status == status


@pytest.mark.rules("DS-01", "DS-31")
def test_at_21_the_manager_is_asked_for_another_route() -> None:
    decision = decided_with(date_of_birth=date(2005, 3, 25))
    (message,) = messages(decision, "DS-01")
    assert message == (
        "The young person was 21 or over on 25 March 2026. This agreement is for people under 21."
        " Use the point-of-contact route instead."
    )
    assert tasks(decision) == ["T14"]
    assert task(decision, "T14").inbox is Inbox.MANAGER
    assert dates_of(decision, "T14") == (FORM_DAY, date(2026, 4, 7))
    assert decision.write_back.worker_role == "point_of_contact"
    assert decision.write_back.allocation_until is None


@pytest.mark.rules("DS-01")
def test_age_is_judged_on_the_agreement_date_however_late_the_form_arrives() -> None:
    form = a_form(date_of_birth=date(2005, 3, 26))
    decision = decided(form, as_of=date(2026, 4, 1))
    assert decision.status == "tailored_support_active"
    assert tasks(decision) == ["T07"]


@pytest.mark.rules("DS-01")
@pytest.mark.parametrize(
    ("leap_day", "status"), [("mar_1", "tailored_support_active"), ("feb_28", "on_hold")]
)
def test_someone_born_on_29_february_turns_21_when_the_council_says(
    leap_day: str, status: str
) -> None:
    form = a_form(
        date_of_birth=date(2004, 2, 29),
        agreement_date=date(2025, 2, 28),
    )
    settings = policy(dates={"leap_day_birthday": leap_day})
    assert decided(form, settings=settings).status == status


@pytest.mark.rules("DS-01")
@pytest.mark.parametrize(
    ("born", "expected"), [(date(2010, 3, 26), ["W"]), (date(2010, 3, 25), [])]
)
def test_someone_under_16_is_remarked(born: date, expected: list[str]) -> None:
    assert found(decided_with(date_of_birth=born), "DS-01") == expected


def test_without_a_date_of_birth_only_the_correction_is_asked_for() -> None:
    decision = decided_without("date_of_birth")
    assert [problem.rule for problem in decision.problems] == ["EN-02"]
    assert tasks(decision) == ["T90"]


def test_the_council_sets_the_youngest_age() -> None:
    older = policy(limits={"min_age": "18"})
    form = a_form(date_of_birth=date(2009, 1, 1))
    assert found(decided(form), "DS-01") == []
    assert found(decided(form, settings=older), "DS-01") == ["W"]


@pytest.mark.rules("DS-02")
def test_tasks_go_to_the_allocated_worker_whoever_completed_the_form() -> None:
    decision = decided_with(completed_by_id="9002")
    assert found(decision, "DS-02") == ["W"]
    assert task(decision, "T01").assignee == "7781"


@pytest.mark.rules("DS-13")
def test_without_an_allocated_worker_the_form_is_held() -> None:
    decision = decided_with(allocated_worker_id=None, manager_agreed="no")
    assert holds(decision) == {"DS-11", "DS-13"}
    # The worker's task falls to the team, and the manager is asked to allocate.
    assert task(decision, "T18").inbox is Inbox.TEAM
    assert task(decision, "T91").inbox is Inbox.MANAGER
    assert task(decision, "T90").rule == "DS-13"


@pytest.mark.rules("DS-15")
@pytest.mark.parametrize(
    ("provided", "weeks", "expected"),
    [
        ("yes", 8, []),
        ("yes", 9, ["W"]),
        ("yes", 0, ["W"]),
        ("yes", None, ["W"]),
        ("no", None, []),
        ("not_known", 12, []),
        (None, 4, ["W"]),
    ],
)
def test_the_regulations_are_mentioned_where_the_council_provides_the_home(
    provided: str | None, weeks: int | None, expected: list[str]
) -> None:
    decision = decided_with(
        accommodation_provided_by_authority=provided, visit_interval_weeks=weeks
    )
    assert found(decision, "DS-15") == expected
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-15")
def test_an_unreadable_interval_is_not_called_a_missing_visit() -> None:
    form = a_form(
        frozenset({"visit_interval_weeks"}),
        visit_interval_weeks=None,
        accommodation_provided_by_authority="yes",
    )
    assert found(decided(form), "DS-15") == []


@pytest.mark.rules("DS-16")
@pytest.mark.parametrize("view", ["young_person_wishes", "social_worker_view", "family_carer_view"])
def test_a_missing_view_is_remarked(view: str) -> None:
    decision = decided_with(**{view: None})
    assert found(decision, "DS-16") == ["W"]
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-17")
@pytest.mark.parametrize(
    ("where", "expected"), [(None, ["W"]), ("not_yet", []), ("supervision_record", [])]
)
def test_only_a_blank_place_of_oversight_is_remarked(
    where: str | None, expected: list[str]
) -> None:
    assert found(decided_with(oversight_recorded_in=where), "DS-17") == expected


@pytest.mark.rules("DS-18", "DS-35")
def test_without_a_lead_social_worker_the_form_is_held_once() -> None:
    decision = decided_with(lead_social_worker_name=None, lead_social_worker_id="66")
    assert holds(decision) == {"DS-18"}
    assert messages(decision, "DS-18") == ["Add the lead social worker's name, or their team."]
    assert task(decision, "T90").title == (
        "Put right the form: Add the lead social worker's name, or their team"
    )


@pytest.mark.rules("DS-18")
def test_a_team_does_instead_of_the_lead_social_workers_name() -> None:
    decision = decided_with(lead_social_worker_name=None, lead_social_worker_team="Adults North")
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-35")
def test_with_no_lead_professional_at_all_that_is_said_too() -> None:
    decision = decided_with(parties=(PARENT,), lead_social_worker_name=None)
    assert holds(decision) == {"DS-12", "DS-18", "DS-35"}


@pytest.mark.rules("DS-35")
def test_a_professional_in_the_table_is_a_lead_professional() -> None:
    decision = decided_with(parties=(SOCIAL_WORKER, PARENT), lead_social_worker_name=None)
    assert "DS-35" not in holds(decision)


@pytest.mark.rules("DS-20")
@pytest.mark.parametrize(("replaces", "expected"), [(None, ["W"]), ("800001", [])])
def test_a_second_agreement_that_does_not_say_what_it_replaces_is_remarked(
    replaces: str | None, expected: list[str]
) -> None:
    form = a_form(supersedes_submission_id=replaces)
    decision = decided(form, record=PersonRecord(active_agreement=True))
    assert found(decision, "DS-20") == expected
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-20")
def test_a_new_version_of_the_same_agreement_is_not_a_second_one() -> None:
    record = PersonRecord(active_agreement=True, replaces_version=1)
    assert found(decided(a_form(), record=record), "DS-20") == []
    amended = decided(a_form(form_status="amended"), record=PersonRecord(active_agreement=True))
    assert found(amended, "DS-20") == []


@pytest.mark.rules("DS-30")
@pytest.mark.parametrize(
    ("category", "full", "expected"),
    [
        (None, True, ["W"]),
        ("qualifying", True, ["W"]),
        ("none", True, ["W"]),
        ("qualifying", False, []),
        ("relevant", True, []),
    ],
)
def test_a_category_that_does_not_go_with_the_full_service_is_remarked(
    category: str | None, full: bool, expected: list[str]
) -> None:
    decision = decided_with(care_leaver_category=category, eligible_full_service=full)
    assert found(decision, "DS-30") == expected


@pytest.mark.rules("DS-30")
def test_with_the_full_service_the_worker_is_allocated_until_a_month_after_21() -> None:
    decision = decided_with()
    assert decision.write_back.allocation_until == date(2028, 11, 1)
    assert decision.write_back.worker_role is None
    assert decision.stops_on == date(2028, 11, 1)


@pytest.mark.rules("DS-31")
def test_without_the_full_service_the_worker_is_a_point_of_contact_until_21() -> None:
    decision = decided_with(eligible_full_service=False, care_leaver_category="qualifying")
    assert decision.write_back.worker_role == "point_of_contact"
    assert decision.write_back.allocation_until is None
    assert decision.stops_on == date(2028, 10, 1)
    assert tasks(decision) == ["T01", "T02", "T08"]


@pytest.mark.rules("DS-31")
def test_a_council_may_ask_nothing_regular_of_a_point_of_contact() -> None:
    none = policy(tailored={"point_of_contact_tasks": "none"})
    form = a_form(eligible_full_service=False, visit_interval_weeks=4)
    assert tasks(decided(form, settings=none)) == ["T08"]
    assert set(tasks(decided(a_form(), settings=none))) == {"T01", "T02", "T07", "T08"}
