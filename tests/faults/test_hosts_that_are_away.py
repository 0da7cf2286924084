"""The host refuses connections: for forty minutes of a night, and for a weekend (E9)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from fault_stage import HOST, Running, Stage
from live_forms import assessment

from connector.dispatch.draining import THREADS
from connector.dispatch.waits import DOWN_AFTER
from connector.model import Effect, EffectKind

RUNS = 200
NIGHT = timedelta(minutes=40)
WEEKEND = timedelta(hours=72)


@contextmanager
def away(stage: Stage) -> Iterator[None]:
    """The host refuses connections within this block."""
    stage.host_goes_away()
    try:
        yield
    finally:
        stage.host_comes_back()


def owe_notes(running: Running, many: int) -> None:
    """A note for each of so many people."""
    with running.store.transaction() as tx:
        kept = tx.submissions.keep(HOST, "forms of the day", b"{}", running.at).submission_id
        tx.submissions.settle(kept, "processed", processed_at=running.at)
        for number in range(many):
            content = {"title": "Case summary", "text": "…"}
            reference = f"lcf-{number:020x}"
            note = Effect(EffectKind.CASE_NOTE, "note", reference, f"{number}", 1, content)
            tx.effects.add(kept, HOST, note, now=running.at)


def wait(running: Running, how_long: timedelta, step: timedelta) -> None:
    """The worker works all the time; it looks again after each step."""
    end = running.at + how_long
    while running.at < end:
        running.work()
        running.at += step


def tries(running: Running) -> list[dict[str, Any]]:
    owed = running.effects()
    with running.store.transaction() as tx:
        return [dict(each) for effect in owed for each in tx.effects.attempts(effect["id"])]


def probes(running: Running) -> list[datetime]:
    return sorted(each["started_at"] for each in tries(running) if each["result"] == "planned")


@pytest.mark.faults("E9", "I2", "I3")
def test_a_night_in_which_the_host_is_restarted_burns_no_try_and_drains_without_a_stampede(
    stage: Stage, running: Running
) -> None:
    owe_notes(running, RUNS)
    with away(stage):
        wait(running, NIGHT, timedelta(seconds=60))
    asked = probes(running)
    assert DOWN_AFTER < len(asked) <= 60
    apart = {later - earlier for earlier, later in pairwise(asked)}
    assert max(apart) <= timedelta(minutes=3)
    burnt = sum(each["attempts"] for each in running.effects())
    assert burnt < DOWN_AFTER + THREADS  # those under way when the host was first known to be down
    running.until_rest()
    assert len(stage.held("note")) == RUNS == stage.script.received
    assert {each["state"].value for each in running.effects()} == {"confirmed"}
    assert max(each["attempts"] for each in running.effects()) <= 2
    assert running.at - asked[-1] < timedelta(minutes=20)


@pytest.mark.faults("E9", "I1", "I2", "I3")
def test_after_a_weekend_everything_is_there_once_and_nobody_did_anything(
    stage: Stage, running: Running
) -> None:
    stage.script.writes.extend([""] * 2 + ["reset without work"] * 3)
    running.take(assessment(), "on Friday")
    running.work()
    with away(stage):
        for delivery in ("on Saturday", "on Sunday"):
            running.take(assessment(), delivery)
            wait(running, WEEKEND / 2, timedelta(hours=6))
    assert {each.state for each in running.submissions()} == {"processed", "received"}
    running.until_rest()
    assert {each.state for each in running.submissions()} == {"processed"}
    assert {each["state"].value for each in running.effects()} == {"confirmed"}
    assert len(stage.held()) == len(running.effects()) == 15
