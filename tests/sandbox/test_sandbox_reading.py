"""What the sandbox tells a connector that asks: tasks, people, completed forms, files on tasks."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from connector.sandbox.filling import starting_answers
from connector.sandbox.people import Person
from connector.sandbox.sheets import sheet

Api = Callable[..., TestResponse]
PDF = b"%PDF-1.7 made up"
FILE = {"reference": "r-9", "name": "October list.pdf", "content_type": "application/pdf"}
NOON = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def made(api: Api, task: dict[str, Any]) -> str:
    """A task in an inbox; its id."""
    made_id: str = api("post", "/tasks", json=task).get_json()["id"]
    return made_id


def keep_forms(app: Flask, count: int) -> None:
    """Completed forms, one an hour from noon, the first of them sent by webhook."""
    desk = app.extensions["sandbox"]
    head = starting_answers(sheet("header"), Person("sandbox", "P0"), NOON.date())
    for number in range(count):
        at = NOON + timedelta(hours=number)
        form = desk.forms.keep("sandbox", f"P{number}", "family_request", (head, {}), at)
        if number == 0:
            desk.webhooks.keep_form(form, "https://cases.example/f", "W1", at)


def listed(api: Api, path: str) -> list[str]:
    """The people of every form listed, page after page."""
    people = []
    while path:
        answer = api("get", path, register="sandbox").get_json()
        people += [item["person"]["id"] for item in answer["items"]]
        path = (answer["next"] or "").removeprefix("/registers/sandbox/api")
    return people


def test_a_task_tells_its_state_its_result_and_the_day_it_was_done(api: Api, made: str) -> None:
    assert api("get", f"/tasks/{made}").get_json()["state"] == "open"
    done = {"result": "change_needed", "done_on": "2026-03-20"}
    api("post", f"/tasks/{made}/complete", json=done)
    told = api("get", f"/tasks/{made}").get_json()
    assert (told["state"], told["result"]) == ("completed", "change_needed")
    assert (told["done_on"], told["completed_at"]) == ("2026-03-20", "2026-03-27T14:05:00+00:00")
    assert told["assignee"] == {"kind": "worker", "id": "7781"}


def test_a_task_completed_without_more_was_done_today_and_has_no_result(
    api: Api, made: str
) -> None:
    told = api("post", f"/tasks/{made}/complete", json={}).get_json()
    assert (told["result"], told["done_on"]) == (None, "2026-03-27")


def test_a_day_that_does_not_exist_completes_nothing(api: Api, made: str) -> None:
    answer = api("post", f"/tasks/{made}/complete", json={"done_on": "2026-02-30"})
    assert answer.get_json()["field"] == "done_on"
    assert api("get", f"/tasks/{made}").get_json()["state"] == "open"


@pytest.mark.parametrize("nobody", [{"person_id": None}, {"person_id": ""}, {}])
def test_a_task_need_not_be_about_anybody(
    api: Api, task: dict[str, Any], nobody: dict[str, Any]
) -> None:
    del task["person_id"]
    answer = api("post", "/tasks", json=task | nobody)
    assert answer.status_code == 201
    assert api("get", f"/tasks/{answer.get_json()['id']}").get_json()["person_id"] is None
    assert api("get", "/everything").get_json()["people"] == []


def test_a_person_tells_who_is_there_for_them_now(api: Api) -> None:
    told = api("get", "/people/P1001", register="sandbox").get_json()
    assert (told["worker_id"], told["manager_id"], told["team_id"]) == ("W201", "M301", "T401")
    assert (told["worker_active"], told["restricted"]) == (True, False)
    assert (told["date_of_birth"], told["date_of_death"]) == ("2009-01-27", "")
    assert told["merged_into"] == ""
    assert api("get", "/people/P9999", register="sandbox").status_code == 404
    blank = api("get", "/people/P9999?unknown=blank", register="sandbox")
    assert (blank.status_code, blank.json["date_of_birth"]) == (200, "")


@pytest.mark.parametrize("person_id", ["400123", None])
def test_a_file_on_a_task_is_found_by_its_reference_and_comes_back_as_it_was(
    api: Api, task: dict[str, Any], person_id: str | None
) -> None:
    made = api("post", "/tasks", json=task | {"person_id": person_id}).get_json()["id"]
    in_json = FILE | {"content": b64encode(PDF).decode()}
    first = api("post", f"/tasks/{made}/documents", json=in_json).get_json()["id"]
    part = {"file": (BytesIO(PDF), "list.pdf", "application/pdf")}
    second = api("post", f"/tasks/{made}/documents", data=FILE | part).get_json()["id"]
    items = api("get", "/task-documents?reference=r-9").get_json()["items"]
    assert [item["id"] for item in items] == [first, second]
    for each in (first, second):
        assert api("get", f"/task-documents/{each}/content").data == PDF
    held = api("get", "/everything").get_json()
    assert [each["task_id"] for each in held["task_documents"]] == [made, made]
    assert (held["documents"], held["notes"]) == ([], [])
    assert api("get", "/documents?reference=r-9").get_json() == {"items": []}


def test_a_file_needs_a_task_to_be_put_onto(api: Api) -> None:
    in_json = FILE | {"content": b64encode(PDF).decode()}
    assert api("post", "/tasks/none/documents", json=in_json).status_code == 404


def test_completed_forms_are_listed_from_a_moment_on_whatever_its_offset(
    api: Api, app: Flask
) -> None:
    keep_forms(app, 3)
    assert listed(api, "/forms?since=2026-03-20T12:00:00Z") == ["P0", "P1", "P2"]
    assert listed(api, "/forms?since=2026-03-20T14:00:00%2B01:00") == ["P1", "P2"]
    assert listed(api, "/forms?since=2026-03-20T14:00:01Z") == []
    assert api("get", "/forms?since=2026-03-20T12:00:00Z").get_json()["items"] == []


def test_a_form_is_listed_as_its_webhook_had_it(api: Api, app: Flask) -> None:
    keep_forms(app, 2)
    sent, lost = api("get", "/forms?since=2026-03-20T12:00:00Z", register="sandbox").get_json()[
        "items"
    ]
    webhook = app.extensions["sandbox"].webhooks.listing()[0]
    assert sent == json.loads(webhook.body)
    assert (lost["event"], lost["person"]["id"]) == ("form.completed", "P1")


def test_each_form_of_the_list_can_be_read_alone(api: Api, app: Flask) -> None:
    keep_forms(app, 2)
    items = api("get", "/forms?since=2026-03-20T12:00:00Z", register="sandbox").get_json()["items"]
    for each in items:
        path = f"/forms/{each['form']['id']}/{each['form']['version']}"
        assert api("get", path, register="sandbox").get_json() == each
        assert api("get", f"{path}0", register="sandbox").status_code == 404
        assert api("get", path, register="flat").status_code == 404


def test_a_long_list_has_pages(api: Api, app: Flask) -> None:
    keep_forms(app, 101)
    assert listed(api, "/forms?since=2026-03-20T12:00:00Z") == [f"P{n}" for n in range(101)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "since"),
        ("since=yesterday", "since"),
        ("since=2026-03-20", "since"),
        ("since=2026-03-20T12:00:00", "since"),
        ("since=0001-01-01T00:00:00%2B05:00", "since"),
        ("since=2026-03-20T12:00:00Z&skip=-1", "skip"),
        ("since=2026-03-20T12:00:00Z&skip=²", "skip"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(api: Api, query: str, field: str) -> None:
    answer = api("get", f"/forms?{query}")
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)


@pytest.mark.parametrize("path", ["/tasks/none", "/people/none", "/forms"])
def test_reading_has_a_switch_of_its_own(api: Api, path: str) -> None:
    switch = {"register": "flat", "kind": "read", "mode": "503", "times": 1}
    api("post", "/switches", json=switch)
    assert api("get", path).status_code == 503
    assert api("get", path).status_code != 503
