"""The stage itself: without a fault everything is there once."""

from fault_stage import Running, Stage
from live_forms import assessment


def test_without_a_fault_everything_is_there_once(stage: Stage, running: Running) -> None:
    running.take(assessment(), "d1")
    running.until_rest()
    assert {each["state"] for each in running.effects()} == {"confirmed"}
    assert {each["reference"] for each in stage.held()} == {
        each["reference"] for each in running.effects()
    }
    assert not stage.copies()
