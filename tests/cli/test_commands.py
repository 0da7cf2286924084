"""The commands: what they print for people and for programs, and their exit codes."""

import base64
import json
import socket
import sys
from pathlib import Path

import pytest
from cli_council import HOST, OTHER_FORM, OTHER_HOST, Council, Run

from connector.assembly import utc_now
from connector.cli import COMMANDS
from connector.policy.words import TASK_TITLES
from connector.store.effect_row import EffectState, TryKind, Turn
from connector.store.follow_up_row import FollowUpState
from connector.vault import new_key_text

SUBMISSION = {
    "submission", "host", "received_at", "state", "reason", "form", "form_id", "version",
    "person_ids", "status",
}  # fmt: skip
STORY = SUBMISSION | {"line", "problems", "effects", "follow_ups", "quarantined"}
EFFECT = {
    "effect", "step", "state", "reference", "host_reference", "reason", "next_try_at", "attempts",
}  # fmt: skip
FOLLOW_UP = {
    "host", "person_id", "task", "rule", "reference", "title", "inbox", "assignee", "opens_on",
    "due_on", "state", "because", "reason",
}  # fmt: skip
TRY = {
    "form", "person_id", "status", "line", "write_back", "attachment", "problems", "tasks",
}  # fmt: skip
TASK = {"task", "rule", "title", "inbox", "assignee", "opens_on", "due_on", "because"}


@pytest.fixture
def file(council: Council, tmp_path: Path) -> Path:
    path = tmp_path / "form.json"
    path.write_text(json.dumps(council.payload()), encoding="utf-8")
    return path


def park(council: Council, submission: str, *steps: str) -> list[str]:
    """The host refused these; their ids."""
    parked = []
    with council.store() as store, store.transaction() as tx:
        now = utc_now()
        for row in tx.effects.of_submission(submission):
            if row.step in steps:
                refused = Turn(TryKind.SEND, EffectState.PARKED, now, now, "It refuses this.", 422)
                assert tx.effects.record(row, refused)
                parked.append(row.id)
    return parked


