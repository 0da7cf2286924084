"""What people do in the sandbox reaches the connector, in the shape its profile reads."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from ears import Listener, body_of
from flask import Flask
from flask.testing import FlaskClient
from made_once import packaged

from connector.events import Event, EventKind
from connector.mapping import translate
from connector.mapping.selecting import Outcome as Read
from connector.signature import Authentication, Outcome, verify

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
NOW = datetime(2026, 3, 27, 14, 5, tzinfo=UTC)
STANDARD = Authentication(kind="standard_webhooks", secret_env=("X",))
HOME = "/registers/sandbox"
TOKEN = {"Authorization": "Bearer a-token"}
REFERENCE = "lcf-0123456789abcdef0123"
Do = Callable[..., Any]


@pytest.fixture
def do(worker: FlaskClient) -> Do:
    """What people do, without the pages: do("/people/P1002/death", date_of_death=…)."""

    def act(path: str, register: str = "sandbox", **said: Any) -> Any:
        answer = worker.post(f"/registers/{register}/desk{path}", json=said)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    return act


@pytest.fixture
def task_id(worker: FlaskClient, task: dict[str, Any]) -> str:
    return _made(worker, task | {"person_id": "P1002"})


def _made(worker: FlaskClient, task: dict[str, Any], register: str = "sandbox") -> str:
    answer = worker.post(f"/registers/{register}/api/tasks", json=task, headers=TOKEN)
    return str(answer.get_json()["id"])


def _form(worker: FlaskClient) -> str:
    """The number of a form that was completed."""
    page = f"{HOME}/people/P1002/forms/family_request"
    said = {"completed_by_id": "W202", "restricted": "no"}
    assert worker.post(page, data=said).status_code == 303
    [form] = worker.get(f"{HOME}/api/forms?since=2026-01-01T00:00:00Z", headers=TOKEN).get_json()[
        "items"
    ]
    return str(form["form"]["id"])


def _event(listener: Listener) -> Event:
    read = translate(packaged().hosts["sandbox"], body_of(listener))
    assert read.event is not None, read.reason
    return read.event


def test_a_completed_task_is_told_in_the_agreed_shape_and_signed(
    do: Do, task_id: str, listener: Listener
) -> None:
    webhook = do(f"/tasks/{task_id}/complete", result="no_change", done_on="2026-03-20")["webhook"]
    [(path, headers, body)] = listener.heard
    assert path == "/hooks/sandbox"
    assert verify(STANDARD, (SECRET,), headers, {}, body, NOW).outcome == Outcome.ACCEPTED
    assert body_of(listener) == {
        "event": "task.completed",
        "delivery": webhook,
        "at": "2026-03-27T14:05:00+00:00",
        "modified_by": {"id": "7781"},
        "task": {
            "id": task_id,
            "reference": REFERENCE,
            "state": "completed",
            "result": "no_change",
            "done_on": "2026-03-20",
        },
        "person": {"id": "P1002"},
    }


def test_a_task_that_is_just_done_has_no_result_and_no_other_day(
    do: Do, task_id: str, listener: Listener
) -> None:
    do(f"/tasks/{task_id}/complete", result="Done")
    told = body_of(listener)["task"]
    assert (told["result"], told["done_on"]) == (None, None)


@pytest.mark.parametrize(
    ("act", "said", "expected"),
    [
        (
            "complete",
            {"result": "Change needed", "done_on": "2026-03-26"},
            {"kind": EventKind.TASK_COMPLETED, "result": "change_needed"}
            | {"done_on": date(2026, 3, 26)},
        ),
        (
            "cancel",
            {"reason": "Not needed"},
            {"kind": EventKind.TASK_CANCELLED, "reason": "Not needed"},
        ),
        (
            "reassign",
            {"assignee": {"kind": "manager", "id": "M301"}},
            {"kind": EventKind.TASK_REASSIGNED, "manager_id": "M301"},
        ),
        (
            "reassign",
            {"assignee": {"kind": "worker", "id": "W201"}},
            {"kind": EventKind.TASK_REASSIGNED, "worker_id": "W201"},
        ),
    ],
)
def test_the_connector_understands_what_became_of_a_task(
    do: Do, task_id: str, listener: Listener, act: str, said: Any, expected: dict[str, Any]
) -> None:
    do(f"/tasks/{task_id}/{act}", **said)
    named = {"task_id": task_id, "task_reference": REFERENCE, "person_id": "P1002"}
    assert _event(listener) == Event(**{"occurred_at": NOW, **named, **expected})


@pytest.mark.parametrize(
    ("act", "said", "expected"),
    [
        (
            "roles",
            {"worker_id": "W201", "team_id": ""},
            {"kind": EventKind.ROLES_CHANGED, "worker_id": "W201", "worker_name": "Jo Adviser"}
            | {"manager_id": "M301"},
        ),
        (
            "left",
            {},
            {"kind": EventKind.WORKER_LEFT, "worker_id": "W202", "worker_name": "Ash Adviser"}
            | {"person_id": None},
        ),
        (
            "death",
            {"date_of_death": "2026-03-01"},
            {"kind": EventKind.PERSON_DIED, "died_on": date(2026, 3, 1)},
        ),
        ("restrict", {}, {"kind": EventKind.PERSON_RESTRICTED, "restricted": True}),
        (
            "restrict",
            {"restricted": False},
            {"kind": EventKind.PERSON_RESTRICTED, "restricted": False},
        ),
        ("merge", {"into": "P1001"}, {"kind": EventKind.PERSON_MERGED, "new_person_id": "P1001"}),
        (
            "support",
            {"requested_on": "2026-03-20", "previous_pa_id": "W209"},
            {"kind": EventKind.SUPPORT_REQUESTED, "requested_on": date(2026, 3, 20)}
            | {"previous_pa_id": "W209"},
        ),
    ],
)
def test_the_connector_understands_what_happens_to_a_person(
    do: Do, listener: Listener, act: str, said: Any, expected: dict[str, Any]
) -> None:
    do(f"/people/P1002/{act}", **said)
    assert _event(listener) == Event(**{"occurred_at": NOW, "person_id": "P1002", **expected})
    assert body_of(listener)["modified_by"] == {"id": "W202"}


@pytest.mark.parametrize(
    ("act", "status", "kind"),
    [
        ("reopen", "reopened", EventKind.FORM_REOPENED),
        ("withdraw", "withdrawn", EventKind.FORM_WITHDRAWN),
    ],
)
def test_a_form_is_taken_back_by_an_event_or_whole(
    do: Do, worker: FlaskClient, listener: Listener, act: str, status: str, kind: EventKind
) -> None:
    form_id = _form(worker)
    do(f"/forms/{form_id}/{act}")
    assert _event(listener) == Event(kind, NOW, person_id="P1002", form_id=form_id)
    do(f"/forms/{form_id}/{act}", with_answers=True)
    whole = body_of(listener)
    assert (whole["form"]["version"], whole["form"]["status"]) == (3, status)
    assert "answers" in whole
    assert translate(packaged().hosts["sandbox"], whole).outcome == Read.READ


def test_what_people_do_changes_the_record(do: Do, worker: FlaskClient) -> None:
    do("/people/P1002/left")
    do("/people/P1003/restrict")
    do("/people/P1004/merge", into="P1001")
    do("/people/P1001/roles", worker_id="W202", manager_id="M9")
    people = worker.get(f"{HOME}/api/everything", headers=TOKEN).get_json()["people"]
    by_id = {person["id"]: person for person in people}
    # P1004 has the same worker, who has left; P1001 was given that worker afterwards.
    assert [by_id[f"P100{n}"]["worker_active"] for n in (1, 2, 3, 4)] == [True, False, True, False]
    assert by_id["P1003"]["restricted"]
    assert by_id["P1004"]["merged_into"] == "P1001"
    robin = by_id["P1001"]
    assert (robin["worker_name"], robin["manager_id"], robin["manager_name"]) == (
        "Ash Adviser",
        "M9",
        "",
    )


def test_by_names_who_did_it(do: Do, task_id: str, listener: Listener) -> None:
    do(f"/tasks/{task_id}/cancel", reason="x", by="W5")
    assert body_of(listener)["modified_by"] == {"id": "W5"}


def test_a_team_task_is_worked_on_by_the_allocated_worker(
    do: Do, worker: FlaskClient, task: dict[str, Any], listener: Listener
) -> None:
    team = {"kind": "team", "id": "T401"}
    made = _made(worker, task | {"person_id": "P1002", "assignee": team})
    do(f"/tasks/{made}/complete")
    assert body_of(listener)["modified_by"] == {"id": "W202"}


def test_a_task_about_nobody_is_told_without_a_person(
    do: Do, worker: FlaskClient, task: dict[str, Any], listener: Listener
) -> None:
    made = _made(worker, task | {"person_id": None})
    do(f"/tasks/{made}/complete")
    assert "person" not in body_of(listener)
    assert _event(listener).task_id == made


def test_other_registers_send_nothing(
    do: Do, worker: FlaskClient, task: dict[str, Any], listener: Listener
) -> None:
    made = _made(worker, task, "flat")
    assert do(f"/tasks/{made}/complete", register="flat")["webhook"] is None
    assert do("/people/400123/restrict", register="flat")["webhook"] is None
    assert listener.heard == []
    held = worker.get("/registers/flat/api/everything", headers=TOKEN).get_json()
    assert held["tasks"][0]["state"] == "completed"
    assert held["people"][0]["restricted"]


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("/people/P1002/merge", {"into": "P1002"}, 422),
        ("/people/P1002/merge", {"into": "P9"}, 422),
        ("/people/P1002/death", {"date_of_death": "2026-03-28"}, 422),
        ("/people/P1002/death", {"date_of_death": "1 March"}, 422),
        ("/people/P1002/alive", {}, 422),
        ("/people/P1002/roles", {}, 422),
        ("/people/P9/restrict", {}, 404),
        ("/people/P1002/dance", {}, 404),
        ("/forms/F9/reopen", {}, 404),
        ("/forms/F9/burn", {}, 404),
        ("/tasks/none/complete", {}, 404),
        ("/tasks/{task}/dance", {}, 404),
        ("/tasks/{task}/complete", {"result": "maybe"}, 422),
        ("/tasks/{task}/complete", {"done_on": "2026-03-28"}, 422),
        ("/tasks/{task}/reassign", {"assignee": {"kind": "worker"}}, 422),
        ("/tasks/{task}/reassign", {"kind": "cat", "id": "1"}, 422),
        ("/tasks/{task}/complete", [], 400),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_told(
    worker: FlaskClient, task_id: str, listener: Listener, path: str, said: Any, status: int
) -> None:
    answer = worker.post(f"{HOME}/desk{path.format(task=task_id)}", json=said)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert listener.heard == []


def test_nobody_leaves_where_nobody_is_allocated(do: Do, worker: FlaskClient) -> None:
    do("/people/P1002/roles", worker_id=None)
    answer = worker.post(f"{HOME}/desk/people/P1002/left")
    assert answer.status_code == 422


def test_a_closed_task_is_not_told_twice(
    do: Do, worker: FlaskClient, task_id: str, listener: Listener
) -> None:
    do(f"/tasks/{task_id}/cancel", reason="x")
    answer = worker.post(f"{HOME}/desk/tasks/{task_id}/complete", json={})
    assert answer.status_code == 409
    assert len(listener.heard) == 1


def test_only_this_machine_may_do_what_people_do(worker: FlaskClient) -> None:
    answer = worker.post(
        f"{HOME}/desk/people/P1002/left", environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert answer.status_code == 403


def test_what_was_refused_waits_on_the_page_of_webhooks(
    do: Do, worker: FlaskClient, listener: Listener
) -> None:
    listener.status = 503
    webhook = do("/people/P1002/restrict")["webhook"]
    assert "The connector did not take the event" in worker.get(f"/webhooks/{webhook}").text
    listener.status = 202
    worker.post(f"/webhooks/{webhook}/send")
    first, second = listener.heard
    assert first[2] == second[2]
    assert "Person restricted" in worker.get("/webhooks").text


def _switch_on(worker: FlaskClient, kind: str, **more: Any) -> None:
    asked = {"register": "sandbox", "kind": kind, **more}
    assert worker.post("/switches", json=asked, headers=TOKEN).status_code == 201


def test_lost_webhooks_are_never_sent_but_what_happened_did_happen(
    do: Do, worker: FlaskClient, listener: Listener
) -> None:
    _switch_on(worker, "webhook", times=2)
    form_id = _form(worker)
    lost = do("/people/P1002/restrict")["webhook"]
    do("/people/P1002/left")
    assert [body_of(listener)["event"] for _ in listener.heard] == ["worker.left"]
    assert "Lost on purpose" in worker.get(f"/webhooks/{lost}").text
    listed = worker.get(f"{HOME}/api/forms?since=2026-01-01T00:00:00Z", headers=TOKEN).get_json()
    assert [form["form"]["id"] for form in listed["items"]] == [form_id]
    worker.post(f"/webhooks/{lost}/send")
    assert body_of(listener)["event"] == "person.restricted"


def _write(worker: FlaskClient, method: str, path: str, **body: Any) -> None:
    answer = worker.open(f"{HOME}/api{path}", method=method, json=body, headers=TOKEN)
    assert answer.status_code < 300, answer.text


def _write_an_outcome(worker: FlaskClient) -> None:
    _write(worker, "POST", "/people/P1002/outcomes", reference="r", status="open", line="Open.")


def test_what_the_connector_does_is_not_told(
    worker: FlaskClient, task_id: str, listener: Listener
) -> None:
    _form(worker)
    _write(worker, "PATCH", f"/tasks/{task_id}", assignee={"kind": "team", "id": "T401"})
    _write(worker, "POST", f"/tasks/{task_id}/cancel", reason="The form was withdrawn")
    _write_an_outcome(worker)
    assert len(listener.heard) == 1


def test_a_case_system_that_echoes_tells_what_the_connector_did_and_the_profile_knows_it(
    worker: FlaskClient, task_id: str, listener: Listener
) -> None:
    _form(worker)
    _switch_on(worker, "echo", probability=1)
    _write(worker, "PATCH", f"/tasks/{task_id}", assignee={"kind": "team", "id": "T401"})
    _write(worker, "POST", f"/tasks/{task_id}/cancel", reason="The form was withdrawn")
    _write_an_outcome(worker)
    form, *echoes = (body_of(listener, number) for number in range(4))
    assert [each["event"] for each in echoes] == [
        "task.reassigned",
        "task.cancelled",
        "form.completed",
    ]
    assert {each["modified_by"]["id"] for each in echoes} == {"connector"}
    assert {translate(packaged().hosts["sandbox"], each).outcome for each in echoes} == {Read.ECHO}
    assert form["modified_by"] == {"id": "W202"}
    assert translate(packaged().hosts["sandbox"], form).outcome == Read.READ
    assert echoes[2]["form"] == form["form"]
    assert echoes[2]["delivery"] != form["delivery"]


def test_an_outcome_without_a_form_here_echoes_nothing(
    worker: FlaskClient, listener: Listener
) -> None:
    _switch_on(worker, "echo")
    _write_an_outcome(worker)
    assert listener.heard == []


def test_a_clock_file_says_what_day_it_is_here_but_not_in_signatures(
    make_sandbox: Callable[..., Flask], listener: Listener, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    app = make_sandbox(connector_url=listener.url, clock_file=clock)
    worker = app.test_client()
    worker.post(f"{HOME}/desk/people/P1002/restrict")
    assert body_of(listener)["at"] == "2026-03-27T14:05:00+00:00"
    clock.write_text("2029-07-01T09:30:00\n")
    worker.post(f"{HOME}/desk/people/P1002/death")
    told = body_of(listener)
    assert told["at"].startswith("2029-07-01T08:3")
    assert told["person"]["date_of_death"] == "2029-07-01"
    assert "It is 1 July 2029 here." in worker.get("/").text
    _, headers, body = listener.heard[-1]
    assert verify(STANDARD, (SECRET,), headers, {}, body, NOW).outcome == Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("seconds", "at"), [(90, "2029-07-01T08:31:"), (3 * 24 * 3600, "2029-07-01T22:59:00")]
)
def test_the_clock_of_a_file_goes_on_to_the_end_of_the_day(
    seconds: int, at: str, make_sandbox: Callable[..., Flask], listener: Listener, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2029-07-01T09:30:00")
    written = clock.stat().st_mtime - seconds
    os.utime(clock, (written, written))
    app = make_sandbox(connector_url=listener.url, clock_file=clock)
    app.test_client().post(f"{HOME}/desk/people/P1002/restrict")
    assert body_of(listener)["at"].startswith(at)


def test_a_form_that_names_another_worker_gives_the_person_one_who_is_there(
    do: Do, worker: FlaskClient
) -> None:
    page = f"{HOME}/people/P1002/forms/family_request"
    record = f"{HOME}/people/P1002"
    do("/people/P1002/left")
    worker.post(page, data={"worker_id": "W202", "worker_name": "Ash Adviser"})
    assert "(has left)" in worker.get(record).text
    worker.post(page, data={"worker_id": "W201", "worker_name": "Jo Adviser"})
    assert "(has left)" not in worker.get(record).text


def test_a_death_recorded_by_mistake_is_taken_off_the_record_and_told(
    do: Do, listener: Listener
) -> None:
    do("/people/P1002/death", date_of_death="2026-03-01")
    do("/people/P1002/alive")
    expected = Event(EventKind.DEATH_CORRECTED, NOW, person_id="P1002")
    assert _event(listener) == expected
    assert body_of(listener)["person"]["date_of_death"] == ""
