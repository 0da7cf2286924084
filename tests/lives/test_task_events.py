"""What the host tells of our tasks: done, done late, attempted, taken away, put elsewhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from short_life import ShortLife, due

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


@pytest.fixture
def in_june(life: ShortLife) -> ShortLife:
    """T01 is open, due on 19 June 2026."""
    life.tells("agreement", **PLAN)
    return life.on("2026-06-01")


def test_a_contact_without_a_change_plans_the_next_from_the_day_it_was_made(
    in_june: ShortLife,
) -> None:
    told = in_june.done("T01", result="no_change")
    assert told.state == "processed"
    row = in_june.next("T01")
    assert (row.due_on.isoformat(), row.opens_on.isoformat()) == ("2026-08-24", "2026-07-27")
    assert not in_june.inbox("T05")
    in_june.on("2026-07-26")
    assert not in_june.inbox("T01")
    in_june.on("2026-07-27")
    assert due(in_june.the("T01")) == "2026-08-24"


def test_the_day_it_was_really_done_counts_not_the_day_it_is_told(in_june: ShortLife) -> None:
    in_june.done("T01", on="2026-05-28")
    assert str(in_june.next("T01").counted_from) == "2026-05-28"


def test_a_day_in_the_future_counts_as_today(in_june: ShortLife) -> None:
    in_june.done("T01", on="2026-06-20")
    assert str(in_june.next("T01").counted_from) == "2026-06-01"


def test_a_change_that_is_needed_goes_to_the_manager_once(in_june: ShortLife) -> None:
    in_june.done("T01", result="change_needed")
    task = in_june.the("T05")
    assert (task.inbox, task.assignee, due(task)) == ("manager", "M1", "2026-06-15")
    assert "The lead social worker is: Pat, 01234 567890." in task.variables["text"]
    assert in_june.next("T01").due_on.isoformat() == "2026-08-24"
    in_june.on("2026-07-27").done("T01", result="change_needed")
    assert in_june.the("T05") is task


def test_a_new_agreement_settles_the_change(in_june: ShortLife) -> None:
    in_june.done("T01", result="change_needed")
    in_june.on("2026-06-08")
    in_june.tells("agreement", form_id="TWO", agreement_date="2026-06-08")
    assert not in_june.inbox("T05")
    in_june.on("2026-08-03").done("T01", result="change_needed")
    assert in_june.the("T05")


@pytest.mark.parametrize(
    ("counts", "counted_from", "due_on"),
    [(False, "2026-03-27", "2026-06-19"), (True, "2026-06-01", "2026-08-24")],
)
def test_a_call_that_did_not_get_through_counts_only_where_the_council_says_so(
    new_life: NewLife, counts: bool, counted_from: str, due_on: str
) -> None:
    life = new_life(settings={"tailored": {"attempt_counts": str(counts).lower()}})
    life.tells("agreement", **PLAN)
    life.on("2026-06-01")
    task = life.the("T01")
    task.how = "done"
    told = life.task_event(task, "completed", result="attempted")
    assert told.state == "processed", told.reason
    row = life.next("T01")
    assert (str(row.counted_from), row.due_on.isoformat()) == (counted_from, due_on)


def test_a_task_taken_away_in_the_host_is_not_made_again_but_the_next_one_is(
    in_june: ShortLife,
) -> None:
    task = in_june.the("T01")
    task.how = "cancelled"
    in_june.task_event(task, "cancelled", state="cancelled")
    row = in_june.next("T01")
    assert (str(row.counted_from), row.due_on.isoformat()) == ("2026-06-19", "2026-09-11")
    in_june.on("2026-06-22")
    assert not in_june.inbox("T01", "T12")
    in_june.tells("agreement", version=2, **PLAN)
    assert [each.due_on.isoformat() for each in in_june.standing("T01")] == ["2026-09-11"]


def test_a_single_task_taken_away_in_the_host_stays_away(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, untold=True)
    task = life.the("T03")
    task.how = "cancelled"
    life.task_event(task, "cancelled")
    life.on("2026-04-01")
    life.tells("agreement", version=2, **PLAN, untold=True)
    assert not life.inbox("T03")
    assert [row.state.value for row in life.rows("T03")] == ["cancelled"]


def test_a_task_put_elsewhere_by_hand_stays_there(in_june: ShortLife) -> None:
    in_june.task_event(in_june.the("T01"), "reassigned", worker="W7")
    row = in_june.next("T01")
    assert (row.inbox, row.assignee) == ("worker", "W7")
    in_june.tells("roles_changed", worker_id="W2")
    assert in_june.next("T01").assignee == "W7"
    in_june.done("T01")
    in_june.on("2026-07-27")
    assert in_june.the("T01").assignee == "W2"


def test_a_task_put_into_a_teams_inbox_by_hand_stays_there(in_june: ShortLife) -> None:
    in_june.task_event(in_june.the("T01"), "reassigned", team="duty")
    row = in_june.next("T01")
    assert (row.inbox, row.assignee) == ("team", "duty")


def test_a_task_put_elsewhere_by_hand_stays_there_when_it_is_overdue(in_june: ShortLife) -> None:
    in_june.task_event(in_june.the("T01"), "reassigned", worker="W7")
    in_june.on("2026-06-26")
    assert in_june.the("T12")
    assert in_june.next("T01").assignee == "W7"


def test_a_task_that_a_leaver_was_given_by_hand_goes_back_to_its_role(in_june: ShortLife) -> None:
    in_june.task_event(in_june.the("T01"), "reassigned", worker="W7")
    in_june.tells("worker_left", worker_id="W7")
    assert in_june.next("T01").assignee == "W1"


def moved_on(life: ShortLife) -> tuple[str, str]:
    """W1 had T01, then W2 for ten days, now W3: we moved it twice; when each had it first."""
    first = life.council.at.isoformat()
    life.on("2026-06-02").tells("roles_changed", worker_id="W2")
    second = life.council.at.isoformat()
    life.on("2026-06-12").tells("roles_changed", worker_id="W3")
    return first, second


def test_an_event_that_comes_late_and_tells_what_we_did_moves_nothing(in_june: ShortLife) -> None:
    first, second = moved_on(in_june)
    for at, worker in ((first, "W1"), (second, "W2")):
        echo = in_june.task_event(in_june.the("T01"), "reassigned", at=at, worker=worker)
        assert (echo.state, echo.reason) == ("ignored", "It tells what the connector itself did.")
    in_june.tells("roles_changed", worker_id="W4")
    assert in_june.next("T01").assignee == "W4"


def test_a_late_event_of_a_host_whose_clock_is_a_little_off_is_known_too(
    in_june: ShortLife,
) -> None:
    _, second = moved_on(in_june)
    for minutes in (-3, 3):
        at = datetime.fromisoformat(second) + timedelta(minutes=minutes)
        echo = in_june.task_event(in_june.the("T01"), "reassigned", at=at.isoformat(), worker="W2")
        assert echo.state == "ignored"


def test_who_had_a_task_before_can_be_given_it_back_by_hand(in_june: ShortLife) -> None:
    moved_on(in_june)
    in_june.on("2026-06-13").task_event(in_june.the("T01"), "reassigned", worker="W2")
    in_june.tells("roles_changed", worker_id="W4")
    assert in_june.next("T01").assignee == "W2"


def test_somebody_we_never_gave_it_to_was_given_it_by_hand_whenever_that_was(
    in_june: ShortLife,
) -> None:
    _, second = moved_on(in_june)
    in_june.task_event(in_june.the("T01"), "reassigned", at=second, worker="W7")
    assert in_june.next("T01").assignee == "W7"


def test_moving_a_task_that_is_done_changes_nothing(in_june: ShortLife) -> None:
    task = in_june.the("T01")
    in_june.done("T01")
    assert in_june.task_event(task, "reassigned", worker="W7").state == "ignored"


def test_being_told_where_a_task_is_already_changes_nothing(in_june: ShortLife) -> None:
    assert in_june.task_event(in_june.the("T01"), "reassigned", worker="W1").state == "ignored"


@pytest.mark.parametrize("event", ["completed", "cancelled"])
def test_the_same_news_twice_changes_nothing(in_june: ShortLife, event: str) -> None:
    task = in_june.the("T01")
    task.how = "done"
    in_june.task_event(task, event, state=event, result=None)
    before, writes = in_june.picture(), in_june.writes()
    in_june.on("2026-06-03")
    assert in_june.task_event(task, event, state=event).state == "ignored"
    assert (in_june.picture(), in_june.writes()) == (before, writes)


def test_a_task_is_known_by_the_hosts_own_id_too(in_june: ShortLife) -> None:
    told = in_june.task_event(in_june.the("T01"), "completed", reference=None)
    assert told.state == "processed"
    assert in_june.next("T01").is_planned


def test_a_task_that_is_not_ours_is_ignored(in_june: ShortLife) -> None:
    before = in_june.picture()
    told = in_june.task_event(in_june.the("T01"), "completed", reference=None, id="another")
    assert (told.state, told.reason) == (
        "ignored",
        "It is about a task the connector did not make.",
    )
    assert in_june.picture() == before


def test_a_contact_made_though_its_task_was_taken_back_counts_for_the_new_agreement(
    in_june: ShortLife,
) -> None:
    old = in_june.the("T01")
    in_june.tells("agreement", form_id="TWO", agreement_date="2026-06-01")
    in_june.task_event(old, "completed")
    coming = in_june.next("T01")
    assert coming.counted_from == in_june.council.at.date()
    assert coming.form_id == "TWO"
    assert in_june.inbox("T01") == []


def test_visits_and_plans_go_on_from_the_day_they_were_done(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, visit_interval_weeks=4)
    life.on("2026-04-20").done("T27")
    assert life.next("T27").due_on.isoformat() == "2026-05-18"
    life.on("2026-06-20").done("T02", on="2026-06-18")
    assert life.next("T02").due_on.isoformat() == "2026-12-18"


def test_a_series_ends_where_the_next_one_would_reach_its_stop(new_life: NewLife) -> None:
    life = new_life(born="2005-10-01")
    life.tells("agreement", **PLAN)
    life.on("2026-06-01").done("T01")
    life.on("2026-08-20").done("T01")
    assert not life.standing("T01")
    assert [row.done_on.isoformat() for row in life.rows("T01") if row.done_on] == [
        "2026-06-01",
        "2026-08-20",
    ]
