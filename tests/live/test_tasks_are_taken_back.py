"""A death, or a form that is withdrawn: what happens to the tasks in the host's inboxes."""

from typing import Any

import pytest
from live_forms import assessment, from_today, later, new_number, with_group
from live_stage import LiveStage, wait_for

pytestmark = pytest.mark.live


def states(stage: LiveStage, person: str) -> dict[str, str]:
    """How each task of a person stands in the sandbox, by its title."""
    return {each["title"]: each["state"] for each in stage.held("south", person)["tasks"]}


def with_action(person: str, what: str) -> dict[str, Any]:
    action = {"what": what, "who": "pa", "due_on": from_today(3)}
    return assessment({"actions": [action]}, person_id=person)


def test_after_a_death_open_tasks_are_cancelled_and_unsent_ones_never_come(
    stage: LiveStage,
) -> None:
    person = new_number()
    stage.done("south", with_action(person, "Ring the landlord"))
    assert states(stage, person)["Ring the landlord"] == "open"
    for kind in ("outcome", "note", "document", "task"):
        stage.misbehave("south", kind, "503", probability=1, seconds=0)
    unsent = with_action(person, "Ring the school")
    second = stage.submit("south", unsent)
    wait_for(lambda: stage.story(second), lambda told: told["state"] == "working")
    death = stage.submit(
        "south", with_group(later(unsent, version=2), "person", date_of_death=from_today(-1))
    )
    wait_for(lambda: stage.story(death), lambda told: told["state"] == "working")
    stage.behave()
    told = stage.settled(death)
    assert told["state"] == "done"
    assert stage.settled(second)["state"] == "done"
    there = states(stage, person)
    assert "Ring the school" not in there
    assert set(there.values()) == {"cancelled"}
    reasons = {each["reason"] for each in stage.held("south", person)["tasks"]}
    assert reasons == {"No longer needed."}


def test_a_withdrawn_form_takes_back_its_own_tasks_only(stage: LiveStage) -> None:
    person = new_number()
    first = with_action(person, "Ring the landlord")
    stage.done("south", first)
    stage.done("south", with_action(person, "Ring the school"))
    stage.done("south", with_group(later(first, version=2), "form", status="withdrawn"))
    there = states(stage, person)
    assert (there["Ring the landlord"], there["Ring the school"]) == ("cancelled", "open")
