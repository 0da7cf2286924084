"""Nobody did it: the manager hears once; where the host tells nothing it counts as done."""

from collections.abc import Callable

import pytest
from short_life import ShortLife, due

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


@pytest.fixture
def agreed(life: ShortLife) -> ShortLife:
    """T01 is due on 19 June, T02 on 15 July 2026."""
    life.tells("agreement", **PLAN)
    return life


def test_five_working_days_after_the_due_date_the_manager_hears_once(agreed: ShortLife) -> None:
    agreed.on("2026-05-22").on("2026-06-25")
    assert not agreed.inbox("T12")
    agreed.on("2026-06-26")
    notice = agreed.the("T12")
    assert (notice.inbox, notice.assignee, due(notice)) == ("manager", "M1", "2026-06-29")
    assert notice.variables["title"] == "Overdue: Contact the lead social worker"
    assert "19 June 2026" in notice.variables["text"]
    assert "in the inbox of worker W1." in notice.variables["text"]
    assert "Speak to " in notice.variables["text"]
    agreed.on("2026-06-29").on("2026-07-10")
    assert agreed.inbox("T12") == [notice]
    assert agreed.next("T01").state == "missed"


def test_a_missed_task_can_still_be_done_and_goes_on_from_the_real_day(agreed: ShortLife) -> None:
    agreed.on("2026-05-22").on("2026-06-26")
    notice = agreed.the("T12")
    agreed.on("2026-07-02").done("T01", on="2026-07-01")
    assert notice.how == "cancelled"
    first, second = sorted(agreed.rows("T01"), key=lambda row: row.opens_on)
    assert (first.state, str(first.done_on)) == ("done_late", "2026-07-01")
    assert (str(second.counted_from), str(second.due_on)) == ("2026-07-01", "2026-09-23")
    assert [row.state for row in agreed.rows("T12")] == ["done"]


def test_in_a_host_that_cannot_move_a_task_the_one_made_again_is_told_of_once(
    new_life: NewLife,
) -> None:
    """The worker left while the task was open, and nobody heard of it until it was overdue."""
    life = new_life(without=("reassign",))
    life.tells("agreement", **PLAN)
    life.on("2026-05-22")
    first = life.the("T01")
    with life.council.store.transaction() as tx:
        known = tx.persons.get("sandbox", "P1").told(life.council.at, worker_id="W7")
        tx.persons.keep("sandbox", "P1", known, life.council.at)
    life.on("2026-06-26").on("2026-06-29")
    assert first.how == "cancelled"
    assert life.the("T01").assignee == "W7"
    notice = life.the("T12")
    life.done("T01")
    assert notice.how == "cancelled"


def test_every_overdue_task_has_a_notice_of_its_own(agreed: ShortLife) -> None:
    agreed.on("2026-05-22").on("2026-06-26").on("2026-07-22")
    assert len(agreed.inbox("T12")) == 2


def test_what_is_with_the_manager_is_not_told_to_the_manager(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, manager_agreed="pending")
    life.on("2026-06-01").on("2026-08-01")
    assert life.the("T04")
    assert not life.standing("T12")


def test_a_contact_that_is_not_safe_is_with_the_manager_and_never_overdue(
    life: ShortLife,
) -> None:
    life.tells("agreement", **PLAN, family_contact_safe="no")
    life.on("2026-06-17").on("2026-08-01").on("2026-08-10")
    assert life.the("T02").inbox == "manager"
    assert not [t for t in life.inbox("T12") if "family" in t.variables["title"]]


def test_an_assessment_that_is_late_is_told_on_the_21st_birthday(new_life: NewLife) -> None:
    """Six months before 21 the task opens, three months before it is due."""
    life = new_life(born="2005-06-10")
    life.tells("agreement", **PLAN)
    assert due(life.the("T08")) == "2026-03-30"
    life.on("2026-04-20").on("2026-06-09")
    assert not life.inbox("T12")
    life.on("2026-06-10")
    assert life.the("T12").variables["title"] == "Overdue: Post-21 assessment"
    actions = [{"what": "Ring", "who": "pa", "due_on": "2026-07-10"}]
    kind = "approaching_21"
    life.tells("assessment", outcome="remain_open", assessment_type=kind, actions=actions)
    assert not life.inbox("T08", "T12")


def test_a_task_that_was_taken_back_takes_its_notice_along(agreed: ShortLife) -> None:
    agreed.on("2026-05-22").on("2026-06-26")
    assert agreed.inbox("T12")
    agreed.tells("died")
    assert not agreed.inbox()


def test_an_overdue_task_goes_to_whoever_has_the_role_now(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.on("2026-05-22")
    life.tells("roles_changed", manager_id="M2")
    life.on("2026-06-26")
    assert life.the("T12").assignee == "M2"


@pytest.fixture
def assumed(new_life: NewLife) -> ShortLife:
    """A host that never tells that a task was done."""
    life = new_life(completion="assume")
    life.tells("agreement", **PLAN, untold=True)
    return life


def test_where_the_host_tells_nothing_a_task_counts_as_done_when_it_is_due(
    assumed: ShortLife,
) -> None:
    assumed.on("2026-05-22").on("2026-06-18")
    assert assumed.next("T01").state == "open"
    assumed.on("2026-06-19")
    row = assumed.next("T01")
    assert (str(row.counted_from), str(row.due_on)) == ("2026-06-19", "2026-09-11")
    assumed.on("2026-06-26").on("2026-08-03")
    assert not assumed.standing("T12")


def test_only_what_reached_the_inbox_is_assumed_done(assumed: ShortLife) -> None:
    """The worker stood still for months: nobody can have seen the task."""
    assumed.on("2026-07-01")
    assert due(assumed.the("T01")) == "2026-06-19"
    first = [row for row in assumed.rows("T01") if row.done_on]
    assert not first or first[0].state in {"done", "done_late"}


def test_an_assessment_is_not_assumed_it_comes_as_a_form(new_life: NewLife) -> None:
    life = new_life(completion="assume", born="2005-06-10")
    life.tells("agreement", **PLAN)
    life.on("2026-03-31").on("2026-06-10")
    assert life.the("T08")
    assert life.the("T12")


def test_the_real_day_told_later_corrects_the_assumed_one(assumed: ShortLife) -> None:
    assumed.on("2026-05-22")
    task = assumed.the("T01")
    assumed.on("2026-06-19").on("2026-06-24")
    told = assumed.task_event(task, "completed", done_on="2026-06-23")
    assert told.state == "processed"
    first = next(row for row in assumed.rows("T01") if row.done_on)
    assert (first.state, str(first.done_on)) == ("done_late", "2026-06-23")
    assert str(assumed.next("T01").due_on) == "2026-09-15"
    assert assumed.task_event(task, "completed", done_on="2026-06-22").state == "ignored"
