"""Processes that are killed, stopped, started twice or started with the wrong key."""

import hashlib
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import requests
from live_forms import assessment, new_number
from live_stage import BOTH, LiveStage, wait_for

from connector.vault import new_key_text
from connector.worker import EX_TEMPFAIL

pytestmark = pytest.mark.live

WHOLE = {"outcomes": 1, "notes": 1, "documents": 1, "tasks": 2}
KILLS, FORMS = 10, 20


def is_being_written(story: dict[str, Any]) -> bool:
    """Sent without an answer so far, or with one that says nothing."""
    states = {each["step"]: each["state"] for each in story["effects"]}
    return states.get("task T20") in ("intent", "unknown")


def counted(stage: LiveStage, host: str, person: str) -> dict[str, int]:
    return {kind: len(held) for kind, held in stage.held(host, person).items()}


def written(stage: LiveStage, host: str) -> int:
    return sum(map(len, stage.held(host).values()))


@pytest.mark.parametrize("mode", ["slow", "work-then-reset"])
def test_a_worker_killed_while_it_writes_a_task_makes_one_task(mode: str, stage: LiveStage) -> None:
    form = assessment()
    stage.misbehave("north", "task", mode, seconds=0.8)
    stage.misbehave("north", "lookup", "slow", seconds=0.8)
    submission = stage.submit("north", form)
    wait_for(lambda: stage.story(submission), is_being_written)
    stage.kill("worker")
    stage.start("worker")
    assert stage.settled(submission)["state"] == "done"
    assert counted(stage, "north", form["person"]["id"]) == WHOLE


def test_a_worker_killed_again_and_again_loses_nothing_and_doubles_nothing(
    stage: LiveStage,
) -> None:
    moments = random.Random(20261121)  # noqa: S311 - when to kill, not a secret
    for kind in ("outcome", "note", "document", "task"):
        stage.misbehave("south", kind, "work-then-reset", probability=0.1)
    forms = [assessment() for _ in range(FORMS)]
    stage.stop("worker")
    alone = stage.only("south")
    submissions = [stage.submit("south", form) for form in forms]
    for _ in range(KILLS):
        before = written(stage, "south")
        stage.start("worker", CONNECTOR_CONFIG=alone)
        wait_for(lambda: written(stage, "south"), lambda now, had=before: now > had)
        time.sleep(moments.uniform(0, 0.15))
        stage.kill("worker")
    stage.behave()
    stage.start("worker")
    states = [stage.settled(each)["state"] for each in submissions]
    assert Counter(states) == {"done": FORMS}
    for form in forms:
        assert counted(stage, "south", form["person"]["id"]) == WHOLE


@pytest.mark.faults("G8")
def test_a_worker_asked_to_stop_during_a_write_finishes_it(stage: LiveStage) -> None:
    form = assessment()
    stage.misbehave("north", "task", "slow", seconds=0.8)
    submission = stage.submit("north", form)
    wait_for(lambda: stage.story(submission), is_being_written)
    assert stage.stop("worker") == 0
    (task,) = (e for e in stage.story(submission)["effects"] if e["step"] == "task T20")
    assert task["state"] == "confirmed"
    stage.start("worker")
    assert stage.settled(submission)["state"] == "done"
    assert counted(stage, "north", form["person"]["id"]) == WHOLE


def test_a_second_worker_leaves_with_its_own_exit_code_and_says_why(stage: LiveStage) -> None:
    second = stage.command("work")
    assert second.returncode == EX_TEMPFAIL == 75
    assert "Another worker is already at work on this data" in second.stderr
    assert stage.running["worker"].poll() is None


def test_one_process_can_be_both_and_stops_in_good_order(stage: LiveStage) -> None:
    stage.stop("web")
    refused = stage.command("serve", "--with-worker")
    assert refused.returncode == EX_TEMPFAIL
    assert "Another worker is already at work on this data" in refused.stderr
    stage.stop("worker")
    stage.start(BOTH)
    stage.done("north", assessment())
    assert stage.stop(BOTH) == 0


def test_a_form_sent_while_no_worker_runs_is_taken_and_processed_later(stage: LiveStage) -> None:
    form = assessment()
    stage.stop("worker")
    submission = stage.submit("north", form)
    assert stage.story(submission)["state"] == "received"
    stage.start("worker")
    assert stage.settled(submission)["state"] == "done"


def test_a_host_that_found_nobody_sends_again_and_is_heard(stage: LiveStage) -> None:
    form = assessment()
    delivery = f"resent-{new_number()}"
    stage.kill("web")
    with pytest.raises(requests.ConnectionError):
        stage.send("north", form, delivery=delivery)
    stage.start("web")
    answer = stage.send("north", form, delivery=delivery)
    assert answer.status_code == 202
    assert "duplicate" not in answer.json()
    assert stage.settled(answer.json()["submission"])["state"] == "done"


@pytest.mark.faults("R4", "I1", "I2")
def test_everything_killed_in_the_middle_and_started_again_loses_nothing(stage: LiveStage) -> None:
    forms = [assessment() for _ in range(6)]
    before = written(stage, "north")
    submissions = [stage.submit("north", form) for form in forms]
    wait_for(lambda: written(stage, "north"), lambda now: now > before)
    for name in ("worker", "web", "sandbox"):
        stage.kill(name)
    for name in ("sandbox", "web", "worker"):
        stage.start(name)
    assert {stage.settled(each)["state"] for each in submissions} == {"done"}
    for form in forms:
        assert counted(stage, "north", form["person"]["id"]) == WHOLE


@pytest.mark.faults("G10")
def test_a_wrong_key_is_told_at_the_start_and_changes_nothing(stage: LiveStage) -> None:
    form = assessment()
    stage.stop("worker")
    submission = stage.submit("north", form)
    stage.stop("web")
    database = Path(stage.environment["CONNECTOR_DATA"]) / "connector.db"
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    wrong = stage.command("work", CONNECTOR_KEYS=new_key_text())
    assert wrong.returncode == 2
    told = wrong.stderr.splitlines()[-1]
    assert told.startswith("Error: The key 'k1' in CONNECTOR_KEYS is not the key")
    assert "Traceback" not in wrong.stderr
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    stage.start("web")
    stage.start("worker")
    assert stage.settled(submission)["state"] == "done"
