"""Each switch misbehaves as it says, over a real socket."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

Api = Callable[..., TestResponse]
Post = Callable[[], requests.Response]
TOKEN = {"Authorization": "Bearer a-token"}


@pytest.fixture
def switch_on(api: Api) -> Callable[..., TestResponse]:
    def turn(mode: str, **more: Any) -> TestResponse:
        asked = {"register": "flat", "kind": "task", "mode": mode, **more}
        return api("post", "/switches", json=asked)

    return turn


@pytest.fixture
def post(address: str, task: dict[str, Any]) -> Post:
    url = f"{address}/registers/flat/api/tasks"
    return lambda: requests.post(url, json=task, headers=TOKEN, timeout=5)


def _tasks(api: Api) -> int:
    return len(api("get", "/everything").get_json()["tasks"])


def test_slow_waits_and_then_does_the_work(post: Post, switch_on: Api, api: Api) -> None:
    switch_on("slow", seconds=0.2)
    begun = time.monotonic()
    assert post().status_code == 201
    assert time.monotonic() - begun >= 0.2
    assert _tasks(api) == 1


def test_500_comes_after_the_work(post: Post, switch_on: Api, api: Api) -> None:
    switch_on("work-then-500")
    assert post().status_code == 500
    assert _tasks(api) == 1


@pytest.mark.parametrize(("mode", "status"), [("503", 503), ("429", 429)])
def test_later_means_nothing_was_done(
    post: Post, switch_on: Api, api: Api, mode: str, status: int
) -> None:
    switch_on(mode, seconds=7)
    answer = post()
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "7")
    assert _tasks(api) == 0


def test_a_reset_comes_after_the_work_and_without_an_answer(
    post: Post, switch_on: Api, api: Api
) -> None:
    switch_on("work-then-reset")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        post()
    assert _tasks(api) == 1
    assert post().status_code == 201


def test_refusing_gives_the_message(post: Post, switch_on: Api, api: Api) -> None:
    switch_on("refuse", message="The record is locked.")
    answer = post()
    assert (answer.status_code, answer.json()["detail"]) == (422, "The record is locked.")
    assert _tasks(api) == 0


def test_a_switch_strikes_as_often_as_it_was_told(post: Post, switch_on: Api, api: Api) -> None:
    switch_on("503", times=2)
    assert [post().status_code for _ in range(3)] == [503, 503, 201]
    assert api("get", "/switches").get_json() == {"items": []}


def test_switches_strike_in_the_order_they_were_set(post: Post, switch_on: Api) -> None:
    switch_on("429")
    switch_on("work-then-500")
    assert [post().status_code for _ in range(3)] == [429, 500, 201]


def test_a_probability_holds_until_it_is_switched_off(post: Post, switch_on: Api, api: Api) -> None:
    number = switch_on("503", probability=1).get_json()["id"]
    assert [post().status_code for _ in range(3)] == [503, 503, 503]
    assert api("delete", f"/switches/{number}").status_code == 204
    switch_on("503", probability=0)
    assert post().status_code == 201
    assert len(api("get", "/switches").get_json()["items"]) == 1
    api("delete", "/switches")
    assert api("get", "/switches").get_json() == {"items": []}


def test_many_callers_share_one_count(post: Post, switch_on: Api, api: Api) -> None:
    switch_on("503", times=5)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: post().status_code, range(24)))
    assert sorted(statuses) == [201] * 19 + [503] * 5
    assert _tasks(api) == 19


@pytest.mark.parametrize(
    ("kind", "method", "path", "body"),
    [
        ("outcome", "post", "/people/1/outcomes", {"reference": "r", "status": "s", "line": "l"}),
        ("note", "post", "/people/1/notes", {"reference": "r", "title": "t", "text": "x"}),
        ("document", "post", "/people/1/documents", {}),
        ("upload", "post", "/uploads", {}),
        ("change", "post", "/tasks/none/complete", {}),
        ("lookup", "get", "/tasks?reference=r", None),
        ("lookup", "get", "/outcomes?reference=r", None),
    ],
)
def test_each_kind_of_call_has_its_own_switch(
    api: Api, switch_on: Api, kind: str, method: str, path: str, body: Any
) -> None:
    switch_on("503", kind=kind)
    assert api(method, path, register="fhir", json=body).status_code != 503
    assert api(method, path, json=body).status_code == 503


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "everything"},
        {"mode": "explode"},
        {"register": " "},
        {"times": 0},
        {"times": 1.5},
        {"probability": 2},
        {"seconds": -1},
        {"seconds": "nan"},
        {"times": "many"},
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(switch_on: Api, wrong: dict[str, Any]) -> None:
    assert switch_on(**{"mode": "503", **wrong}).status_code == 422


def test_switches_need_the_token(app: Flask) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert app.test_client().open("/switches", method=method).status_code == 401
