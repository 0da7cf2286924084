"""A backup is put back in real processes, while the case system misbehaves (reliability G9)."""

import copy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_forms import CANARIES, assessment
from live_stage import LiveStage, live_stage, wait_for

pytestmark = [pytest.mark.live, pytest.mark.faults("G9", "I2", "I5")]

HOST = "south"
EVERY_KIND = {"outcomes", "notes", "documents", "tasks"}


@pytest.fixture
def own_stage(tmp_path: Path) -> Iterator[LiveStage]:
    """A stage of its own, since its database is exchanged."""
    with live_stage(tmp_path) as stage:
        yield stage


def doubled(stage: LiveStage) -> list[tuple[str, int]]:
    """References that more than one object in the case system has."""
    held = Counter(
        (kind, each["reference"]) for kind, all_of in stage.held(HOST).items() for each in all_of
    )
    return [(f"{kind} {reference}", n) for (kind, reference), n in held.items() if n > 1]


def amended(form: dict[str, Any]) -> dict[str, Any]:
    later = copy.deepcopy(form)
    later["form"]["version"] = 2
    later["answers"]["level_of_support"] = "intense"
    return later


def move_to_a_new_folder(stage: LiveStage, backup: Path) -> None:
    """The machine is lost; the backup is put back on another one."""
    for name in ("web", "worker"):
        stage.kill(name)
    stage.environment["CONNECTOR_DATA"] = str(stage.folder / "other")
    put_back = stage.command("restore", str(backup))
    assert put_back.returncode == 0, put_back.stderr
    stage.start("web")
    stage.start("worker")


def misbehave(stage: LiveStage) -> None:
    for kind in ("outcome", "note", "document", "task"):
        stage.misbehave(HOST, kind, "work-then-500", probability=0.2)
    stage.misbehave(HOST, "lookup", "503", probability=0.2)


def test_nothing_comes_twice_and_nothing_is_missing_after_a_restored_backup(
    own_stage: LiveStage,
) -> None:
    stage, backup = own_stage, own_stage.folder / "connector.backup"
    before = [assessment() for _ in range(2)]
    for each in before:
        stage.done(HOST, each)
    # What is under way at the backup: it is read, but the case system is slow to take it.
    stage.misbehave(HOST, "outcome", "slow", seconds=1)
    under_way = [assessment() for _ in range(2)]
    sent = [stage.submit(HOST, each) for each in under_way]
    wait_for(lambda: stage.story(sent[0])["effects"], len)
    made = stage.command("backup", str(backup))
    assert made.returncode == 0, made.stderr
    stage.behave()
    for each in sent:
        assert stage.settled(each)["state"] == "done"
    lost = [assessment(), assessment(), amended(before[0])]
    for each in lost:
        stage.done(HOST, each)
    there = {kind: len(each) for kind, each in stage.held(HOST).items()}

    misbehave(stage)
    move_to_a_new_folder(stage, backup)
    again = [stage.submit(HOST, each) for each in [*before, *under_way, *lost]]
    for each in again:
        wait_for(lambda one=each: stage.story(one)["state"], lambda state: state != "received")
    wait_for(stage.under_way, lambda left: not left)
    stage.behave()

    assert doubled(stage) == []
    assert {kind: len(each) for kind, each in stage.held(HOST).items()} == there
    new = assessment()
    stage.done(HOST, new)
    assert {kind for kind, each in stage.held(HOST, new["person"]["id"]).items() if each} == (
        EVERY_KIND
    )
    for word in CANARIES:
        assert word.encode() not in backup.read_bytes()
