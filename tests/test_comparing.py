"""What a form changes about the tasks of a young person, as data."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.comparing import (
    NEWER_CLOCK,
    NOT_ASKED,
    SOMEBODY_ELSE,
    WITHDRAWN,
    Change,
    Comparison,
    compare,
)
from connector.model import Effect, EffectKind, FollowUp, Inbox, Task
from connector.policy.stops import (
    AGREEMENT,
    ASSESSED,
    ASSESSMENT,
    CASE_CLOSED,
    LATER_AGREEMENT,
    Applied,
)

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
JUNE, JULY = date(2026, 6, 19), date(2026, 7, 17)
ACTIVE = Applied(AGREEMENT, "tailored_support_active")


@dataclass(frozen=True)
class Row:
    """A task that was planned before."""

    id: str = "row"
    task: str = "T01"
    period_key: str = "F1"
    form_type: str | None = AGREEMENT
    form_id: str | None = "F1"
    due_on: date = JUNE
    opens_on: date = JUNE - timedelta(days=28)
    counted_from: date | None = None
    wanted_on: date | None = None
    role: Inbox = Inbox.WORKER
    asked_at: datetime | None = NOON - timedelta(days=1)
    stands: bool = True
    is_used_up: bool = False
    is_planned: bool = False


WAITING = Row(is_planned=True)
IN_AN_INBOX = Row()
DONE = Row(stands=False, is_used_up=True)
TAKEN_BACK = Row(stands=False)


def asks(
    task: str = "T01", key: str = "F1", form_id: str = "F1", due: date = JUNE, **more: Any
) -> FollowUp:
    """A task that is asked for now."""
    wanted = Task(task, "DS-18", f"Title of {task}", Inbox.WORKER, None, due, due, "Why.", **more)
    effect = Effect(EffectKind.TASK, f"task {task}", "lcf-1", "P1", 3, {})
    form = ASSESSMENT if task in {"T20", "T21", "T30", "T25"} else AGREEMENT
    return FollowUp(wanted, "P1", "lcf-1", effect, key, form, form_id)


def changes(*wanted: FollowUp, standing: Any = (), **more: Any) -> tuple[Change, ...]:
    case = Comparison("F1", ACTIVE, NOON, wanted, standing)
    return compare(replace(case, **more))


def ways(*wanted: FollowUp, standing: Any = (), **more: Any) -> list[tuple[str, str]]:
    return [(each.way, each.task) for each in changes(*wanted, standing=standing, **more)]


def test_the_first_form_adds_what_it_asks_for() -> None:
    assert ways(asks("T01"), asks("T02")) == [("added", "T01"), ("added", "T02")]


@pytest.mark.parametrize("row", [WAITING, IN_AN_INBOX], ids=["waiting", "in an inbox"])
def test_what_is_asked_for_again_is_kept(row: Row) -> None:
    (change,) = changes(asks(), standing=[row])
    assert (change.way, change.row, change.was_due) == ("kept", "row", JUNE)


@pytest.mark.parametrize("row", [WAITING, IN_AN_INBOX], ids=["waiting", "in an inbox"])
def test_another_date_moves_it(row: Row) -> None:
    (change,) = changes(asks(due=JULY), standing=[row])
    assert (change.way, change.row, change.was_due) == ("moved", "row", JUNE)


def test_what_is_in_an_inbox_keeps_its_key_and_has_one_for_where_it_must_be_made_anew() -> None:
    (change,) = changes(asks(due=JULY), standing=[IN_AN_INBOX])
    assert change.follow_up is not None
    assert change.anew is not None
    assert (change.follow_up.period_key, change.anew.period_key) == ("F1", "F1~2")
    assert change.anew.reference != change.follow_up.reference


def test_what_waits_keeps_its_key_when_it_moves() -> None:
    (change,) = changes(asks(due=JULY), standing=[WAITING])
    assert change.follow_up is not None
    assert change.follow_up.period_key == "F1"


def test_a_date_that_was_only_pushed_on_because_it_had_passed_is_no_new_date() -> None:
    row = replace(IN_AN_INBOX, wanted_on=JUNE)
    assert ways(asks(due=JULY, wanted_on=JUNE), standing=[row]) == [("kept", "T01")]


@pytest.mark.parametrize("task", ["T03", "T04", "T16", "T24", "T26"])
def test_days_counted_from_the_form_do_not_start_again(task: str) -> None:
    row = replace(IN_AN_INBOX, task=task)
    assert ways(asks(task, due=JULY), standing=[row]) == [("kept", task)]


@pytest.mark.parametrize("task", ["T19", "T25", "T90"])
def test_a_list_is_asked_anew_in_other_words_only(task: str) -> None:
    row, new = replace(IN_AN_INBOX, task=task), asks(task, due=JULY)
    same = {"row": replace(new.task, due_on=JUNE)}
    other = {"row": replace(new.task, text="Something else.")}
    assert ways(new, standing=[row], texts=same) == [("kept", task)]
    assert ways(new, standing=[row], texts=other) == [("moved", task)]


def test_an_open_task_for_another_role_is_handed_over() -> None:
    (change,) = changes(asks(role=Inbox.MANAGER), standing=[IN_AN_INBOX])
    assert (change.way, change.reason) == ("handed over", SOMEBODY_ELSE)


def test_nothing_done_is_undone() -> None:
    assert changes(asks(), standing=[DONE]) == ()
    assert changes(standing=[DONE]) == ()


def test_what_was_taken_back_is_made_again_when_it_is_asked_for_again() -> None:
    (change,) = changes(asks(), standing=[TAKEN_BACK])
    assert change.way == "added"
    assert change.follow_up is not None
    assert change.follow_up.period_key == "F1~2"


def test_what_was_taken_back_stays_so_when_the_same_form_runs_again() -> None:
    assert changes(asks(), standing=[TAKEN_BACK], runs_again=True) == ()


def test_the_one_that_stands_counts_among_those_of_one_period() -> None:
    rows = [TAKEN_BACK, replace(IN_AN_INBOX, id="second", period_key="F1~2")]
    (change,) = changes(asks(), standing=rows)
    assert (change.way, change.row) == ("kept", "second")


def test_what_is_not_asked_for_any_more_is_cancelled_with_a_reason() -> None:
    (change,) = changes(standing=[IN_AN_INBOX])
    assert (change.way, change.reason, change.was_due) == ("cancelled", NOT_ASKED, JUNE)


def test_a_form_with_errors_leaves_everything_alone() -> None:
    rows = [WAITING, replace(IN_AN_INBOX, id="other", form_id="F0")]
    wrong = Applied(AGREEMENT, "needs_attention")
    assert ways(asks("T90"), standing=rows, applied=wrong) == [("added", "T90")]


@pytest.mark.parametrize("status", ["on_hold", "ended_deceased"])
def test_a_form_that_may_be_about_somebody_else_leaves_everything_alone(status: str) -> None:
    rows = [WAITING, replace(IN_AN_INBOX, id="other", form_id="F0")]
    applied = Applied(AGREEMENT, status)
    assert ways(asks("T90"), standing=rows, applied=applied, right_person=False) == [
        ("added", "T90")
    ]


def test_actions_are_told_apart_by_their_words() -> None:
    rows = [
        replace(WAITING, id=each, task="T20", period_key=f"F1/{each}", form_type=ASSESSMENT)
        for each in ("gp", "bank")
    ]
    applied = Applied(ASSESSMENT, "open")
    found = changes(asks("T20", "F1/gp"), asks("T20", "F1/housing"), standing=rows, applied=applied)
    assert [(each.way, each.row) for each in found] == [
        ("kept", "gp"),
        ("added", None),
        ("cancelled", "bank"),
    ]


def test_a_later_agreement_takes_the_place_of_the_earlier_one_and_its_clocks() -> None:
    old = replace(IN_AN_INBOX, form_id="F0", period_key="F0")
    found = changes(asks(), standing=[old])
    assert [(each.way, each.reason, each.replaced_by) for each in found] == [
        ("added", "", None),
        ("cancelled", LATER_AGREEMENT, "F1"),
    ]


def test_an_agreement_that_comes_late_leaves_what_the_later_one_asked_for() -> None:
    later = replace(
        WAITING, form_id="F2", period_key="F2", asked_at=NOON + timedelta(days=9), counted_from=JUNE
    )
    found = changes(
        asks(counted_from=JUNE - timedelta(days=84)),
        asks("T03"),
        standing=[later],
        later=[ACTIVE],
        later_agreement="F2",
    )
    assert [(each.way, each.task, each.replaced_by) for each in found] == [
        ("passed over", "T01", "F2")
    ]


def test_of_two_clocks_the_later_contact_counts() -> None:
    other = replace(WAITING, task="T30", form_id="F0", period_key="F0", counted_from=JULY)
    found = changes(
        asks("T30", counted_from=JUNE),
        standing=[other],
        applied=Applied("family_request", "request_agreed"),
    )
    assert [(each.way, each.reason) for each in found] == [("passed over", NEWER_CLOCK)]


def test_an_assessment_shows_that_it_was_done() -> None:
    due = replace(IN_AN_INBOX, task="T08", form_id="F0", period_key="")
    found = changes(standing=[due], applied=Applied(ASSESSMENT, "open"))
    assert [(each.way, each.reason) for each in found] == [("done", ASSESSED)]


def test_a_closing_ends_what_others_asked_for() -> None:
    rows = [
        replace(WAITING, id="theirs", form_id="F0", period_key="F0"),
        replace(IN_AN_INBOX, id="nobodys", task="T12", form_id=None, form_type=None),
    ]
    closing = Applied(ASSESSMENT, "closed_annual_contact", closes=True)
    found = changes(standing=rows, applied=closing)
    assert [(each.row, each.reason) for each in found] == [
        ("theirs", CASE_CLOSED),
        ("nobodys", CASE_CLOSED),
    ]


def test_a_withdrawal_ends_what_this_form_asked_for() -> None:
    rows = [WAITING, replace(WAITING, id="theirs", form_id="F0", period_key="F0")]
    found = changes(asks("T35"), standing=rows, applied=Applied(AGREEMENT, "withdrawn"))
    assert [(each.way, each.task, each.row, each.reason) for each in found] == [
        ("cancelled", "T01", "row", WITHDRAWN),
        ("added", "T35", None, ""),
    ]


def test_a_death_ends_everything() -> None:
    rows = [WAITING, replace(IN_AN_INBOX, id="theirs", form_id="F0"), DONE]
    found = changes(standing=rows, applied=Applied(AGREEMENT, "ended_deceased"))
    assert [(each.way, each.row) for each in found] == [
        ("cancelled", "row"),
        ("cancelled", "theirs"),
    ]
