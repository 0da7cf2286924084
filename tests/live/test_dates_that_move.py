"""An action gets another date: the task in the host's inbox is the same, with the new date."""

import pytest
from live_forms import assessment, from_today, later, new_number
from live_stage import LiveStage

pytestmark = pytest.mark.live


def test_a_task_in_an_inbox_gets_its_new_date_where_it_is(stage: LiveStage) -> None:
    person = new_number()
    action = {"what": "Ring the landlord", "who": "pa", "due_on": from_today(3)}
    first = assessment({"actions": [action]}, person_id=person)
    stage.done("south", first)
    (before,) = (t for t in stage.held("south", person)["tasks"] if t["title"] == action["what"])
    moved = action | {"due_on": from_today(30)}
    stage.done("south", later(first, version=2, actions=[moved]))
    (after,) = (t for t in stage.held("south", person)["tasks"] if t["title"] == action["what"])
    assert after["due_on"] > before["due_on"]
    for same in ("id", "reference", "state", "opens_on", "assignee"):
        assert after[same] == before[same], same
