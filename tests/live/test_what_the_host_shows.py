"""What people see in the host: the document, the inboxes, the correction task, the limits."""

import io

import pytest
from live_forms import ACTION, MANAGER, TEAM, WORKER, assessment, from_today
from live_stage import LABEL, LiveStage
from pypdf import PdfReader

from connector.policy.words import TASK_TITLES

pytestmark = pytest.mark.live


def inboxes(stage: LiveStage, person: str) -> dict[str, tuple[str, str]]:
    """Title of each task of a person, and whose inbox it is in."""
    return {
        each["title"]: (each["assignee"]["kind"], each["assignee"]["id"])
        for each in stage.held("north", person)["tasks"]
    }


def test_the_document_is_a_tagged_pdf_that_reads_in_the_order_of_the_form(
    stage: LiveStage,
) -> None:
    form = assessment(
        {
            "area_accommodation_summary": "A flat of her own near Llŷn.",
            "area_health_summary": "Seen by a doctor in May. #strong[not bold]",
            "area_financial_summary": "Saves a little every month.",
        }
    )
    stage.done("north", form)
    (document,) = stage.held("north", form["person"]["id"])["documents"]
    content = stage.document("north", document["id"])
    reader = PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    expected = [
        "Accommodation and independence",
        "A flat of her own near Llŷn.",
        "Health, mental health and wellbeing",
        "Seen by a doctor in May. #strong[not bold]",
        "Saves a little every month.",
        f"Ring {ACTION}",
    ]
    places = [text.find(each, text.find("What is happening")) for each in expected]
    assert -1 not in places
    assert places == sorted(places)


def test_a_form_with_errors_makes_one_task_for_its_author_that_lists_all_of_them(
    stage: LiveStage,
) -> None:
    form = assessment(
        {"level_of_support": "plenty", "outcome": "", "assessor_role": "nobody"},
        completed_by={"id": "4711", "role": "Duty worker"},
    )
    told = stage.done("north", form)
    assert told["status"] == "needs_attention"
    held = stage.held("north", form["person"]["id"])
    assert (held["documents"], held["notes"]) == ([], [])
    (outcome,) = held["outcomes"]
    assert outcome["status"] == "needs_attention"
    (task,) = held["tasks"]
    assert task["assignee"] == {"kind": "worker", "id": "4711"}
    for problem in told["problems"]:
        assert problem["message"] in task["text"]
    for label in (LABEL, "Outcome of the assessment", "Who did this assessment?"):
        assert label in task["text"]


def test_without_a_worker_the_team_gets_the_tasks_and_somebody_is_asked_to_name_one(
    stage: LiveStage,
) -> None:
    form = assessment(worker={})
    stage.done("north", form)
    there = inboxes(stage, form["person"]["id"])
    assert there[f"Ring {ACTION}"] == ("team", TEAM)
    assert there[TASK_TITLES["T91"]] == ("manager", MANAGER)


def test_without_a_manager_the_managers_tasks_go_to_the_team(stage: LiveStage) -> None:
    form = assessment({"manager_discussion_on": ""}, manager={})
    stage.done("north", form)
    there = inboxes(stage, form["person"]["id"])
    assert there[TASK_TITLES["T24"]] == ("team", TEAM)
    assert there[f"Ring {ACTION}"] == ("worker", WORKER)


def test_without_any_of_them_the_team_of_the_profile_gets_everything(stage: LiveStage) -> None:
    form = assessment({"manager_discussion_on": ""}, worker={}, manager={}, team={})
    stage.done("north", form)
    assert set(inboxes(stage, form["person"]["id"]).values()) == {("team", "leaving-care")}


def test_a_very_long_action_is_cut_in_the_title_and_whole_in_the_text(stage: LiveStage) -> None:
    action = " ".join(f"Word{number}" for number in range(80))
    assert len(action) > 600 - 60
    form = assessment({"actions": [{"what": action, "who": "pa", "due_on": from_today(3)}]})
    stage.done("north", form)
    tasks = stage.held("north", form["person"]["id"])["tasks"]
    (task,) = (each for each in tasks if each["title"].startswith("Word0"))
    assert len(task["title"]) <= 200
    assert action in task["text"]


def test_a_very_long_record_number_still_makes_a_short_document_name(stage: LiveStage) -> None:
    form = assessment(person_id="P" * 36)
    stage.done("north", form)
    (document,) = stage.held("north", "P" * 36)["documents"]
    assert len(document["name"]) <= 80
    assert document["name"].endswith(" v1.pdf")
