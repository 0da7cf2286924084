"""Whole lives, day by day: whatever happens, the promises about follow-ups hold."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from life_stage import Council
from made_once import packaged

from connector.dates import WorkingDays, add_months, birthday

CONTACTS = ("T01", "T02", "T27")
SERIES = (*CONTACTS, "T21", "T30")
CALM = settings(max_examples=int(os.environ.get("LIVES", "6")), deadline=None)
"""Few lives in the fast suite; `make chaos` lives many."""
WORKING = WorkingDays()


def lived(life: dict[str, Any]) -> dict[str, Any]:
    """The life, lived to its end: the tasks as the case system has them, and what still stands."""
    with TemporaryDirectory() as folder:
        council = Council(Path(folder), packaged(), life)
        try:
            council.live()
            with council.store.transaction() as tx:
                rows = tx.follow_ups.listing()
                broken = tx.submissions.listing(1000, "broken")
        finally:
            council.close()
    assert not broken
    return {
        "tasks": [task.as_dict() for task in council.host.tasks.values()],
        "standing": sorted(
            (row.task, row.state.value, row.opens_on, row.due_on, row.counted_from)
            for row in rows
            if row.stands
        ),
        "statuses": council.host.statuses,
    }


births = st.one_of(
    st.just(date(2004, 2, 29)),
    st.just(date(2005, 1, 31)),
    st.just(date(2006, 8, 31)),
    st.dates(date(2003, 1, 1), date(2008, 12, 31)),
)
delays = st.lists(st.sampled_from([0, 0, 0, -20, -3, 2, 9, 40, None]), max_size=6)


@st.composite
def lives(draw: st.DrawFn) -> dict[str, Any]:
    """An agreement while under 21, and whatever may follow: versions, another agreement, an
    assessment, yearly contacts, a change of worker, a death."""
    born = draw(births)
    turned = birthday(born, 21)
    start = turned - timedelta(days=draw(st.integers(20, 1100)))
    back = lambda most: start - timedelta(days=draw(st.integers(0, most)))  # noqa: E731
    events: list[dict[str, Any]] = [
        {
            "day": start.isoformat(),
            "kind": "agreement",
            "form_id": "A1",
            "eligible_full_service": draw(st.sampled_from(["yes", "yes", "no"])),
            "last_pathway_plan_on": back(120).isoformat(),
            "last_social_worker_contact_on": draw(
                st.one_of(st.none(), st.just(back(100).isoformat()))
            ),
            "visit_interval_weeks": draw(st.sampled_from([None, None, 4, 13])),
        }
    ]
    later = lambda most: start + timedelta(days=draw(st.integers(1, most)))  # noqa: E731
    if draw(st.booleans()):
        events.append({**events[0], "day": later(300).isoformat(), "version": 2})
        events[-1]["agreement_date"] = start.isoformat()
    if draw(st.booleans()):
        again = later(500)
        if again < turned:
            events.append({"day": again.isoformat(), "kind": "agreement", "form_id": "A2"})
    if draw(st.booleans()):
        changed = later(700).isoformat()
        events.append({"day": changed, "kind": "roles_changed", "worker_id": "W2"})
    assessed = turned + timedelta(days=draw(st.integers(-150, 25)))
    if assessed > start and draw(st.booleans()):
        outcome = draw(st.sampled_from(["close_case", "remain_open", "refer_to_manager"]))
        events.append(
            {
                "day": assessed.isoformat(),
                "kind": "assessment",
                "form_id": "B1",
                "assessment_type": "approaching_21",
                "outcome": outcome,
                "actions": [{"what": "Ring the landlord", "who": "pa", "due_on": None}],
                "worker_id": "W2",
            }
        )
    if draw(st.integers(0, 5)) == 0:
        events.append({"day": later(1500).isoformat(), "kind": "died"})
    return {
        "person": {"id": "P1", "date_of_birth": born.isoformat()},
        "until": (turned + timedelta(days=365 * 4 + 40)).isoformat(),
        "completion": draw(st.sampled_from(["event", "assume"])),
        "events": events,
        "delays": {task: draw(delays) for task in SERIES},
    }


def days(task: dict[str, Any]) -> tuple[date, date, date]:
    """Opened, due, ended (far away where it is open still)."""
    ended = date.fromisoformat(task["ended"]) if task["ended"] else date.max
    return date.fromisoformat(task["opened"]), date.fromisoformat(task["due_on"]), ended


def of(result: dict[str, Any], task: str) -> list[dict[str, Any]]:
    return [each for each in result["tasks"] if each["task"] == task]


def gaps(result: dict[str, Any], task: str) -> Iterator[tuple[date, date, date]]:
    """Of each task done on time: the day it was done, and when the next opened and was due."""
    for one, following in pairwise(of(result, task)):
        _, due, ended = days(one)
        opened, next_due, _ = days(following)
        if one["how"] == "done" and ended <= due:
            yield ended, opened, next_due


@CALM
@given(life=lives())
def test_every_task_is_due_on_a_working_day_and_before_its_stop(life: dict[str, Any]) -> None:
    result = lived(life)
    born = date.fromisoformat(life["person"]["date_of_birth"])
    for task in result["tasks"]:
        assert WORKING.includes(date.fromisoformat(task["due_on"])), task
    for task in (each for name in CONTACTS for each in of(result, name)):
        opened, due, _ = days(task)
        assert opened < stop(life), task
        assert due <= WORKING.following(stop(life)), task
    for task in (each for name in ("T21", "T30") for each in of(result, name)):
        assert days(task)[1] < birthday(born, 25), task


def stop(life: dict[str, Any]) -> date:
    """The day the contacts of the agreements stop before, at the latest."""
    turned = birthday(date.fromisoformat(life["person"]["date_of_birth"]), 21)
    full = [each.get("eligible_full_service", "yes") == "yes" for each in agreements(life)]
    return add_months(turned, 1) if any(full) else turned


def agreements(life: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in life["events"] if each["kind"] == "agreement"]


@CALM
@given(life=lives())
def test_no_contact_is_later_than_the_setting_and_never_are_there_two(life: dict[str, Any]) -> None:
    result = lived({**life, "completion": "event"})
    for one, following in (pair for name in SERIES for pair in pairwise(of(result, name))):
        assert days(one)[2] <= days(following)[0], (one, following)
    for done, opened, due in gaps(result, "T01"):
        assert due <= max(done + timedelta(days=84), WORKING.following(opened))
    for done, opened, due in gaps(result, "T02"):
        assert due <= max(add_months(done, 6), WORKING.following(opened))
    for done, _, due in gaps(result, "T30"):
        assert due <= add_months(done, 12)


@CALM
@given(life=lives())
def test_nobody_who_died_gets_a_task(life: dict[str, Any]) -> None:
    last = max(event["day"] for event in life["events"])
    died = (date.fromisoformat(last) + timedelta(days=30)).isoformat()
    events = [event for event in life["events"] if event["kind"] != "died"]
    result = lived({**life, "events": [*events, {"day": died, "kind": "died"}]})
    assert result["standing"] == []
    assert all(task["opened"] < died for task in result["tasks"])
    assert all(task["how"] != "open" for task in result["tasks"] if life["completion"] == "event")
    assert result["statuses"][-1][1] == "ended_deceased"


@CALM
@given(life=lives(), order=st.permutations(range(3)))
def test_forms_that_arrive_in_another_order_lead_to_the_same_follow_ups(
    life: dict[str, Any], order: list[int]
) -> None:
    """Two agreements and an assessment, all completed before, arrive on one day."""
    forms = [
        event
        for event in life["events"]
        if event["kind"] in {"agreement", "assessment"} and "version" not in event
    ]
    day = max(event["day"] for event in forms)
    arrived = [{**event, "completed_on": event["day"], "day": day} for event in forms]
    mixed = [arrived[place] for place in order if place < len(arrived)]
    until = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    short = {**life, "until": until, "completion": "event", "delays": {}}
    one = lived({**short, "events": arrived})
    other = lived({**short, "events": mixed})
    assert one["standing"] == other["standing"]
