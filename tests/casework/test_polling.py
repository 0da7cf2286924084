"""Where the host sends no event, open tasks are read there, and what follows is the same."""

import sqlite3
from contextlib import closing
from datetime import date, time
from pathlib import Path

import pytest
from rounds_stage import HOST, Council, agreement, council_in

from connector.casework.polling import poll
from connector.model import Inbox
from connector.store.follow_up_row import FollowUpRow, FollowUpState

OPENED = date(2026, 5, 21)


@pytest.fixture
def contact(council: Council) -> FollowUpRow:
    """The first contact with the lead social worker, in an inbox."""
    council.take(agreement())
    council.on(OPENED)
    row = council.the("T01")
    assert row.state is FollowUpState.OPEN
    council.later(minutes=30)
    return row


def test_a_task_that_was_done_is_counted_from_the_day_it_was(
    council: Council, contact: FollowUpRow
) -> None:
    council.later(days=5)
    council.host.becomes(council.remote(contact), "done", done_on=date(2026, 5, 25))
    council.visit()
    following = council.the("T01")
    assert following.counted_from == date(2026, 5, 25)
    done = next(each for each in council.tasks("T01") if each.id == contact.id)
    assert (done.state, done.done_on) == (FollowUpState.DONE, date(2026, 5, 25))


def test_a_change_that_is_needed_goes_to_the_manager(
    council: Council, contact: FollowUpRow
) -> None:
    council.host.becomes(council.remote(contact), "done", result="change_needed")
    council.visit()
    asked = council.the("T05")
    assert (asked.state, asked.inbox) == (FollowUpState.OPEN, Inbox.MANAGER)


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "cancelled"])
def test_a_task_taken_away_is_not_made_again_but_the_next_one_is(
    council: Council, contact: FollowUpRow, gone: bool
) -> None:
    remote = council.remote(contact)
    if gone:
        del council.host.tasks[remote]
    else:
        council.host.becomes(remote, "cancelled")
    council.visit()
    taken = next(each for each in council.tasks("T01") if each.id == contact.id)
    assert taken.state is FollowUpState.CANCELLED
    assert council.the("T01").counted_from == contact.due_on


def test_a_task_somebody_else_has_in_the_host_stays_theirs(
    council: Council, contact: FollowUpRow
) -> None:
    remote = council.remote(contact)
    council.host.becomes(remote, "open", assignee_id="8888")
    council.visit()
    assert council.the("T01").assignee == "8888"


def test_a_task_we_move_while_the_host_is_asked_was_not_moved_by_hand(
    council: Council, contact: FollowUpRow
) -> None:
    def moved() -> None:
        with council.store.transaction() as tx:
            tx.follow_ups.hand_over(contact, Inbox.WORKER, "7777")

    council.host.when_asked = moved
    poll(council.desk, HOST, council.host)
    row = council.the("T01")
    assert (row.assignee, row.reason) == ("7777", "")


def test_a_task_whose_number_is_not_known_is_looked_up_by_our_reference(
    council: Council, contact: FollowUpRow
) -> None:
    with closing(sqlite3.connect(council.database)) as database, database:
        named = (contact.reference,)
        database.execute("UPDATE effect SET remote_id = NULL WHERE reference = ?", named)
    council.host.becomes(council.remote(contact), "done")
    council.visit()
    assert council.the("T01").id != contact.id


def test_a_task_is_read_every_six_hours_and_hourly_on_its_day(
    council: Council, contact: FollowUpRow
) -> None:
    council.visit()
    council.later(hours=5)
    council.visit()
    assert council.host.read.count(contact.reference) == 1
    council.later(hours=1)
    council.visit()
    assert council.host.read.count(contact.reference) == 2
    council.on(contact.due_on)
    council.visit()
    council.later(hours=1)
    council.visit()
    assert council.host.read.count(contact.reference) == 4


def test_a_task_the_host_took_just_now_is_not_taken_for_deleted(council: Council) -> None:
    council.take(agreement())
    council.on(OPENED)
    council.host.tasks.clear()
    council.visit()
    assert council.the("T01").state is FollowUpState.OPEN


def test_a_host_that_does_not_answer_changes_nothing_and_is_soon_left_alone(
    council: Council, contact: FollowUpRow
) -> None:
    council.host.silent = True
    council.visit()
    assert council.the("T01").id == contact.id


def test_no_host_is_asked_that_sends_events(tmp_path: Path) -> None:
    council = council_in(tmp_path, "event")
    council.take(agreement())
    council.on(OPENED, time(3))
    council.visit()
    council.later(hours=7)
    council.visit()
    assert council.the("T01").reference not in council.host.read
    council.store.close()


def test_however_many_tasks_there_are_each_is_read_every_night(tmp_path: Path) -> None:
    council = council_in(tmp_path, "event")
    council.take(agreement(localOfferGiven="N"))
    council.on(OPENED)
    council.on(date(2026, 5, 22), time(2))
    council.later(minutes=30)
    standing = [row.reference for row in council.tasks_standing() if not row.is_planned]
    assert len(standing) > 1
    council.host.read.clear()
    for _ in range(len(standing) + 1):
        poll(council.desk, HOST, council.host, most=1)
    assert sorted(council.host.read) == sorted(standing)
    council.store.close()


def test_a_task_deleted_where_tasks_are_polled_is_told_where_nothing_follows(
    council: Council,
) -> None:
    council.take(agreement(localOfferGiven="N"))
    council.later(minutes=30)
    del council.host.tasks[council.remote(council.the("T03"))]
    council.visit()
    assert "was taken away in the case system" in council.text(council.the("T92", ""))


def test_a_task_somebody_cancelled_where_tasks_are_polled_is_not_told(council: Council) -> None:
    council.take(agreement(localOfferGiven="N"))
    council.later(minutes=30)
    council.host.becomes(council.remote(council.the("T03")), "cancelled")
    council.visit()
    assert council.tasks("T92", "") == []
