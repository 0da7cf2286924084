"""One agreement after another: the clocks carry on, in whatever order they arrive (DS-20, A17)."""

from collections.abc import Callable
from typing import Any

import pytest
from short_life import ShortLife, due

NewLife = Callable[..., ShortLife]
ONE: dict[str, Any] = {
    "form_id": "ONE",
    "agreement_date": "2026-03-27",
    "last_pathway_plan_on": "2026-01-15",
    "last_social_worker_contact_on": "2026-03-20",
}
TWO: dict[str, Any] = {"form_id": "TWO", "agreement_date": "2026-05-01"}


def clocks(life: ShortLife) -> dict[str, str]:
    return {row.task: str(row.counted_from) for row in life.standing() if row.counted_from}


def test_a_second_agreement_takes_the_place_of_the_first_and_keeps_its_clocks(
    life: ShortLife,
) -> None:
    life.tells("agreement", **ONE)
    life.on("2026-05-01")
    life.tells("agreement", **TWO)
    assert clocks(life) == {"T01": "2026-03-20", "T02": "2026-01-15"}
    assert {row.form_id for row in life.standing("T01") + life.standing("T02")} == {"TWO"}
    assert {row.state.value for row in life.rows("T01") if row.form_id == "ONE"} == {"superseded"}
    assert "The clock carries on from before" in life.next_text("T01")


def test_what_is_open_is_cancelled_and_made_anew_by_the_old_clock(life: ShortLife) -> None:
    life.tells("agreement", **ONE)
    life.on("2026-06-01")
    old = life.the("T01")
    life.tells("agreement", **{**TWO, "agreement_date": "2026-06-01"})
    assert old.how == "cancelled"
    assert due(life.the("T01")) == due(old) == "2026-06-12"
    assert "A later agreement took its place." in life.note


def test_contacts_made_since_count(life: ShortLife) -> None:
    life.tells("agreement", **ONE)
    life.on("2026-05-20")
    life.done("T01")
    life.on("2026-06-01")
    life.tells("agreement", **{**TWO, "agreement_date": "2026-06-01"})
    assert clocks(life)["T01"] == "2026-05-20"
    life.on("2026-08-01")
    life.done("T01")
    life.on("2026-08-10")
    life.tells("agreement", form_id="THREE", agreement_date="2026-08-10")
    assert clocks(life)["T01"] == "2026-08-01"


def test_a_later_contact_that_the_form_reports_counts(life: ShortLife) -> None:
    life.tells("agreement", **ONE)
    life.on("2026-06-01")
    life.tells(
        "agreement",
        **{**TWO, "agreement_date": "2026-06-01"},
        last_social_worker_contact_on="2026-05-28",
        last_pathway_plan_on="2026-05-15",
    )
    assert clocks(life) == {"T01": "2026-05-28", "T02": "2026-05-15"}


def test_an_earlier_contact_that_the_form_reports_does_not_set_the_clock_back(
    life: ShortLife,
) -> None:
    life.tells("agreement", **ONE)
    life.on("2026-05-20")
    life.done("T01")
    life.on("2026-06-01")
    life.tells(
        "agreement",
        **{**TWO, "agreement_date": "2026-06-01"},
        last_social_worker_contact_on="2026-03-20",
    )
    assert clocks(life)["T01"] == "2026-05-20"


def test_a_second_agreement_that_waits_leaves_the_first_in_force(life: ShortLife) -> None:
    life.tells("agreement", **ONE)
    before = set(life.picture())
    life.on("2026-05-01")
    life.tells("agreement", **TWO, manager_agreed="pending")
    assert before < set(life.picture())
    life.on("2026-05-08")
    life.tells("agreement", **TWO, version=2)
    assert {row.form_id for row in life.standing()} == {"TWO"}
    assert clocks(life) == {"T01": "2026-03-20", "T02": "2026-01-15"}


def test_tasks_of_which_there_is_one_in_a_life_stay_one(life: ShortLife) -> None:
    life.tells("agreement", **ONE, support_package_source="childrens")
    life.on("2026-05-01")
    life.tells("agreement", **TWO)
    assert len(life.standing("T07")) == len(life.standing("T08")) == 1


def in_time(life: ShortLife, first: dict[str, Any]) -> None:
    life.tells("agreement", **first)
    life.on("2026-05-01")
    life.tells("agreement", **TWO)
    life.on("2026-05-05")


def late(life: ShortLife, first: dict[str, Any]) -> None:
    life.on("2026-05-01")
    life.tells("agreement", **TWO)
    life.on("2026-05-05")
    life.tells("agreement", **first, completed_on="2026-03-27")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"untold": True},
        {"visit_interval_weeks": 13},
        {"support_package_source": "childrens"},
        {"eligible_full_service": "no"},
    ],
    ids=["plain", "untold", "visits", "childrens", "not the full service"],
)
def test_an_agreement_that_comes_late_leads_to_what_it_would_have_led_to_in_time(
    new_life: NewLife, more: dict[str, Any]
) -> None:
    one, other = new_life(), new_life()
    in_time(one, ONE | more)
    late(other, ONE | more)
    assert other.picture() == one.picture()
    assert clocks(other) == clocks(one)


def test_a_request_on_an_agreement_that_comes_late_still_goes_to_the_manager(
    new_life: NewLife,
) -> None:
    asked = {"family_request_details": "Driving lessons."}
    one, other = new_life(), new_life()
    in_time(one, ONE | asked)
    late(other, ONE | asked)
    assert [task.inbox for task in one.inbox("T06")] == ["manager"]
    assert [task.inbox for task in other.inbox("T06")] == ["manager"]


def test_an_agreement_that_comes_late_opens_nothing_the_later_one_has_ended(
    life: ShortLife,
) -> None:
    late(life, ONE | {"untold": True})
    assert not life.inbox("T03")
    assert {row.form_id for row in life.standing()} == {"TWO"}


def test_a_late_agreement_hands_over_its_clock_after_contacts_were_made(life: ShortLife) -> None:
    life.on("2026-05-01")
    life.tells("agreement", **TWO)
    life.on("2026-07-01")
    life.done("T01")
    before = clocks(life)["T01"]
    life.on("2026-07-02")
    life.tells("agreement", **ONE, completed_on="2026-03-27")
    assert clocks(life)["T01"] == before == "2026-07-01"
    assert clocks(life)["T02"] == "2026-01-15"


def test_running_the_first_agreement_again_brings_nothing_back(life: ShortLife) -> None:
    first = life.tells("agreement", **ONE, untold=True)
    life.on("2026-05-01")
    second = life.tells("agreement", **TWO)
    before, writes = life.picture(), life.writes()
    life.on("2026-05-04")
    life.replay(first)
    life.replay(second)
    assert life.picture() == before
    assert life.writes() == writes


def test_a_form_that_comes_late_does_not_take_back_a_later_closing(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2005-04-10"  # type: ignore[index]
    life.on("2026-05-04")
    life.tells("assessment", outcome="close_case", assessment_date="2026-05-04")
    before = life.picture()
    life.tells("agreement", **ONE, completed_on="2026-03-27")
    assert life.picture() == before
