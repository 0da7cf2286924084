"""`check` says which events each host sends; `try` names an event and shows what was read."""

import json
import shutil
from pathlib import Path

import pytest
from cli_council import HOST, Council, Run

from connector.events import EventKind

BOTH_KINDS = "TASK_COMPLETED: task_completed, TASK_CANCELLED: task_cancelled"


def folder_with(council: Council, folder: Path, old: str, new: str) -> str:
    """The council's configuration with one change in the host's file; `--config` for it."""
    shutil.copytree(council.configuration.folder, folder)
    file = folder / HOST / "host.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return str(folder)


def sample(council: Council, kind: str) -> str:
    return str(council.configuration.folder / HOST / "samples" / "events" / f"{kind}.json")


def test_check_lists_the_events_a_host_sends_and_those_it_does_not(connector: Run) -> None:
    said = connector("check", HOST)
    assert said.code == 0
    assert "events: task_completed, task_cancelled" in said.out
    assert "not taken: form_reopened, form_withdrawn" in said.out
    events = connector("check", HOST, "--json").json["hosts"][0]["events"]
    assert set(events["taken"]) | set(events["not_taken"]) == set(EventKind)
    assert events["not_taken"] == ["form_reopened", "form_withdrawn"]
    assert (events["completion"], events["problems"]) == ("assume", [])


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_check_fails_where_nobody_would_learn_that_a_task_was_done(
    connector: Run, council: Council, tmp_path: Path, options: tuple[str, ...]
) -> None:
    changed = BOTH_KINDS.replace("TASK_COMPLETED: task_completed, ", "")
    folder = folder_with(council, tmp_path / "mappings", BOTH_KINDS, changed)
    assert connector("check", HOST, "--config", folder).code == 0
    file = Path(folder) / HOST / "host.yaml"
    file.write_text("completion: event\n" + file.read_text("utf-8"), "utf-8")
    said = connector("check", HOST, "--config", folder, *options)
    assert said.code == 1
    assert "Nobody would ever learn that a task was done" in " ".join(said.out.split())


def test_what_an_event_needs_and_nothing_maps_is_to_be_mended(
    connector: Run, council: Council, tmp_path: Path
) -> None:
    folder = folder_with(council, tmp_path / "mappings", "new_person_id: mergedInto", "# ")
    said = connector("check", HOST, "--config", folder)
    assert said.code == 1
    assert "person_merged needs new_person_id, which is not mapped" in " ".join(said.out.split())


def test_try_says_that_an_event_is_no_form(connector: Run, council: Council) -> None:
    said = connector("try", HOST, sample(council, "task_completed"), "--json", "--answers")
    assert said.code == 0
    assert said.json["status"] == "event"
    assert said.json["line"] == "This is an event (a task was completed), not a form."
    assert (said.json["form"], said.json["tasks"]) == (None, [])
    assert said.json["read"][0]["answers"]["done_on"] == "2026-03-19"


def test_try_fails_on_an_event_that_cannot_be_used(
    connector: Run, council: Council, tmp_path: Path
) -> None:
    event = json.loads(Path(sample(council, "person_merged")).read_text("utf-8"))
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event | {"mergedIntoPersonId": None}), encoding="utf-8")
    said = connector("try", HOST, str(file))
    assert said.code == 1
    assert "it has no new_person_id" in said.out


def test_try_says_that_our_own_write_caused_a_message(
    connector: Run, council: Council, tmp_path: Path
) -> None:
    file = tmp_path / "form.json"
    file.write_text(json.dumps(council.payload() | {"changedBy": "LC_CONNECTOR"}), "utf-8")
    said = connector("try", HOST, str(file), "--json")
    assert (said.code, said.json["status"]) == (0, "echo")


def test_a_timeline_of_an_event_is_empty(connector: Run, council: Council) -> None:
    said = connector("timeline", HOST, sample(council, "worker_left"), "--json").json
    assert said["tasks"] == []
    assert said["ends_because"] == "This is an event (a worker left), not a form."
