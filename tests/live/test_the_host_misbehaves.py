"""Every switch of the sandbox, on every kind of call: one object each, or parked and settled."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from live_forms import assessment, new_number
from live_stage import MODES, LiveStage

pytestmark = pytest.mark.live

# Two rounds, so that no host fails three times in a row and counts as down.
ROUNDS = (("outcome", "document", "lookup"), ("note", "task"))
STEPS = (("outcome", "document"), ("case_note", "task T20"))
HURT = {"slow": {"seconds": 1.6}, "503": {"seconds": 0}, "429": {"seconds": 0}}
WHOLE = {"outcomes": 1, "notes": 1, "documents": 1, "tasks": 2}


@dataclass(frozen=True)
class Sent:
    """A form that went to a misbehaving host."""

    submission: str
    person: str


@pytest.fixture(scope="module")
def sent(one_stage: LiveStage) -> Iterator[dict[tuple[str, int], Sent]]:
    """One form in each round to each misbehaving host, all hosts side by side."""
    forms: dict[tuple[str, int], Sent] = {}
    for number, kinds in enumerate(ROUNDS):
        for mode in MODES:
            for kind in kinds:
                one_stage.misbehave(f"host-{mode}", kind, mode, **HURT.get(mode, {}))
            form = assessment()
            submission = one_stage.submit(f"host-{mode}", form)
            forms[mode, number] = Sent(submission, form["person"]["id"])
        for mode in MODES:
            one_stage.settled(forms[mode, number].submission)
    yield forms
    one_stage.behave()


def counted(stage: LiveStage, mode: str, person: str) -> dict[str, int]:
    return {kind: len(held) for kind, held in stage.held(f"host-{mode}", person).items()}


@pytest.mark.parametrize("number", range(len(ROUNDS)))
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "refuse"])
def test_whatever_the_host_does_wrong_once_everything_is_there_once(
    mode: str, number: int, sent: dict[tuple[str, int], Sent], one_stage: LiveStage
) -> None:
    form = sent[mode, number]
    told = one_stage.story(form.submission)
    assert told["state"] == "done", told
    assert counted(one_stage, mode, form.person) == WHOLE
    sends = {each["step"]: each["attempts"] for each in told["effects"]}
    again = mode in ("503", "429")
    assert {sends[step] for step in STEPS[number]} == {2 if again else 1}


@pytest.mark.parametrize("number", range(len(ROUNDS)))
def test_what_the_host_refuses_is_parked_in_plain_words_and_the_rest_is_written(
    number: int, sent: dict[tuple[str, int], Sent], one_stage: LiveStage
) -> None:
    told = one_stage.story(sent["refuse", number].submission)
    assert told["state"] == "parked"
    parked = {each["step"]: each["reason"] for each in told["effects"] if each["state"] == "parked"}
    assert tuple(parked) == STEPS[number]
    for reason in parked.values():
        assert "answered 422: something in it is not allowed." in reason
        assert "IT compares the profile's template" in reason
    others = {each["state"] for each in told["effects"] if each["step"] not in parked}
    assert others == {"confirmed"}


def test_a_person_settles_what_is_parked_by_a_look_or_by_sending_it_again(
    sent: dict[tuple[str, int], Sent], one_stage: LiveStage
) -> None:
    form = sent["refuse", 0]
    several = one_stage.command("resolve", form.submission, "--send-again")
    assert several.returncode == 2
    assert "Several writes of it are parked. Name one:" in several.stderr
    steps = {each["step"]: each for each in one_stage.story(form.submission)["effects"]}
    outcome = steps["outcome"]["effect"]
    looked = one_stage.command("resolve", outcome, "--there", "--json")
    assert json.loads(looked.stdout) == {"effect": outcome, "state": "confirmed"}
    last = one_stage.command("resolve", form.submission, "--send-again")
    assert last.returncode == 0, last.stderr
    assert one_stage.settled(form.submission)["state"] == "done"
    assert counted(one_stage, "refuse", form.person) == WHOLE | {"outcomes": 0}


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
