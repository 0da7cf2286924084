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


def ended_by_the_manager(life: ShortLife) -> None:
    """They ask at the contact of October not to be contacted; the manager decides so."""
    closed(life)
    life.on("2026-10-26")
    life.tells("annual_contact", contacted_on="2026-10-26", contact_refused="yes")
    assert life.standing("T30")
    life.on("2026-10-27").done("T13", result="change_needed")


def test_a_manager_ends_the_yearly_contact_and_no_night_plans_it_again(life: ShortLife) -> None:
    ended_by_the_manager(life)
    (*_, last) = life.rows("T30")
    assert last.reason == "The manager ended the yearly contact."
    life.through("2027-11-30")
    assert not life.standing("T30")
    assert not life.inbox("T92")


def test_another_version_of_the_form_does_not_undo_what_the_manager_decided(
    life: ShortLife,
) -> None:
    ended_by_the_manager(life)
    life.on("2026-11-02")
    life.tells("annual_contact", version=2, contacted_on="2026-10-26", contact_refused="yes")
    assert not life.standing("T30")


def test_a_contact_after_that_begins_the_yearly_contact_again(life: ShortLife) -> None:
    ended_by_the_manager(life)
    life.on("2027-03-01")
    life.tells("annual_contact", form_id="LATER", contacted_on="2027-03-01")
    assert life.next("T30").due_on.isoformat() == "2027-10-29"


def test_a_manager_who_lets_the_yearly_contact_go_on_changes_nothing(life: ShortLife) -> None:
    closed(life)
    life.on("2026-10-26")
    life.tells("annual_contact", contacted_on="2026-10-26", contact_refused="yes")
    before = life.standing("T30")
    life.on("2026-10-27").done("T13", result="no_change")
    assert before
    assert life.standing("T30") == before
