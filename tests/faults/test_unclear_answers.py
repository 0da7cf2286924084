"""The host has done it and does not say so, or has not done it and does not say that (E1, E2, E6).

Each fault strikes every write of a form: outcome, case note, document and tasks.
"""

from collections import Counter

import pytest
from fault_stage import SETTLE, Running, Stage
from live_forms import assessment

WRITES = 5
DONE = (
    "work then 500",
    "work then 502",
    "work then 504",
    "work then 408",
    "work then 302",
    "work then hang",
    "work then reset",
    "empty 2xx",
    "web page as 2xx",
    "half of the JSON",
    "answer breaks off",
)
of_class_a = pytest.mark.parametrize(
    "stage", [{"idempotency: B": "idempotency: A"}], indirect=True, ids=["class A"]
)
of_class_c = pytest.mark.parametrize(
    "stage", [{"idempotency: B": "idempotency: C"}], indirect=True, ids=["class C"]
)


def states(running: Running) -> Counter[str]:
    return Counter(each["state"].value for each in running.effects())


def tries(running: Running, effect: str) -> list[tuple[str, str]]:
    with running.store.transaction() as tx:
        return [(each["kind"], each["result"]) for each in tx.effects.attempts(effect)]


@pytest.mark.faults("E1", "I1", "I2", "I3", "I5")
@pytest.mark.parametrize("fault", DONE)
def test_what_was_done_without_a_word_is_found_and_not_sent_again(
    fault: str, stage: Stage, running: Running
) -> None:
    stage.script.writes.extend([fault] * WRITES)
    running.take(assessment(), "d1")
    running.until_rest()
    assert states(running) == {"confirmed": WRITES}
    assert stage.script.received == len(stage.held()) == WRITES
    for each in running.effects():
        assert tries(running, each["id"]) == [("send", "unknown"), ("look_up", "confirmed")]


@pytest.mark.faults("E2", "I2")
def test_what_was_not_done_is_sent_once_more_when_the_settle_window_is_over(
    stage: Stage, running: Running
) -> None:
    stage.script.writes.extend(["503 without work"] * WRITES)
    running.take(assessment(), "d1")
    running.until_rest()
    assert states(running) == {"confirmed": WRITES}
    assert (stage.script.received, len(stage.held())) == (2 * WRITES, WRITES)
    for each in running.effects():
        looked = [("look_up", "unknown"), ("look_up", "planned")]
        assert tries(running, each["id"]) == [("send", "unknown"), *looked, ("send", "confirmed")]
        assert each["last_sent"] - each["first_sent"] >= SETTLE


@of_class_a
@pytest.mark.faults("E1", "E7", "I2")
@pytest.mark.parametrize("faults", [DONE[:5], DONE[5:10], DONE[10:]], ids=" + ".join)
def test_a_host_that_knows_our_reference_is_sent_it_again_and_answers_that_it_is_there(
    faults: tuple[str, ...], stage: Stage, running: Running
) -> None:
    stage.host.unique = True
    stage.script.writes.extend(faults)
    running.take(assessment(), "d1")
    running.until_rest()
    assert states(running) == {"confirmed": WRITES}
    assert stage.script.received > WRITES
    assert len(stage.held()) == WRITES


@of_class_c
@pytest.mark.faults("E6", "I2", "I3", "I6")
@pytest.mark.parametrize(
    "faults", [DONE[:5], DONE[5:10], (*DONE[10:], "503 without work")], ids=" + ".join
)
def test_a_host_that_cannot_be_searched_is_never_sent_a_second_one(
    faults: tuple[str, ...], stage: Stage, running: Running
) -> None:
    stage.script.writes.extend(faults)
    running.take(assessment(), "d1")
    running.until_rest()
    parked = running.effects("parked")
    assert len(parked) == len(faults)
    assert all('"it is there" or "send again"' in each["reason"] for each in parked)
    running.later(days=30)
    running.until_rest()
    assert stage.script.received == len(running.effects())  # and nothing was sent twice
