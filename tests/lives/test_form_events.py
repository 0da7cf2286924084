"""What the host tells of forms: opened again, withdrawn."""

from typing import Any

import pytest
from life_forms import payload_of
from short_life import ShortLife

PLAN: dict[str, Any] = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


def test_opening_a_form_again_freezes_what_waits_and_leaves_what_is_open(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-06-01")
    assert life.tells("reopened", form_id="A").state == "processed"
    assert life.the("T01")
    life.on("2026-07-20")
    assert not life.inbox("T02")
    life.tells("agreement", form_id="A", version=2, **PLAN)
    assert life.the("T02")
    assert life.the("T01")


def test_the_next_of_a_series_waits_while_its_form_is_open_again(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-06-01")
    life.tells("reopened", form_id="A")
    life.done("T01")
    life.on("2026-08-20")
    assert not life.inbox("T01")
    life.tells("agreement", form_id="A", version=2, **PLAN)
    assert life.the("T01")


def test_a_form_opened_again_that_is_completed_with_an_error_goes_on(life: ShortLife) -> None:
    """Nobody is left without their contacts while a mistake is put right."""
    life.tells("agreement", form_id="A", **PLAN)
    life.tells("reopened", form_id="A")
    life.tells("agreement", form_id="A", version=2, **PLAN, answers={"visiting_pattern": None})
    life.on("2026-05-22")
    assert life.the("T01")
    assert life.the("T90")


def test_other_forms_go_on_while_one_is_open_again(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.tells("reopened", form_id="ANOTHER")
    life.on("2026-05-22")
    assert life.the("T01")


def test_an_opening_that_is_older_than_the_completion_is_passed_over(life: ShortLife) -> None:
    life.on("2026-04-01")
    life.tells("agreement", form_id="A", **PLAN)
    told = life.tells("reopened", form_id="A", day="2026-03-31")
    assert told.state == "ignored"
    life.on("2026-05-22")
    assert life.the("T01")


def test_a_form_opened_again_as_a_form_freezes_too(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-01")
    life.tells("agreement", form_id="A", **PLAN, status="reopened")
    life.on("2026-05-22")
    assert not life.inbox("T01")


def test_a_form_opened_again_that_was_completed_since_goes_on(life: ShortLife) -> None:
    life.on("2026-04-02")
    life.tells("agreement", form_id="A", version=2, **PLAN)
    life.tells("agreement", form_id="A", **PLAN, status="reopened", completed_on="2026-03-30")
    life.on("2026-05-22")
    assert life.the("T01")


def test_a_form_withdrawn_by_event_takes_its_tasks_back_and_the_manager_hears(
    life: ShortLife,
) -> None:
    life.tells("agreement", form_id="A", **PLAN, untold=True)
    life.on("2026-06-01")
    life.tells("withdrawn", form_id="A")
    assert life.status == "withdrawn"
    assert [(task.variables["task"], task.inbox) for task in life.inbox()] == [("T35", "manager")]
    assert {row.task for row in life.standing()} == {"T35"}
    assert len(life.host.documents) == 1
    writes = life.writes()
    life.on("2026-06-02")
    life.tells("withdrawn", form_id="A")
    assert life.writes() == writes


def test_a_form_withdrawn_as_a_form_does_the_same(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN, untold=True)
    life.on("2026-06-01")
    life.tells("agreement", form_id="A", version=2, **PLAN, status="withdrawn")
    assert life.status == "withdrawn"
    assert {row.task for row in life.standing()} == {"T35"}
    assert len(life.host.documents) == 1


def test_withdrawing_one_form_leaves_the_tasks_of_others(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.tells("family_request", form_id="R")
    life.tells("withdrawn", form_id="R")
    assert {row.task for row in life.standing()} == {"T01", "T02", "T07", "T08", "T35"}


def test_withdrawing_a_form_nobody_sent_is_passed_over(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    assert life.tells("withdrawn", form_id="UNKNOWN").state == "ignored"
    assert {row.task for row in life.standing()} == {"T01", "T02", "T07", "T08"}


def test_a_withdrawn_form_completed_again_is_in_force_again(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-01")
    life.tells("withdrawn", form_id="A")
    life.on("2026-04-08")
    life.tells("agreement", form_id="A", version=2, **PLAN)
    assert life.status == "tailored_support_active"
    assert {row.task for row in life.standing()} >= {"T01", "T02", "T07", "T08"}


def test_withdrawing_a_form_that_is_not_in_force_takes_its_tasks_back_too(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-02")
    life.tells("agreement", form_id="B", agreement_date="2026-04-02", manager_agreed="pending")
    assert life.inbox("T04")
    life.on("2026-04-07")
    assert life.tells("withdrawn", form_id="B").state == "processed"
    assert {row.task for row in life.standing()} == {"T01", "T02", "T07", "T08", "T35"}
    assert [task.variables["task"] for task in life.inbox()] == ["T35"]
    writes = life.writes()
    assert life.tells("withdrawn", form_id="B").state == "ignored"
    assert life.writes() == writes


def test_a_form_withdrawn_before_it_was_completed_again_stays_in_force(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-02")
    life.tells("agreement", form_id="A", version=2, **PLAN)
    late = {"kind": "withdrawn", "form_id": "A", "day": "2026-04-01"}
    assert life.sends(payload_of(life.council.life, late)).state == "ignored"
    assert life.next("T01")


def test_a_form_withdrawn_as_a_form_and_by_event_is_withdrawn_once(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-02")
    life.tells("agreement", form_id="A", version=2, status="withdrawn", **PLAN)
    writes = life.writes()
    life.on("2026-04-03")
    assert life.tells("withdrawn", form_id="A").state == "ignored"
    assert life.writes() == writes


def test_a_form_that_was_about_the_wrong_person_is_withdrawn_for_them(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-02")
    life.tells("agreement", form_id="A", version=2, person_id="P2", **PLAN)
    assert {row.task for row in life.standing()} == {"T35"}
    assert {row.task for row in life.standing(None, "P2")} == {"T01", "T02", "T07", "T08"}
    assert "withdrawn" in [status for _, status in life.host.statuses]
    life.on("2026-04-07")
    life.tells("agreement", form_id="A", version=3, **PLAN)
    assert {row.task for row in life.standing(None, "P2")} == {"T35"}
    assert {row.task for row in life.standing()} >= {"T01", "T02", "T07", "T08"}


def test_a_version_with_errors_does_not_take_a_form_from_anybody(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-02")
    life.tells("agreement", form_id="A", version=2, person_id="P2", date_of_birth=None)
    assert life.status == "needs_attention"
    assert life.next("T01")


def test_withdrawing_a_form_is_for_everybody_it_was_about(life: ShortLife) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-02")
    life.tells("agreement", form_id="A", version=2, person_id="P2", date_of_birth=None)
    life.on("2026-04-07")
    life.tells("withdrawn", form_id="A")
    for person in ("P1", "P2"):
        assert {row.task for row in life.standing(None, person)} == {"T35"}


@pytest.mark.parametrize(
    "told",
    [{"kind": "withdrawn"}, {"kind": "agreement", "version": 2, "status": "withdrawn", **PLAN}],
    ids=["by an event", "as a form"],
)
def test_the_manager_hears_of_a_form_withdrawn_though_nothing_of_it_is_left_to_do(
    life: ShortLife, told: dict[str, Any]
) -> None:
    life.tells("agreement", form_id="A", **PLAN)
    life.on("2026-04-07").tells("agreement", form_id="B", **PLAN)
    standing = life.picture()
    life.on("2026-04-08").tells(**told, form_id="A")
    assert len(life.inbox("T35")) == 1
    assert [row for row in life.picture() if row[0] != "T35"] == standing
    shown = [status for _, status in life.host.statuses]
    assert shown[-2:] == ["withdrawn", "tailored_support_active"]
    assert life.tells("withdrawn", form_id="A").state == "ignored"