def test_help_lists_every_command_with_what_it_does(connector: Run) -> None:
    said = connector("--help")
    assert said.code == 0
    for name, (_, words) in COMMANDS.items():
        assert any(line.split()[:1] == [name] for line in said.out.splitlines()), name
        assert words in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, connector: Run) -> None:
    said = connector(name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: connector {name}") or "Usage:" in said.out


def test_try_prints_the_object_programs_rely_on(connector: Run, file: Path) -> None:
    said = connector("try", HOST, str(file), "--json")
    assert said.code == 0
    assert set(said.json) == TRY
    assert said.json["status"] == "tailored_support_active"
    assert all(set(each) == TASK for each in said.json["tasks"])
    days = [(each["due_on"], each["task"]) for each in said.json["tasks"]]
    assert days == sorted(days)


def test_try_leaves_with_one_where_the_form_has_an_error(
    connector: Run, council: Council, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(council.payload() | {"dob": "31/02/2005"}), encoding="utf-8")
    said = connector("try", HOST, str(wrong), "--json")
    assert said.code == 1
    assert said.json["status"] == "needs_attention"
    assert [each["task"] for each in said.json["tasks"]] == ["T90"]


def test_try_for_people_shows_the_outcome_and_a_table(connector: Run, file: Path) -> None:
    said = connector("try", HOST, str(file))
    assert said.code == 0
    assert "tailored_support_active" in said.out
    assert TASK_TITLES["T01"] in said.out


def test_try_reads_standard_input(
    connector: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file.open(encoding="utf-8") as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        said = connector("try", HOST, "-", "--json")
    assert (said.code, said.json["form"]) == (0, "tailored_support_agreement")


def test_timeline_prints_tasks_in_order_and_where_they_end(connector: Run, file: Path) -> None:
    said = connector("timeline", HOST, str(file), "--json")
    assert said.code == 0
    assert set(said.json) == {"tasks", "ends_on", "ends_because"}
    due = [each["due_on"] for each in said.json["tasks"]]
    assert due == sorted(due)
    assert said.json["ends_on"]


def test_a_timeline_of_a_form_the_host_does_not_know_is_a_problem_found(
    connector: Run, tmp_path: Path
) -> None:
    strange = tmp_path / "strange.json"
    strange.write_text('{"form": 1}', encoding="utf-8")
    said = connector("timeline", HOST, str(strange))
    assert said.code == 1
    assert "The message has no eventType, which accept_if asks for." in said.out


def test_a_wrong_host_is_answered_with_those_there_are(connector: Run, file: Path) -> None:
    said = connector("try", "fla", str(file))
    assert said.code == 2
    assert "There is no host called fla. There are: flat, question-code." in said.err


def test_a_missing_file_is_wrong_use(connector: Run) -> None:
    said = connector("try", HOST, "nowhere.json")
    assert said.code == 2
    assert "nowhere.json" in said.err


def test_a_file_that_is_no_json_is_wrong_use(connector: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>", encoding="utf-8")
    said = connector("try", HOST, str(tmp_path / "page.html"))
    assert said.code == 2
    assert "page.html" in said.err
    assert "Traceback" not in said.err


def test_a_date_typed_another_way_is_wrong_use(connector: Run, file: Path) -> None:
    said = connector("try", HOST, str(file), "--as-of", "27/03/2026")
    assert said.code == 2
    assert "Write it as 2026-03-27." in said.err


def test_an_unknown_command_is_wrong_use(connector: Run) -> None:
    assert connector("reply").code == 2


def test_submissions_lists_newest_first_and_can_be_narrowed(
    connector: Run, council: Council
) -> None:
    first = council.take(council.payload())
    second = council.take(council.payload() | {"eventType": "NOTE_ADDED"}, delivery="d2")
    said = connector("submissions", "--json")
    assert said.code == 0
    assert [each["submission"] for each in said.json] == [second, first]
    assert all(set(each) == SUBMISSION for each in said.json)
    narrowed = connector("submissions", "--state", "working", "--json").json
    assert [each["submission"] for each in narrowed] == [first]
    assert first in connector("submissions").out


def test_show_tells_the_whole_story(connector: Run, council: Council) -> None:
    submission = council.take(council.payload())
    story = connector("show", submission, "--json").json
    assert set(story) == STORY
    assert story["status"] == "tailored_support_active"
    assert [each["step"] for each in story["effects"]][:3] == ["outcome", "case_note", "document"]
    assert all(set(each) == EFFECT for each in story["effects"])
    assert {each["task"] for each in story["follow_ups"]} >= {"T01", "T02"}
    for_people = connector("show", submission)
    assert for_people.code == 0
    assert "Writes to the host" in for_people.out


def test_show_tells_of_another_body_that_came_under_the_same_delivery_id(
    connector: Run, council: Council
) -> None:
    submission = council.take(council.payload())
    council.take(council.payload() | {"another": "body"})
    [aside] = connector("show", submission, "--json").json["quarantined"]
    assert aside["reason"] == "another body came under the same delivery id"
    assert aside["id"] in connector("show", submission).out


def test_follow_ups_are_listed_for_one_person(connector: Run, council: Council) -> None:
    council.take(council.payload())
    council.take(council.payload(OTHER_HOST, OTHER_FORM), OTHER_HOST, delivery="d2")
    said = connector("follow-ups", "--person", "400123", "--json")
    assert said.code == 0
    assert said.json
    assert all(set(each) >= FOLLOW_UP for each in said.json)
    assert {each["stands"] for each in said.json} >= {"waits for its day"}
    assert {each["person_id"] for each in said.json} == {"400123"}
    assert {each["host"] for each in connector("follow-ups", "--json").json} == {HOST, OTHER_HOST}


def test_follow_ups_of_one_state_are_listed_in_words(connector: Run, council: Council) -> None:
    council.take(council.payload())
    said = connector("follow-ups", "--state", "planned", "--json")
    assert {each["state"] for each in said.json} == {"planned"}
    assert "waits for its day" in connector("follow-ups").out


def test_a_follow_up_says_whose_inbox_it_is_for(connector: Run, council: Council) -> None:
    council.take(council.payload())
    with council.store() as store, store.transaction() as tx:
        (contact,) = tx.follow_ups.listing(HOST, task="T01")
        tx.follow_ups.open(contact, contact.inbox, "W9", None)
    whose = {each["task"]: each["whose"] for each in connector("follow-ups", "--json").json}
    assert (whose["T01"], whose["T02"]) == ("worker W9", "worker")
    assert "worker W9" in connector("follow-ups").out


def test_show_says_how_a_parked_write_is_settled(connector: Run, council: Council) -> None:
    submission = council.take(council.payload())
    assert "connector resolve" not in connector("show", submission).out
    (parked,) = park(council, submission, "outcome")
    said = " ".join(connector("show", submission).out.split())
    assert f"connector resolve {parked} --there" in said


def test_whoever_lacks_a_next_step_is_listed_and_nobody_is_no_problem(
    connector: Run, council: Council
) -> None:
    council.take(council.payload())
    assert connector("follow-ups", "--gaps").code == 0
    with council.store() as store, store.transaction() as tx:
        (contact,) = tx.follow_ups.listing(HOST, task="T01")
        tx.follow_ups.leave(contact, FollowUpState.CANCELLED, "Lost.")
    said = connector("follow-ups", "--gaps", "--json")
    assert said.code == 1
    assert [(each["person_id"], each["task"]) for each in said.json] == [("400123", "T01")]


def test_replay_puts_a_submission_back_into_the_queue(connector: Run, council: Council) -> None:
    submission = council.take(council.payload())
    said = connector("replay", submission, "--json")
    assert (said.code, said.json) == (0, {"submission": submission, "state": "received"})
    assert connector("submissions", "--state", "received", "--json").json


@pytest.mark.parametrize("command", ["show", "replay"])
def test_an_unknown_submission_is_wrong_use_and_says_where_to_look(
    command: str, connector: Run
) -> None:
    said = connector(command, "sub_nothing")
    assert said.code == 2
    assert "There is no submission sub_nothing." in said.err


@pytest.mark.parametrize(
    ("option", "state"), [("--there", "confirmed"), ("--send-again", "planned")]
)
def test_resolve_settles_the_one_parked_write_of_a_submission(
    option: str, state: str, connector: Run, council: Council
) -> None:
    submission = council.take(council.payload())
    (effect,) = park(council, submission, "outcome")
    said = connector("resolve", submission, option, "--json")
    assert (said.code, said.json) == (0, {"effect": effect, "state": state})


def test_resolve_asks_which_where_several_are_parked(connector: Run, council: Council) -> None:
    submission = council.take(council.payload())
    parked = park(council, submission, "outcome", "document")
    said = connector("resolve", submission, "--there")
    assert said.code == 2
    assert all(each in said.err for each in parked)
    assert connector("resolve", parked[1], "--there").code == 0


def test_resolve_wants_to_know_how(connector: Run) -> None:
    said = connector("resolve", "eff_1")
    assert said.code == 2
    assert "Say --there or --send-again" in said.err


def test_resolve_of_what_is_not_parked_changes_nothing(connector: Run, council: Council) -> None:
    submission = council.take(council.payload())
    said = connector("resolve", submission, "--there")
    assert said.code == 2
    assert f"Nothing is parked under {submission}." in said.err


def test_nothing_is_coloured_where_the_output_goes_to_a_program_or_no_color_is_set(
    connector: Run, council: Council, file: Path
) -> None:
    council.take(council.payload())
    for said in (
        connector("submissions", NO_COLOR="1"),
        connector("try", HOST, str(file), NO_COLOR="1"),
        connector("submissions"),
    ):
        assert "\x1b" not in said.out


def test_init_writes_a_folder_that_passes_check(connector: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    said = connector("init", str(fresh))
    assert said.code == 0
    assert f"connector check --config {fresh}" in said.out
    checked = connector("check", "--config", str(fresh))
    assert checked.code == 0, checked.out
    assert connector("--config", str(fresh), "check", HOST).code == 0


def test_init_changes_nothing_in_a_folder_that_is_not_empty(connector: Run, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    said = connector("init", str(tmp_path / "full"))
    assert said.code == 2
    assert "is not empty" in said.err
    assert [each.name for each in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_mistake_in_the_configuration_is_named_with_file_and_line(
    connector: Run, council: Council, tmp_path: Path, file: Path
) -> None:
    connector("init", str(tmp_path / "mine"))
    mapping = tmp_path / "mine" / HOST / "tailored_support_agreement.yaml"
    mapping.write_text(mapping.read_text("utf-8") + "  no_such_field: x\n", encoding="utf-8")
    for arguments in (["check"], ["try", HOST, str(file)]):
        said = connector(*arguments, "--config", str(tmp_path / "mine"))
        assert said.code == (1 if arguments == ["check"] else 2)
        assert "flat/tailored_support_agreement.yaml:" in said.out + said.err
        assert "no_such_field" in said.out + said.err


def test_keys_prints_a_key_the_connector_takes(connector: Run) -> None:
    said = connector("keys", "--name", "spring")
    name, _, text = said.out.strip().partition(":")
    assert (said.code, name, len(base64.b64decode(text))) == (0, "spring", 32)
    assert connector("submissions", CONNECTOR_KEYS=said.out.strip()).code == 0


def test_a_missing_key_is_told_with_the_way_to_make_one(connector: Run) -> None:
    said = connector("submissions", CONNECTOR_KEYS="")
    assert said.code == 2
    assert "CONNECTOR_KEYS" in said.err
    assert "connector keys" in said.err


def test_another_key_than_the_databases_is_told_and_changes_nothing(
    connector: Run, council: Council
) -> None:
    submission = council.take(council.payload())
    said = connector("submissions", CONNECTOR_KEYS=new_key_text())
    assert said.code == 2
    assert "Nothing was changed" in said.err
    assert connector("show", submission).code == 0


@pytest.mark.parametrize("command", ["work", "serve"])
def test_what_a_service_lacks_at_its_start_is_told_all_together(
    command: str, connector: Run
) -> None:
    said = connector(command)
    assert said.code == 2
    lacking = "SANDBOX_URL" if command == "work" else "_WEBHOOK_SECRET"
    assert lacking in said.err
    for host in (HOST, OTHER_HOST):
        assert f"{host}: " in said.err
    assert "Traceback" not in said.err


def test_an_address_that_is_taken_is_told_in_plain_words(connector: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        secrets = {"FLAT_WEBHOOK_SECRET": "s" * 32, "QUESTION_CODE_WEBHOOK_SECRET": "s" * 32}
        said = connector("serve", CONNECTOR_LISTEN=f"127.0.0.1:{port}", **secrets)
    assert said.code == 2
    assert f"127.0.0.1:{port}" in said.err
    assert "Traceback" not in said.err
