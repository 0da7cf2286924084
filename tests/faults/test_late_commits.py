"""The gateway gives up, and the host does the work later, within the settle window or not (E3)."""

import pytest
from fault_stage import SETTLE, Running, Stage
from live_forms import assessment

from connector.casework.doubles import DOUBLES
from connector.dispatch.waits import LAST_LOOK

LATE = "late commit when let go"


def after_the_gateway_gave_up(stage: Stage, running: Running, number: int) -> str:
    """A form of which this write was answered with 504; its reference."""
    stage.script.writes.extend(["", "", "", "", ""])
    stage.script.writes[number] = LATE
    running.take(assessment(), "d1")
    running.work()
    (unknown,) = running.effects("unknown")
    return str(unknown["reference"])


def copies(stage: Stage, reference: str) -> list[str]:
    """How each copy stands in the host, the older first."""
    found = [each for each in stage.held() if each["reference"] == reference]
    return [each.get("state", "there") for each in found]


def numbers(stage: Stage, reference: str) -> list[str]:
    return [each["id"] for each in stage.held() if each["reference"] == reference]


@pytest.mark.faults("E3", "I2")
@pytest.mark.parametrize("number", range(5))
def test_a_commit_within_the_settle_window_makes_one_object(
    number: int, stage: Stage, running: Running
) -> None:
    reference = after_the_gateway_gave_up(stage, running, number)
    running.later(seconds=SETTLE.total_seconds() - 1)
    stage.host.let_go()
    running.until_rest()
    assert (len(copies(stage, reference)), stage.script.received) == (1, 5)
    assert {each["state"].value for each in running.effects()} == {"confirmed"}


def visits(running: Running) -> None:
    """The rounds of the next day, and what they ask for."""
    running.later(seconds=LAST_LOOK.total_seconds() + 1)
    running.visit()
    running.until_rest()


def found(running: Running) -> int:
    with running.store.transaction() as tx:
        return sum(tx.persons.rounds(DOUBLES).values())


@pytest.mark.faults("E3", "I2", "I3")
def test_a_task_that_comes_after_the_settle_window_is_found_and_the_younger_closed(
    stage: Stage, running: Running
) -> None:
    reference = after_the_gateway_gave_up(stage, running, 3)
    running.until_rest()
    assert copies(stage, reference) == ["open"]
    stage.host.let_go()
    assert copies(stage, reference) == ["open", "open"]
    visits(running)
    assert (copies(stage, reference), found(running)) == (["open", "cancelled"], 1)
    (doubled,) = [each for each in running.effects() if each["reference"] == reference]
    assert doubled["state"].value == "confirmed"
    assert doubled["reason"].startswith("ALARM: the host held 2 copies")
    visits(running)
    assert found(running) == 1


@pytest.mark.faults("E3", "E4", "I3", "I6")
def test_a_note_that_comes_after_the_settle_window_is_shown_to_a_person(
    stage: Stage, running: Running
) -> None:
    reference = after_the_gateway_gave_up(stage, running, 1)
    running.until_rest()
    stage.host.let_go()
    visits(running)
    (parked,) = running.effects("parked")
    assert (parked["reference"], found(running)) == (reference, 1)
    assert parked["reason"].startswith("ALARM: the host holds 2 copies")
    visits(running)
    assert stage.script.received == 6
    stage.host.held.remove(numbers(stage, reference)[1])
