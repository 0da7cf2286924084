"""Follow-ups whose day comes while nothing runs, in the night of a clock change, on a bank
holiday; and one that is moved twice meanwhile (E11)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fault_stage import HOST, Running, Stage
from live_forms import assessment, from_today, later
from test_hosts_that_are_away import away

from connector.model import Effect, EffectKind, FollowUp, Inbox, Task
from connector.store import Store

REFERENCE = "lcf-0123456789abcdef0123"
PERSON = "1"
DAYS = {
    "the clocks go forward": (date(2027, 3, 28), datetime(2027, 3, 28, 0, 0, tzinfo=UTC)),
    "the day after": (date(2027, 3, 29), datetime(2027, 3, 28, 23, 0, tzinfo=UTC)),
    "the clocks go back": (date(2027, 10, 31), datetime(2027, 10, 30, 23, 0, tzinfo=UTC)),
    "and the day after": (date(2027, 11, 1), datetime(2027, 11, 1, 0, 0, tzinfo=UTC)),
    "Christmas": (date(2026, 12, 25), datetime(2026, 12, 25, 0, 0, tzinfo=UTC)),
    "the summer bank holiday": (date(2027, 8, 30), datetime(2027, 8, 29, 23, 0, tzinfo=UTC)),
}
each_day = pytest.mark.parametrize("day", DAYS)


def plan(running: Running, opens_on: date) -> None:
    """A task that waits for its day."""
    due_on = opens_on + timedelta(days=7)
    worker = {"kind": "worker", "id": "20931"}
    content = {"title": "Ring", "text": "Ring.", "opens_on": f"{opens_on}", "due_on": f"{due_on}"}
    content |= {"person_id": PERSON, "inbox": worker}
    task = Task("T20", "DC-19", "Ring", Inbox.WORKER, "20931", opens_on, due_on, "Agreed.")
    effect = Effect(EffectKind.TASK, "task T20", REFERENCE, PERSON, 4, content)
    form = ("post_21_assessment", "F1")
    with running.store.transaction() as tx:
        kept = tx.submissions.keep(HOST, "d1", b"{}", running.at).submission_id
        tx.submissions.settle(kept, "processed", processed_at=running.at)
        waits = FollowUp(task, PERSON, REFERENCE, effect, "F1", *form)
        assert tx.follow_ups.plan(kept, HOST, waits, running.at)


def ours(stage: Stage) -> list[dict[str, Any]]:
    return [each for each in stage.held("task") if each["reference"] == REFERENCE]


@each_day
@pytest.mark.faults("E11", "R12", "I2")
def test_it_opens_when_its_day_begins_in_london_and_once(
    day: str, stage: Stage, running: Running
) -> None:
    opens_on, midnight = DAYS[day]
    running.at = midnight - timedelta(seconds=1)
    plan(running, opens_on)
    running.until_rest()
    assert ours(stage) == []
    for moment in (midnight, midnight + timedelta(minutes=90), midnight + timedelta(days=1)):
        running.at = moment
        running.until_rest()
        assert [each["opens_on"] for each in ours(stage)] == [opens_on.isoformat()]


@each_day
@pytest.mark.faults("E11", "I2")
def test_it_opens_once_after_a_time_in_which_nothing_ran(
    day: str, stage: Stage, running: Running, store: Store
) -> None:
    opens_on, midnight = DAYS[day]
    running.at = midnight - timedelta(days=5)
    plan(running, opens_on)
    running.close()
    for hours in (3, 4):
        started = stage.running(store, midnight + timedelta(days=3, hours=hours))
        started.start()
        started.until_rest()
        started.close()
    running.at = started.at
    due_on = opens_on + timedelta(days=7)
    found = [(each["opens_on"], each["due_on"]) for each in ours(stage)]
    assert found == [(opens_on.isoformat(), due_on.isoformat())]


@pytest.mark.faults("E11", "I2")
def test_moved_twice_while_the_host_was_away_it_is_there_once_on_its_last_day(
    stage: Stage, running: Running
) -> None:
    actions = [[{"what": "Ring", "who": "pa", "due_on": from_today(days)}] for days in (3, 4, 5)]
    first = assessment({"actions": actions[0]})
    running.take(first, "d1")
    running.until_rest()
    with away(stage):
        for version in (2, 3):
            moved = later(first, version=version, actions=actions[version - 1])
            running.take(moved, f"d{version}")
            running.work()
            running.later(hours=1)
    running.until_rest()
    tasks = [each for each in stage.held("task") if each["title"].startswith("Ring")]
    assert [each["due_on"] for each in tasks] == [from_today(5)]
