"""A role is looked up when its task opens: nobody decides on their own form, a leaver is nobody."""

from collections.abc import Callable
from typing import Any

import pytest
from short_life import ShortLife

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}
PENDING: dict[str, Any] = {**PLAN, "manager_agreed": "pending"}
NEXT = {"next_manager_id": "M9"}


def owner(life: ShortLife, task: str) -> tuple[str, str | None]:
    return life.the(task).inbox, life.the(task).assignee


def test_a_decision_goes_to_the_manager_of_the_form(life: ShortLife) -> None:
    life.tells("agreement", **PENDING)
    assert owner(life, "T04") == ("manager", "M1")


def test_a_manager_who_wrote_the_form_does_not_decide_on_it(life: ShortLife) -> None:
    life.tells("agreement", **PENDING, completed_by_id="M1")
    assert owner(life, "T04") == ("team", "leaving-care")


def test_the_next_rung_decides_where_the_council_names_one(new_life: NewLife) -> None:
    life = new_life(defaults=NEXT)
    life.tells("agreement", **PENDING, completed_by_id="M1")
    assert owner(life, "T04") == ("manager", "M9")


def test_the_next_rung_who_wrote_the_form_does_not_decide_on_it(new_life: NewLife) -> None:
    life = new_life(defaults=NEXT)
    life.tells("agreement", **PENDING, completed_by_id="M9")
    assert owner(life, "T04") == ("manager", "M1")


@pytest.mark.parametrize(
    ("defaults", "expected"),
    [({}, ("team", "leaving-care")), (NEXT, ("manager", "M9"))],
    ids=["the team", "the next rung"],
)
def test_what_a_manager_who_left_has_open_moves_on(
    new_life: NewLife, defaults: dict[str, str], expected: tuple[str, str]
) -> None:
    life = new_life(defaults=defaults)
    life.tells("agreement", **PENDING)
    life.tells("worker_left", worker_id="M1")
    assert owner(life, "T04") == expected


def test_what_opens_for_a_manager_who_left_goes_to_the_next_rung(new_life: NewLife) -> None:
    life = new_life(defaults=NEXT, born="2005-04-01")
    life.tells("agreement", **PLAN)
    life.tells("worker_left", worker_id="M1")
    life.on("2026-04-24")
    assert owner(life, "T07") == ("manager", "M9")


def test_without_a_worker_on_the_form_the_team_has_the_task_and_somebody_hears(
    life: ShortLife,
) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    actions = [{"what": "Ring", "who": "pa", "due_on": "2026-04-01"}]
    life.tells("assessment", outcome="remain_open", worker_id=None, actions=actions)
    assert owner(life, "T20") == ("team", "leaving-care")
    assert owner(life, "T91") == ("manager", "M1")
    assert "- Ring" in life.the("T91").variables["text"]


def test_a_manager_named_later_has_what_opens_later(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2005-04-01"  # type: ignore[index]
    life.tells("agreement", **PLAN, manager_id=None)
    life.tells("roles_changed", manager_id="M3")
    life.on("2026-04-24")
    assert owner(life, "T07") == ("manager", "M3")


def test_a_worker_who_changes_between_planning_and_opening_has_the_task(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.tells("roles_changed", worker_id="W2")
    life.on("2026-05-22")
    assert owner(life, "T01") == ("worker", "W2")
    assert life.the("T01").variables["worker_id"] == "W2"
