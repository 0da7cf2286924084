"""The yearly contact over the years: one at a time, counted from the latest."""

from short_life import ShortLife


def closed(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    life.tells("assessment", outcome="close_case", assessment_date="2026-03-27")


def test_a_form_about_a_contact_before_the_one_that_was_done_leaves_the_next_in_place(
    life: ShortLife,
) -> None:
    closed(life)
    life.on("2026-10-30").done("T30")
    (before,) = life.standing("T30")
    life.on("2026-10-31")
    life.tells("annual_contact", contacted_on="2026-10-28")
    (after,) = life.standing("T30")
    assert after == before


def test_a_form_about_a_contact_ends_the_open_task_and_plans_the_next(life: ShortLife) -> None:
    closed(life)
    life.on("2026-10-26")
    life.tells("annual_contact", contacted_on="2026-10-26")
    assert [task.how for task in life.host.tasks.values() if task.variables["task"] == "T30"] == [
        "cancelled"
    ]
    (coming,) = life.standing("T30")
    assert (coming.opens_on.isoformat(), coming.due_on.isoformat()) == ("2027-10-18", "2027-10-26")
