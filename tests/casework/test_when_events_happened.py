"""Hosts tell the time of an event in whole seconds or minutes; it is taken as their end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connector.casework.telling import Told
from connector.events import Event, EventKind
from connector.people import Person

NOTHING: Any = None


def told(at: datetime) -> Told:
    return Told(NOTHING, NOTHING, NOTHING, Event(EventKind.ROLES_CHANGED, at), "P1")


@pytest.mark.parametrize(
    ("at", "longest"),
    [
        (datetime(2026, 3, 20, 10, 15, tzinfo=UTC), timedelta(minutes=1)),
        (datetime(2026, 3, 20, 10, 15, 30, tzinfo=UTC), timedelta(seconds=1)),
        (datetime(2026, 3, 20, 10, 15, 30, 250_000, tzinfo=UTC), timedelta(0)),
    ],
    ids=["minutes", "seconds", "exactly"],
)
def test_an_event_counts_from_the_last_moment_its_time_can_mean(
    at: datetime, longest: timedelta
) -> None:
    assert told(at).until == at + longest


def test_a_change_told_in_whole_seconds_is_newer_than_a_look_within_that_second() -> None:
    looked = datetime(2026, 3, 20, 10, 15, 30, 400_000, tzinfo=UTC)
    before = Person().told(looked, worker_id="W1")
    event = told(looked.replace(microsecond=0))
    assert before.told(event.until, worker_id="W2").text("worker_id") == "W2"
