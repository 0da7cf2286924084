"""A look-up that fails, is behind, comes in pages or finds two; a host that renames (E4, E5)."""

from typing import Any

import pytest
from fault_stage import Running, Stage
from live_forms import assessment

WRITES = 5
LOST = "503 without work"
ALIKE = 5
BY_TITLE = {
    'text: "{{ text }}"\n      success': 'text: "{{ text }} "\n      success',
    'title: "{{ title }}"\n        text: "{{ text }} "': 'title: "{{ title }} [{{ reference }}]"\n'
    '        text: "{{ text }}"',
    '"/notes?reference={{ reference }}", items: items, next: next, reference: reference': (
        '"/notes?reference={{ reference }}", items: items, next: next, reference: title, '
        'reference_pattern: "lcf-[0-9a-f]{20}"'
    ),
}
by_title = pytest.mark.parametrize("stage", [BY_TITLE], indirect=True, ids=["by title"])


def owed(stage: Stage, running: Running, fault: str) -> dict[str, Any]:
    """A form, read but not written yet; the fault will strike its note, which is given."""
    stage.script.writes.extend(["", fault])
    running.take(assessment(), "d1")
    running.duties.process_waiting()
    return note(running)


def note(running: Running) -> dict[str, Any]:
    return next(each for each in running.effects() if each["kind"] == "case_note")


@pytest.mark.faults("E4", "I2")
@pytest.mark.parametrize(("fault", "sends"), [("work then 500", 1), (LOST, 2)])
def test_while_nobody_can_look_nothing_is_sent_again(
    fault: str, sends: int, stage: Stage, running: Running
) -> None:
    owed(stage, running, fault)
    stage.script.reads.extend(["look-up 502"] * 6)
    running.work()
    assert (note(running)["state"].value, note(running)["misses"]) == ("unknown", 0)
    running.until_rest()
    assert (note(running)["attempts"], stage.script.received) == (sends, WRITES + sends - 1)


@pytest.mark.faults("E4", "I2")
def test_a_replica_that_is_behind_is_asked_a_second_time(stage: Stage, running: Running) -> None:
    owed(stage, running, "work then 504")
    stage.script.reads.append("stale replica")
    running.work()
    assert (note(running)["state"].value, note(running)["misses"]) == ("unknown", 1)
    running.until_rest()
    assert (note(running)["state"].value, stage.script.received) == ("confirmed", WRITES)


@pytest.mark.faults("E4", "I2")
def test_what_stands_on_the_third_page_is_found(stage: Stage, running: Running) -> None:
    reference = owed(stage, running, "work then 500")["reference"]
    for number in range(25):
        stage.host.held.add("note", f"{reference[:ALIKE]}{number:019}", "1", {"title": "Call"})
    running.until_rest()
    assert (note(running)["state"].value, stage.script.received) == ("confirmed", WRITES)


@pytest.mark.faults("E4", "I3", "I6")
def test_two_of_one_reference_raise_an_alarm_and_never_a_third(
    stage: Stage, running: Running
) -> None:
    ours = owed(stage, running, "work then 500")
    copy = stage.host.held.add("note", ours["reference"], ours["person_id"], {"title": "Copy"})
    running.until_rest()
    assert note(running)["state"].value == "parked"
    assert note(running)["reason"].startswith("ALARM: the host holds 2 copies")
    running.later(days=2)
    running.until_rest()
    assert stage.script.received == WRITES
    stage.host.held.remove(copy.number)


@by_title
@pytest.mark.faults("E5", "I2")
def test_what_the_host_renamed_is_found_by_the_reference_in_its_title(
    stage: Stage, running: Running
) -> None:
    stage.host.renames = True
    ours = owed(stage, running, "work then 500")
    running.until_rest()
    (held,) = stage.held("note")
    assert held["title"].endswith(f"[{ours['reference']}] ({held['id']})")
    assert (note(running)["state"].value, stage.script.received) == ("confirmed", WRITES)


@by_title
@pytest.mark.faults("E3", "E5", "I3", "I6")
def test_a_copy_that_was_renamed_is_seen_all_the_same(stage: Stage, running: Running) -> None:
    stage.host.renames = True
    owed(stage, running, "late commit when let go")
    running.until_rest()
    stage.host.let_go()
    running.later(days=1, minutes=1)
    running.visit()
    assert note(running)["reason"].startswith("ALARM: the host holds 2 copies")
    stage.host.held.remove(stage.held("note")[1]["id"])
