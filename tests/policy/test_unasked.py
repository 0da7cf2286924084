"""The tasks no form asks for: an overdue notice, nobody there, a change to agree, a new worker."""

from datetime import date

import pytest

from connector.dates import WorkingDays
from connector.model import Inbox, Task
from connector.policy.unasked import (
    WORKER_LEFT,
    attach_yourself,
    change_of_approach,
    new_contact_details,
    no_worker,
    overdue,
)

WORKING = WorkingDays()
FRIDAY = date(2026, 6, 26)
BEFORE_EASTER = date(2026, 4, 1)

OVERDUE = overdue(
    "Contact the lead social worker", date(2026, 6, 19), "worker W1", "Robin", FRIDAY, WORKING
)
NOBODY = no_worker("Review support", WORKER_LEFT, FRIDAY, WORKING)
CHANGE = change_of_approach(date(2026, 6, 24), "Pat, 01234 567890", FRIDAY, WORKING, 10)
DETAILS = new_contact_details(FRIDAY, WORKING, Inbox.WORKER)


@pytest.mark.parametrize(
    ("task", "name", "rule", "role", "due_on"),
    [
        (OVERDUE, "T12", "DS-18", Inbox.MANAGER, date(2026, 6, 29)),
        (NOBODY, "T91", "DS-02", Inbox.MANAGER, date(2026, 6, 30)),
        (CHANGE, "T05", "DS-19", Inbox.MANAGER, date(2026, 7, 10)),
        (DETAILS, "T28", "DS-28", Inbox.WORKER, date(2026, 7, 10)),
    ],
    ids=["T12", "T91", "T05", "T28"],
)
def test_each_is_in_the_right_inbox_at_once_with_its_working_days(
    task: Task, name: str, rule: str, role: Inbox, due_on: date
) -> None:
    assert (task.task, task.rule, task.role, task.due_on) == (name, rule, role, due_on)
    assert task.opens_on == FRIDAY
    assert task.inbox is role
    assert task.assignee is None


@pytest.mark.parametrize("task", [OVERDUE, NOBODY, CHANGE, DETAILS], ids=lambda each: each.task)
def test_each_explains_itself(task: Task) -> None:
    assert task.title
    assert task.text
    assert task.done_by
    assert "26 June 2026" in task.because


def test_an_overdue_notice_names_the_task_and_the_day_it_was_due() -> None:
    assert OVERDUE.title == "Overdue: Contact the lead social worker"
    assert "19 June 2026" in OVERDUE.because
    assert "1 working day after" in OVERDUE.because


def test_an_overdue_notice_says_whose_inbox_it_is_in_and_whom_to_speak_to() -> None:
    assert "It is in the inbox of worker W1." in OVERDUE.because
    assert "Speak to Robin" in OVERDUE.text
    assert "Robin" not in OVERDUE.title + OVERDUE.because


def test_with_nobody_to_give_it_to_the_manager_reads_which_task_why_and_where_it_is() -> None:
    assert WORKER_LEFT in NOBODY.because
    assert "Until then the team's inbox has" in NOBODY.text
    assert "- Review support" in NOBODY.text.splitlines()


def test_a_summary_to_attach_is_named_and_can_be_found_by_it() -> None:
    task = attach_yourself("Post-21 assessment 900456 v1.pdf", "01J", FRIDAY, WORKING)
    assert "“Post-21 assessment 900456 v1.pdf”" in task.because
    assert "they find it under 01J" in task.text


def test_a_change_names_the_day_of_the_contact() -> None:
    assert "24 June 2026" in CHANGE.because


def test_a_change_says_whom_to_ring_what_closes_it_and_what_goes_on_meanwhile() -> None:
    assert "The lead social worker is: Pat, 01234 567890." in CHANGE.text
    assert "carry on until then" in CHANGE.text
    assert "new agreement is active" in CHANGE.done_by
    unknown = change_of_approach(FRIDAY, "", FRIDAY, WORKING, 10)
    assert "lead social worker is:" not in unknown.text


def test_bank_holidays_do_not_count() -> None:
    task = no_worker("Review support", WORKER_LEFT, BEFORE_EASTER, WORKING)
    assert task.due_on == date(2026, 4, 7)


@pytest.mark.parametrize(("days", "due_on"), [(1, date(2026, 6, 29)), (4, date(2026, 7, 2))])
def test_the_days_to_agree_a_change_are_the_councils(days: int, due_on: date) -> None:
    assert change_of_approach(FRIDAY, "", FRIDAY, WORKING, days).due_on == due_on


def test_contact_that_is_not_safe_is_told_to_the_manager() -> None:
    managers = new_contact_details(FRIDAY, WORKING, Inbox.MANAGER)
    assert managers.inbox is Inbox.MANAGER
    assert "not safe" in managers.text
    assert "not safe" not in DETAILS.text
