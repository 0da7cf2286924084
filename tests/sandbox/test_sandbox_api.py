"""The REST API of the sandbox keeps its contract."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Api = Callable[..., TestResponse]
OUTCOME = {"reference": "r-1", "status": "open", "line": "The case stays open.", "details": {}}


def test_a_call_without_the_token_is_refused(browser: FlaskClient) -> None:
    for authorization in (None, "Bearer wrong", "a-token", "Bearer ü"):
        headers = {"Authorization": authorization} if authorization else {}
        answer = browser.get("/registers/flat/api/everything", headers=headers)
        assert answer.status_code == 401
        assert answer.mimetype == "application/problem+json"


def test_an_outcome_is_written_and_found_by_its_exact_reference(api: Api) -> None:
    made = api("post", "/people/400123/outcomes", json=OUTCOME)
    assert made.status_code == 201
    found = api("get", "/outcomes?reference=r-1").get_json()
    assert found == {"items": [{"id": made.get_json()["id"], "reference": "r-1"}]}
    for other in ("r-", "R-1", "r-1 ", "r-11", "%25"):
        assert api("get", f"/outcomes?reference={other}").get_json() == {"items": []}


def test_a_look_up_needs_a_reference(api: Api) -> None:
    assert api("get", "/tasks").status_code == 400
    assert api("get", "/tasks?reference=").status_code == 400


def test_two_writes_with_one_reference_make_two_entries(api: Api, task: dict[str, Any]) -> None:
    first, second = (api("post", "/tasks", json=task).get_json()["id"] for _ in range(2))
    items = api("get", f"/tasks?reference={task['reference']}").get_json()["items"]
    assert [item["id"] for item in items] == [first, second]


def test_registers_do_not_see_each_other(api: Api) -> None:
    api("post", "/people/400123/outcomes", json=OUTCOME)
    assert api("get", "/outcomes?reference=r-1", register="fhir").get_json() == {"items": []}
    assert api("get", "/people/400123", register="fhir").status_code == 404


def test_a_person_is_made_by_the_first_write(api: Api) -> None:
    assert api("get", "/people/400123").status_code == 404
    note = {"reference": "r-2", "title": "A title", "text": "Ŵyn, żółć"}
    assert api("post", "/people/400123/notes", json=note).status_code == 201
    assert api("get", "/people/400123").get_json()["id"] == "400123"


def test_everything_lists_all_of_a_register(api: Api, task: dict[str, Any]) -> None:
    api("post", "/people/400123/outcomes", json=OUTCOME)
    api("post", "/tasks", json=task)
    held = api("get", "/everything").get_json()
    assert [outcome["line"] for outcome in held["outcomes"]] == ["The case stays open."]
    assert held["tasks"][0]["assignee"] == task["assignee"]
    assert (held["notes"], held["documents"]) == ([], [])
    assert [person["id"] for person in held["people"]] == ["400123"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"title": " "}, "title"),
        ({"assignee": {"kind": "person", "id": "1"}}, "assignee.kind"),
        ({"assignee": {"kind": "worker"}}, "id"),
        ({"assignee": None}, "assignee.kind"),
        ({"due_on": "16/06/2026"}, "due_on"),
        ({"due_on": "2026-02-31"}, "due_on"),
        ({"due_on": "20260616"}, "due_on"),
        ({"reference": ""}, "reference"),
        ({"person_id": "1" * 37}, "person_id"),
        ({"text": 3}, "text"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused(
    api: Api, task: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    answer = api("post", "/tasks", json=task | change)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)
    assert answer.mimetype == "application/problem+json"
    assert api("get", "/everything").get_json()["tasks"] == []


def test_a_title_may_have_two_hundred_characters(api: Api, task: dict[str, Any]) -> None:
    assert api("post", "/tasks", json=task | {"title": "x" * 200}).status_code == 201


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"text"'])
def test_a_body_that_is_no_json_object_is_refused(api: Api, body: bytes) -> None:
    answer = api("post", "/tasks", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_details_must_be_an_object(api: Api) -> None:
    answer = api("post", "/people/1/outcomes", json=OUTCOME | {"details": []})
    assert answer.get_json()["field"] == "details"


def test_a_task_moves_to_another_inbox(api: Api, task: dict[str, Any]) -> None:
    made = api("post", "/tasks", json=task).get_json()["id"]
    team = {"kind": "team", "id": "T9"}
    assert api("patch", f"/tasks/{made}", json={"assignee": team}).status_code == 200
    assert api("get", f"/tasks/{made}").get_json()["assignee"] == team


def test_a_task_is_given_another_date_and_other_words(api: Api, task: dict[str, Any]) -> None:
    made = api("post", "/tasks", json=task).get_json()["id"]
    words = {"title": "Ring them", "text": "", "opens_on": "2026-04-01", "due_on": "2026-04-15"}
    assert api("patch", f"/tasks/{made}", json=words).status_code == 200
    now = api("get", f"/tasks/{made}").get_json()
    assert {name: now[name] for name in words} == words
    assert (now["assignee"], now["state"]) == (task["assignee"], "open")


def test_one_change_may_name_a_date_and_an_inbox(api: Api, task: dict[str, Any]) -> None:
    made = api("post", "/tasks", json=task).get_json()["id"]
    team = {"kind": "team", "id": "T9"}
    now = api("patch", f"/tasks/{made}", json={"due_on": "2026-04-15", "assignee": team})
    assert (now.get_json()["due_on"], now.get_json()["assignee"]) == ("2026-04-15", team)
    assert now.get_json()["title"] == task["title"]


@pytest.mark.parametrize(
    "change", [{}, {"due_on": "15/04/2026"}, {"title": ""}, {"title": "x" * 201}, {"text": 7}]
)
def test_a_change_that_cannot_be_made_is_refused(
    api: Api, task: dict[str, Any], change: dict[str, Any]
) -> None:
    made = api("post", "/tasks", json=task).get_json()["id"]
    assert api("patch", f"/tasks/{made}", json=change).status_code == 422


def test_a_task_that_is_closed_gets_no_other_date(api: Api, task: dict[str, Any]) -> None:
    made = api("post", "/tasks", json=task).get_json()["id"]
    api("post", f"/tasks/{made}/cancel", json={"reason": "Done."})
    assert api("patch", f"/tasks/{made}", json={"due_on": "2026-04-15"}).status_code == 409


def test_a_task_is_completed_once(api: Api, task: dict[str, Any]) -> None:
    made = api("post", "/tasks", json=task).get_json()["id"]
    done = api("post", f"/tasks/{made}/complete", json={"result": "No change"}).get_json()
    assert (done["state"], done["result"]) == ("completed", "No change")
    assert done["closed_on"] == "2026-03-27"
    assert api("post", f"/tasks/{made}/cancel", json={"reason": "x"}).status_code == 409
    assert api("patch", f"/tasks/{made}", json={"assignee": task["assignee"]}).status_code == 409


def test_a_task_is_cancelled_with_a_reason(api: Api, task: dict[str, Any]) -> None:
    made = api("post", "/tasks", json=task).get_json()["id"]
    assert api("post", f"/tasks/{made}/cancel", json={}).status_code == 422
    gone = api("post", f"/tasks/{made}/cancel", json={"reason": "The person has died"})
    assert (gone.get_json()["state"], gone.get_json()["reason"]) == (
        "cancelled",
        "The person has died",
    )


def test_what_is_not_there_is_a_problem_answer(api: Api) -> None:
    for path in ("/tasks/none", "/nothing", "/documents/none/content"):
        answer = api("get", path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert api("delete", "/everything").status_code == 405
