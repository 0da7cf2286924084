"""The status a record shows last is that of the form in force."""

from typing import Any

from short_life import ShortLife

PLAN: dict[str, Any] = {"last_pathway_plan_on": "2026-01-15"}


def statuses(life: ShortLife) -> list[str]:
    return [status for _, status in life.host.statuses]


def test_an_agreement_is_superseded_before_the_next_is_active(life: ShortLife) -> None:
    life.tells("agreement", form_id="ONE", agreement_date="2026-03-27", **PLAN)
    life.on("2026-05-01")
    life.tells("agreement", form_id="TWO", agreement_date="2026-05-01")
    assert statuses(life) == ["tailored_support_active", "superseded", "tailored_support_active"]


def test_another_version_of_an_agreement_supersedes_nothing(life: ShortLife) -> None:
    life.tells("agreement", form_id="ONE", agreement_date="2026-03-27", **PLAN)
    life.on("2026-05-01")
    life.tells("agreement", form_id="ONE", version=2, agreement_date="2026-03-27", **PLAN)
    assert statuses(life) == ["tailored_support_active", "tailored_support_active"]


def test_an_older_assessment_that_comes_late_does_not_open_a_closed_case(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    life.on("2026-05-11")
    life.tells("assessment", form_id="B", outcome="close_case", assessment_date="2026-05-11")
    life.on("2026-05-20")
    life.tells(
        "assessment",
        form_id="A",
        outcome="remain_open",
        assessment_date="2026-05-04",
        completed_on="2026-05-04",
        actions=[{"what": "Ring", "who": "pa", "due_on": "2026-06-26"}],
    )
    assert statuses(life) == ["closed_annual_contact", "open", "closed_annual_contact"]


def test_withdrawing_an_agreement_that_was_replaced_leaves_the_other_in_force(
    life: ShortLife,
) -> None:
    life.tells("agreement", form_id="ONE", agreement_date="2026-03-27", **PLAN)
    life.on("2026-05-01")
    life.tells("agreement", form_id="TWO", agreement_date="2026-05-01")
    life.on("2026-05-20")
    life.tells("withdrawn", form_id="ONE")
    assert statuses(life)[-2:] == ["withdrawn", "tailored_support_active"]
