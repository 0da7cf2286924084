"""Tasks that open later, what cancels them, and mappings that are mended afterwards."""

from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from live_forms import CLOSING, assessment, from_today, later, returner, with_group
from live_stage import MENDED, MISTAKEN, LiveStage, edit, wait_for

from connector.casework import Desk
from connector.clock import Clock, Duties, open_follow_ups
from connector.dispatch import Dispatcher
from connector.policy.words import TASK_TITLES

pytestmark = pytest.mark.live


def follow_ups(stage: LiveStage, person: str) -> dict[str, tuple[str, date]]:
    with stage.store() as store, store.transaction() as tx:
        rows = tx.follow_ups.listing(person_id=person)
    return {each.task: (each.state.value, each.opens_on) for each in rows}


def tick_on(stage: LiveStage, day: date) -> int:
    """The worker's own tick, had its clock shown noon of `day`; how much it changed."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with stage.store() as store:
        desk = Desk(store, stage.configuration, stage.configuration.working, lambda: noon)
        dispatcher = Dispatcher(store, {}, lambda content: b"", lambda: noon)
        ours = Duties(store, dispatcher, desk, lambda: 0, lambda: None, lambda: noon)
        return open_follow_ups(Clock(ours, Event()))


def titles(stage: LiveStage, host: str, person: str) -> list[str]:
    return sorted(each["title"] for each in stage.held(host, person)["tasks"])


def test_a_task_that_opens_later_comes_to_the_host_on_its_day_and_once(stage: LiveStage) -> None:
    form = assessment()
    person = form["person"]["id"]
    stage.done("north", form)
    state, opens_on = follow_ups(stage, person)["T21"]
    assert state == "planned"
    assert TASK_TITLES["T21"] not in titles(stage, "north", person)
    tick_on(stage, opens_on - timedelta(days=1))
    assert follow_ups(stage, person)["T21"][0] == "planned"
    assert tick_on(stage, opens_on) >= 1
    tick_on(stage, opens_on)
    wait_for(
        lambda: titles(stage, "north", person), lambda there: there.count(TASK_TITLES["T21"]) == 1
    )
    assert follow_ups(stage, person)["T21"][0] == "open"


@pytest.mark.parametrize(
    ("group", "change", "status", "notices"),
    [
        ("person", {"date_of_death": from_today(-1)}, "ended_deceased", []),
        ("form", {"status": "withdrawn"}, "withdrawn", [TASK_TITLES["T35"]]),
    ],
    ids=["died", "withdrawn"],
)
def test_a_death_and_a_withdrawal_write_the_status_alone_and_what_waited_never_comes(
    group: str, change: dict[str, Any], status: str, notices: list[str], stage: LiveStage
) -> None:
    form = assessment()
    person = form["person"]["id"]
    stage.done("north", form)
    before = stage.held("north", person)
    opens_on = follow_ups(stage, person)["T21"][1]
    told = stage.done("north", with_group(later(form, version=2), group, **change))
    assert told["status"] == status
    held = stage.held("north", person)
    assert [each["status"] for each in held["outcomes"]] == ["open", status]
    for kind in ("notes", "documents"):
        assert held[kind] == before[kind]
    there = {each["id"] for each in before["tasks"]}
    added = [each for each in held["tasks"] if each["id"] not in there]
    assert [each["title"] for each in added] == notices
    assert {each["assignee"]["kind"] for each in added} <= {"manager"}
    assert follow_ups(stage, person)["T21"][0] == "cancelled"
    tick_on(stage, opens_on + timedelta(days=400))
    stage.done("north", assessment())  # the worker has had its turn
    assert stage.held("north", person) == held


def test_a_case_that_closes_cancels_the_review_and_plans_the_yearly_contact(
    stage: LiveStage,
) -> None:
    form = returner({"outcome": "remain_open", "keep_open_reasons": ["university"]})
    person = form["person"]["id"]
    stage.done("north", form)
    assert follow_ups(stage, person)["T21"][0] == "planned"
    stage.done("north", later(form, version=2, **CLOSING))
    planned = follow_ups(stage, person)
    assert planned["T21"][0] == "cancelled"
    assert planned["T30"][0] == "planned"


def mend(stage: LiveStage, changes: dict[str, dict[str, str]]) -> None:
    """What IT does: edit the YAML of the host `mended`, and start the worker again."""
    stage.stop("worker")
    for file, texts in changes.items():
        edit(stage.configuration.folder / "mended" / file, texts)
    stage.start("worker")


def test_a_form_no_mapping_knows_waits_and_is_processed_once_the_mapping_is_mended(
    stage: LiveStage,
) -> None:
    form = with_group(assessment({"outcome": "O2"}), "form", type="leaving_care_review")
    answer = stage.send("mended", form)
    assert answer.status_code == 202
    submission = answer.json()["submission"]
    told = stage.settled(submission)
    assert told["state"] == "unmapped"
    assert told["reason"]
    assert stage.held("mended", form["person"]["id"])["outcomes"] == []
    known = "            post_21_assessment: post_21_assessment}"
    added = known.replace("}", ",\n            leaving_care_review: post_21_assessment}")
    mend(stage, {"host.yaml": {known: added}})
    assert stage.command("replay", submission).returncode == 0
    told = wait_for(lambda: stage.story(submission), lambda seen: seen["state"] == "done")
    assert told["status"] == "open"
    assert len(stage.held("mended", form["person"]["id"])["outcomes"]) == 1


def test_a_form_read_amiss_needs_attention_and_is_put_right_once_the_mapping_is_mended(
    stage: LiveStage,
) -> None:
    form = assessment({"outcome": "OUT-2"})
    person = form["person"]["id"]
    told = stage.done("mended", form)
    assert told["status"] == "needs_attention"
    (correction,) = titles(stage, "mended", person)
    assert "“Outcome of the assessment”" in correction
    mend(stage, {"post_21_assessment.yaml": {MISTAKEN: MENDED}})
    assert stage.command("replay", told["submission"]).returncode == 0
    seen = wait_for(
        lambda: stage.story(told["submission"]),
        lambda seen: seen["state"] == "done" and seen["status"] != "needs_attention",
    )
    assert seen["status"] == "open"
    held = stage.held("mended", person)
    assert [each["status"] for each in held["outcomes"]] == ["needs_attention", "open"]
    assert [each["title"] for each in held["tasks"] if each["title"].startswith("Ring")]
    assert len(held["documents"]) == 1
