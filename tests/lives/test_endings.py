"""A day comes by which a status is another one: 21 and a month, a planned closing, 25."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from short_life import ShortLife, due

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


@pytest.mark.parametrize(
    ("full", "born", "last_day", "ended"),
    [
        ("yes", "2005-05-10", "2026-06-10", "2026-06-11"),
        ("no", "2005-05-10", "2026-05-10", "2026-05-11"),
        ("yes", "2005-03-31", "2026-04-30", "2026-05-01"),
    ],
    ids=["full service", "not the full service", "end of a month"],
)
def test_an_agreement_has_ended_the_day_after_its_last(
    new_life: NewLife, full: str, born: str, last_day: str, ended: str
) -> None:
    life = new_life(born=born)
    life.tells("agreement", **PLAN, eligible_full_service=full)
    life.on("2026-04-02").on(last_day)
    assert life.status == "tailored_support_active"
    life.on(ended)
    assert life.host.statuses[-1] == (ended, "ended_21")
    assert not life.standing("T01") + life.standing("T02")
    life.on("2026-08-01").on("2027-08-01")
    assert life.status == "ended_21"


def test_a_task_still_open_when_the_agreement_ends_is_taken_back(new_life: NewLife) -> None:
    life = new_life(born="2005-05-25")
    life.tells("agreement", **PLAN)
    life.on("2026-05-22")
    contact = life.the("T01")
    life.on("2026-06-26")
    assert contact.how == "cancelled"
    assert not life.inbox("T01")


def test_a_yearly_contact_ends_at_25_and_the_record_says_so_once(new_life: NewLife) -> None:
    life = new_life(born="2001-10-10")
    life.tells("assessment", outcome="close_case", form_id="B1")
    life.on("2026-05-04")
    life.tells("annual_contact", form_id="C1", contacted_on="2026-05-04")
    life.on("2026-10-09")
    assert life.status == "closed_annual_contact"
    life.on("2026-10-10")
    assert life.host.statuses[-1] == ("2026-10-10", "ended_age_25")
    assert [status for _, status in life.host.statuses].count("ended_age_25") == 1
    assert not life.standing("T30")


def test_an_open_case_ends_at_25_with_its_reviews(new_life: NewLife) -> None:
    life = new_life(born="2001-10-10")
    life.tells("assessment", outcome="remain_open", actions=[{"what": "Ring", "who": "pa"}])
    assert life.standing("T21")
    life.on("2026-09-21").on("2026-10-10")
    assert life.status == "ended_age_25"
    assert not life.standing("T21")


def test_born_on_a_leap_day_they_turn_25_on_the_first_of_march(new_life: NewLife) -> None:
    life = new_life(born="2004-02-29")
    life.tells("assessment", outcome="close_case")
    life.on("2029-02-28")
    assert life.status == "closed_annual_contact"
    life.on("2029-03-01")
    assert life.status == "ended_age_25"


def test_a_planned_closing_takes_effect_at_21(new_life: NewLife) -> None:
    life = new_life(born="2005-06-10")
    life.tells("agreement", **PLAN, form_id="A", family_request_details="Lessons.")
    life.on("2026-04-01")
    life.tells(
        "assessment",
        form_id="B",
        assessment_type="approaching_21",
        outcome="close_case",
        actions=[{"what": "Ring the landlord", "who": "pa", "due_on": "2026-06-26"}],
    )
    assert life.status == "closure_planned"
    assert {"T01", "T06", "T07", "T10", "T20", "T30"} <= {row.task for row in life.standing()}
    life.on("2026-06-08").on("2026-06-09")
    assert life.status == "closure_planned"
    assert life.inbox("T01")
    life.on("2026-06-10")
    assert life.host.statuses[-1] == ("2026-06-10", "closed_annual_contact")
    assert {row.task for row in life.standing()} == {"T10", "T20", "T30"}
    assert due(life.the("T10")) == "2026-06-10"
    life.on("2026-07-11")
    assert "ended_21" not in [status for _, status in life.host.statuses]
    life.on("2026-10-19")
    assert life.the("T30").inbox == "team"


def test_a_closing_that_was_planned_and_is_taken_back_does_not_happen(new_life: NewLife) -> None:
    life = new_life(born="2005-06-10")
    facts = {"assessment_type": "approaching_21", "assessment_date": "2026-03-27"}
    life.tells("assessment", outcome="close_case", **facts)
    life.on("2026-05-01")
    life.tells(
        "assessment",
        version=2,
        outcome="remain_open",
        actions=[{"what": "Ring", "who": "pa", "due_on": "2026-06-26"}],
        **facts,
    )
    assert not life.standing("T10") + life.standing("T30")
    life.on("2026-06-10")
    assert life.status == "open"


def test_the_dead_do_not_turn_25(new_life: NewLife) -> None:
    life = new_life(born="2001-10-10")
    life.tells("assessment", outcome="close_case")
    life.tells("died")
    life.on("2026-10-10")
    assert life.status == "ended_deceased"


def test_a_worker_that_stood_still_for_years_catches_up_with_one_task(new_life: NewLife) -> None:
    life = new_life(born="2005-10-01")
    life.tells("agreement", **PLAN)
    life.on("2031-01-01")
    assert life.status == "ended_21"
    assert not life.inbox("T01", "T02")


def test_answers_that_do_not_open_leave_the_ending_of_others_alone(
    life: ShortLife, tmp_path: Path
) -> None:
    life.tells("agreement", **PLAN)
    life.tells("agreement", form_id="TWIN", person_id="P2", **PLAN)
    with closing(sqlite3.connect(tmp_path / "0" / "connector.db")) as database, database:
        database.execute("UPDATE answers SET content = x'00' WHERE person_id = 'P1'")
    life.on("2028-11-02")
    assert life.status == "ended_21"
