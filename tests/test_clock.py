"""What each tick does, and that one that fails leaves the others alone."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from fake_host import START, Case, effect, open_store
from sqlalchemy import update

from connector.casework.daily import ROUNDS
from connector.casework.desk import Desk
from connector.casework.opening import open_follow_up
from connector.clock import (
    TICKS,
    Clock,
    beat,
    make_round,
    open_follow_ups,
    perform_effects,
    process_submissions,
    reap_leases,
    retain,
)
from connector.errors import OutOfOrder
from connector.model import FollowUp, Inbox, Task
from connector.store import Transaction, tables
from connector.store.effect_row import EffectState
from connector.store.follow_up_row import FollowUpRow, FollowUpState
from connector.store.heartbeats import WORKER


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with open_store(tmp_path) as store:
        yield Case(store)


def clock(
    case: Case,
    process_waiting: Callable[[], int] = lambda: 0,
    retained: Callable[[], object] = lambda: None,
) -> Clock:
    duties = case.duties(process_waiting=process_waiting, retain=retained, tick_seconds=0.05)
    return Clock(duties, Event(), TICKS)


def waiting_task(
    opens_on: date, reference: str = "lcf-9", due_on: date = date(2027, 1, 4)
) -> FollowUp:
    task = Task("T20", "DC-19", "Ring", Inbox.WORKER, "7", opens_on, due_on, "Because.", named=True)
    content = {"title": "Ring", "inbox": {"kind": "worker", "id": "7"}}
    return FollowUp(
        task, "P1", reference, effect(reference, position=9, content=content), reference
    )


def keep(case: Case, *follow_ups: FollowUp) -> None:
    submission = case.owe()
    with case.store.transaction() as tx:
        for each in follow_ups:
            tx.follow_ups.plan(submission, "sandbox", each, case.now())


def test_a_follow_up_becomes_one_effect_on_its_day_and_goes_into_the_inbox(case: Case) -> None:
    keep(case, waiting_task(date(2026, 3, 26)))
    ticking = clock(case)
    assert open_follow_ups(ticking) == 0
    case.now.move_on(24 * 3600)
    assert open_follow_ups(ticking) == 1
    assert open_follow_ups(ticking) == 0
    assert perform_effects(ticking) == 1
    assert case.host.writes == ["lcf-9"]
    with case.store.transaction() as tx:
        (row,) = tx.follow_ups.listing()
    assert row.state is FollowUpState.OPEN
    assert case.row("lcf-9").follow_up_id == row.id


def test_the_day_is_that_of_london(case: Case) -> None:
    keep(case, waiting_task(date(2026, 7, 1)))
    case.now.at = datetime(2026, 6, 30, 22, 59, tzinfo=UTC)
    assert open_follow_ups(clock(case)) == 0
    case.now.at = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert open_follow_ups(clock(case)) == 1


def test_a_follow_up_due_while_the_worker_was_down_opens_once_afterwards(case: Case) -> None:
    keep(case, waiting_task(date(2026, 3, 26)))
    case.now.move_on(30 * 24 * 3600)
    assert open_follow_ups(clock(case)) == 1
    assert open_follow_ups(clock(case)) == 0


def test_a_follow_up_that_does_not_open_leaves_the_others_alone(case: Case) -> None:
    keep(case, *(waiting_task(date(2026, 3, 25), f"lcf-{n}") for n in range(2)))
    one = update(tables.follow_up).where(tables.follow_up.c.reference == "lcf-0")
    with case.store.database.alone() as connection:
        connection.execute(one.values(content=b"\0"))
    assert open_follow_ups(clock(case)) == 1
    with case.store.transaction() as tx:
        states = {row.reference: row.state for row in tx.follow_ups.listing()}
    assert states == {"lcf-0": FollowUpState.PLANNED, "lcf-1": FollowUpState.OPEN}


def test_whatever_is_wrong_with_one_follow_up_the_others_open(case: Case) -> None:
    keep(case, *(waiting_task(date(2026, 3, 25), f"lcf-{n}") for n in range(2)))

    def act(tx: Transaction, desk: Desk, row: FollowUpRow) -> bool:
        if row.reference == "lcf-0":
            raise ValueError(row.reference)
        return open_follow_up(tx, desk, row)

    assert make_round(clock(case), replace(ROUNDS[0], act=act)) == 1


def test_what_is_overdue_is_told_to_the_manager_once_and_stays_in_the_inbox(case: Case) -> None:
    keep(case, waiting_task(date(2026, 3, 25), due_on=date(2026, 3, 26)))
    ticking = clock(case)
    open_follow_ups(ticking)
    case.now.at = datetime(2026, 4, 2, 9, tzinfo=UTC)  # the fifth working day after
    while open_follow_ups(ticking):
        pass
    with case.store.transaction() as tx:
        states = sorted((row.task, row.state) for row in tx.follow_ups.listing())
    assert states == [("T12", FollowUpState.OPEN), ("T20", FollowUpState.MISSED)]


def test_waiting_submissions_are_processed_until_none_is_left(case: Case) -> None:
    left = [3, 3, 1]
    settled = process_submissions(clock(case, lambda: left.pop() if left else 0))
    assert settled == 7


def test_a_lease_that_ran_out_is_reaped(case: Case) -> None:
    case.owe(effect())
    with case.store.transaction() as tx:
        row = tx.effects.claim(
            case.row_id("lcf-1", tx), "gone", START + timedelta(minutes=1), START
        )
        assert row is not None
        tx.effects.intend(row, START + timedelta(minutes=1), START)
    ticking = clock(case)
    assert reap_leases(ticking) == 0
    case.now.move_on(60)
    assert reap_leases(ticking) == 1
    assert case.row().state is EffectState.UNKNOWN


def test_retention_is_called(case: Case) -> None:
    called: list[bool] = []
    retain(clock(case, retained=lambda: called.append(True)))
    assert called == [True]


def test_all_ticks_ring_and_one_that_fails_leaves_the_others_alone(case: Case) -> None:
    def fail() -> int:
        raise RuntimeError("Zephyrine")

    case.owe(effect())
    ticking = clock(case, fail)
    ticking.start()
    end = time.monotonic() + 10
    while time.monotonic() < end and not case.host.held:
        time.sleep(0.02)
    ticking.finish()
    assert case.host.writes == ["lcf-1"]


def test_the_heartbeat_stays_behind_while_a_frequent_tick_fails(case: Case) -> None:
    def fail() -> int:
        raise RuntimeError

    ticking = clock(case, fail)
    for tick in TICKS:
        ticking.progress(tick.name)
    case.now.move_on(300)
    for tick in TICKS:
        ticking.ring(tick)
    assert ticking.last_good_turn() == (START, "submissions")
    beat(ticking)
    with case.store.transaction() as tx:
        last = tx.heartbeats.latest(WORKER)
    assert last is not None
    assert (last.at, last.detail) == (START, "submissions")


def test_a_seldom_tick_that_fails_holds_the_heartbeat_back_until_it_has_a_good_turn(
    case: Case,
) -> None:
    def fail() -> None:
        raise OutOfOrder("locked")

    failing: list[Callable[[], None]] = [fail]
    ticking = clock(case, retained=lambda: failing[0]())
    for tick in TICKS:
        ticking.progress(tick.name)
    retention = next(tick for tick in TICKS if tick.name == "retention")
    ticking.ring(retention)
    case.now.move_on(300)
    for tick in TICKS:
        ticking.ring(tick)
    assert ticking.last_good_turn() == (START, "retention")
    failing[0] = lambda: None
    ticking.ring(retention)
    assert ticking.last_good_turn()[0] == case.now()


def test_the_heartbeat_follows_when_every_tick_had_a_good_turn(case: Case) -> None:
    ticking = clock(case)
    for tick in TICKS:
        ticking.progress(tick.name)
    case.now.move_on(300)
    for tick in TICKS:
        ticking.ring(tick)
    assert ticking.last_good_turn()[0] == case.now()


def test_the_names_of_the_ticks_are_their_own_and_what_they_wake_exists() -> None:
    names = [tick.name for tick in TICKS]
    assert len(names) == len(set(names))
    assert {tick.wakes for tick in TICKS} <= {*names, ""}


def test_what_the_time_leapt_over_rings_at_once(case: Case) -> None:
    keep(case, waiting_task(date(2026, 3, 26)))
    ticking = clock(case)
    ticking.start()
    case.now.move_on(24 * 3600)  # a machine that slept, or the next day of a rehearsal
    end = time.monotonic() + 10
    while time.monotonic() < end and not case.host.held:
        ticking.catch_up()
        time.sleep(0.02)
    ticking.finish()
    assert case.host.writes == ["lcf-9"]
