"""Every switch of the sandbox, on every kind of call: one object each, or parked and settled."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from live_forms import assessment, new_number
from live_stage import MODES, LiveStage

pytestmark = pytest.mark.live

# Two rounds, so that no host fails three times in a row and counts as down.
ROUNDS = (("outcome", "document", "lookup"), ("note", "task"))
STEPS = (("outcome", "document"), ("case_note", "task T20"))
HURT = {"slow": {"seconds": 1.6}, "503": {"seconds": 0}, "429": {"seconds": 0}}
SENT_AGAIN = ("503", "429")
WHOLE = {"outcomes": 1, "notes": 1, "documents": 1, "tasks": 2}


@dataclass(frozen=True)
class Sent:
    """A form that went to a misbehaving host."""

    submission: str
    person: str


def send(stage: LiveStage, mode: str, kinds: Iterable[str]) -> Sent:
    """A form to the host of this mode, which misbehaves once for each of these kinds of call."""
    for kind in kinds:
        stage.misbehave(f"host-{mode}", kind, mode, **HURT.get(mode, {}))
    form = assessment()
    return Sent(stage.submit(f"host-{mode}", form), form["person"]["id"])


def counted(stage: LiveStage, mode: str, person: str) -> dict[str, int]:
    return {kind: len(held) for kind, held in stage.held(f"host-{mode}", person).items()}


def test_whatever_the_host_does_wrong_once_everything_is_there_once(stage: LiveStage) -> None:
    modes = [mode for mode in MODES if mode != "refuse"]
    for kinds, steps in zip(ROUNDS, STEPS, strict=True):
        sent = {mode: send(stage, mode, kinds) for mode in modes}
        stories = {mode: stage.settled(each.submission) for mode, each in sent.items()}
        assert {mode: told["state"] for mode, told in stories.items()} == dict.fromkeys(
            modes, "done"
        )
        for mode, each in sent.items():
            assert counted(stage, mode, each.person) == WHOLE, mode
            sends = {told["step"]: told["attempts"] for told in stories[mode]["effects"]}
            wanted = 2 if mode in SENT_AGAIN else 1
            assert {sends[step] for step in steps} == {wanted}, mode


@pytest.mark.faults("E7", "I6")
def test_what_the_host_refuses_is_parked_in_plain_words_and_a_person_settles_it(
    stage: LiveStage,
) -> None:
    for kinds, steps in zip(ROUNDS, STEPS, strict=True):
        form = send(stage, "refuse", kinds)
        told = stage.settled(form.submission)
        assert told["state"] == "parked"
        effects = {each["step"]: each for each in told["effects"]}
        parked = {step: each for step, each in effects.items() if each["state"] == "parked"}
        assert tuple(parked) == steps
        for each in parked.values():
            assert "answered 422: something in it is not allowed." in each["reason"]
            assert "IT compares the profile's template" in each["reason"]
        others = {each["state"] for step, each in effects.items() if step not in parked}
        assert others == {"confirmed"}

    several = stage.command("resolve", form.submission, "--send-again")
    assert several.returncode == 2
    assert "Several writes of it are parked. Name one:" in several.stderr
    note = parked["case_note"]["effect"]
    looked = stage.command("resolve", note, "--there", "--json")
    assert json.loads(looked.stdout) == {"effect": note, "state": "confirmed"}
    last = stage.command("resolve", form.submission, "--send-again")
    assert last.returncode == 0, last.stderr
    assert stage.settled(form.submission)["state"] == "done"
    assert counted(stage, "refuse", form.person) == WHOLE | {"notes": 0}


@pytest.mark.faults("R6")
def test_a_copy_of_a_form_whose_writes_are_parked_says_so_and_sends_nothing(
    stage: LiveStage,
) -> None:
    form = assessment()
    delivery = f"parked-{new_number()}"
    stage.misbehave("north", "outcome", "refuse")
    submission = stage.send("north", form, delivery=delivery).json()["submission"]
    assert stage.settled(submission)["state"] == "parked"
    again = stage.send("north", form, delivery=delivery).json()
    assert (again["state"], again["duplicate"]) == ("parked", True)
    assert stage.held("north", form["person"]["id"])["outcomes"] == []


def test_a_host_that_fails_for_one_person_does_not_hold_up_another(stage: LiveStage) -> None:
    troubled, other = assessment(), assessment()
    stage.misbehave("north", "task", "work-then-500")
    first, second = stage.submit("north", troubled), stage.submit("south", other)
    assert stage.settled(second)["state"] == "done"
    assert stage.settled(first)["state"] == "done"
    assert len(stage.held("north", troubled["person"]["id"])["tasks"]) == 2
