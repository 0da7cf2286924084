"""A young person's details stand in no log and, in clear, nowhere in the connector's data."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from live_forms import CANARIES, FIRST, LAST, WORRY, assessment, from_today, new_number, with_group
from live_stage import LiveStage

pytestmark = pytest.mark.live


def without_messages(story: dict[str, Any]) -> str:
    return json.dumps({name: told for name, told in story.items() if name != "problems"})


@pytest.mark.faults("I5")
def test_no_detail_of_a_person_stands_in_a_log_or_in_clear_in_the_data(stage: LiveStage) -> None:
    stories = [
        stage.done("north", assessment()),
        stage.done("north", wrong_answers()),
        *the_host_fails(stage),
        stage.settled(stage.submit("mended", with_group(assessment(), "form", type="another"))),
    ]
    assert [each["state"] for each in stories] == ["done", "done", "parked", "done", "unmapped"]
    refused_at_the_door(stage)
    stage.kill("worker")  # what a crash leaves behind counts as well

    for story in stories:
        assert not found_in(without_messages(story).encode())
    seen = {path.name: found_in(path.read_bytes()) for path in all_files(stage)}
    assert {"connector.db", "connector.db-wal", "web.log", "worker.log"} <= set(seen)
    assert {name: words for name, words in seen.items() if words} == {}


def found_in(content: bytes) -> list[str]:
    """The words that stand there in any letter case, or as base64."""
    folded = content.lower()
    return [
        word
        for word in CANARIES
        if word.lower().encode() in folded
        or base64.b64encode(word.encode()).rstrip(b"=") in content
    ]


def all_files(stage: LiveStage) -> list[Path]:
    data = Path(stage.environment["CONNECTOR_DATA"])
    return [*(path for path in data.rglob("*") if path.is_file()), *stage.folder.glob("*.log")]


def wrong_answers() -> dict[str, Any]:
    return assessment(
        {
            "assessment_date": WORRY,
            "level_of_support": LAST,
            "actions": [{"what": WORRY, "who": FIRST, "due_on": from_today(1)}],
        },
        person_date_of_birth=f"{LAST} 2005",
    )


def the_host_fails(stage: LiveStage) -> list[dict[str, Any]]:
    """Its refusal repeats what was sent, as some hosts' do; then it drops a connection."""
    stage.misbehave("south", "outcome", "refuse", message=f"{FIRST} {LAST} is closed")
    refused = stage.settled(stage.submit("south", assessment()))
    stage.misbehave("south", "note", "work-then-reset")
    stage.misbehave("south", "document", "work-then-500")
    return [refused, stage.settled(stage.submit("south", assessment()))]


def refused_at_the_door(stage: LiveStage) -> None:
    """A conflict, a body that is no JSON, a wrong signature, and a page that is not there."""
    delivery = f"canary-{new_number()}"
    kept = stage.send("north", assessment(), delivery=delivery).json()["submission"]
    assert stage.send("north", assessment(), delivery=delivery).status_code == 409
    assert stage.send("north", f'{{"name": "{FIRST}", }}'.encode()).status_code == 400
    unsigned = requests.post(
        f"{stage.connector}/hooks/north?name={LAST}", json={"name": FIRST}, timeout=30
    )
    assert unsigned.status_code == 401
    nowhere = requests.get(f"{stage.connector}/people/{LAST}?q={FIRST}", timeout=30)
    assert nowhere.status_code == 404
    for answer in (unsigned, nowhere):
        assert not found_in(answer.content)
    stage.settled(kept)
