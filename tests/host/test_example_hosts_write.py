"""The five example profiles write into the sandbox over real sockets, and find and read it."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from outbound_blocks import A_DOCUMENT, A_TASK, COMMON, PDF

from connector.errors import OutcomeUnknown
from connector.events import HostPerson, HostTask
from connector.host import HostClient
from connector.model import EffectKind
from connector.profiles import load_folder
from connector.sandbox import SandboxSettings, create_sandbox, start

MAPPINGS = Path(__file__).parents[2] / "mappings"
HOSTS = ["flat", "question-code", "dataverse", "fhir", "sandbox"]
TOKEN = "a-made-up-token"
SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
WRITE_BACK = {"status": "open", "line": "The case is open.", "reasons": ["One", "Two"]}
CONTENTS: dict[EffectKind, dict[str, Any]] = {
    EffectKind.OUTCOME: COMMON | WRITE_BACK | {"write_back": WRITE_BACK},
    EffectKind.CASE_NOTE: COMMON | {"title": "t" * 250, "text": "ŵ", "date": "2026-03-25"},
    EffectKind.DOCUMENT: A_DOCUMENT,
    EffectKind.TASK: A_TASK,
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    app = create_sandbox(SandboxSettings(token=TOKEN, webhook_secret=SECRET))
    running = start(app)
    yield running.url
    running.stop()
    app.extensions["sandbox"].database.close()


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def client(host: str, sandbox: str) -> Iterator[HostClient]:
    outbound = load_folder(MAPPINGS / host).outbound
    secrets = {"SANDBOX_URL": sandbox, "SANDBOX_TOKEN": TOKEN}
    with closing(HostClient(outbound, secrets)) as made:
        yield made


def asked(sandbox: str, host: str, path: str) -> requests.Response:
    url = f"{sandbox}/registers/{host}/api{path}"
    answer = requests.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
    answer.raise_for_status()
    return answer


def referenced(kind: EffectKind, name: str) -> dict[str, Any]:
    """The contents with a person and a reference of their own."""
    reference = "lcf-" + hashlib.sha256(f"{kind}{name}".encode()).hexdigest()[:20]
    return CONTENTS[kind] | {"reference": reference, "person_id": f"p-{name}"}


@pytest.mark.parametrize("kind", list(CONTENTS))
def test_what_is_written_is_found_by_its_reference(client: HostClient, kind: EffectKind) -> None:
    variables = referenced(kind, "found")
    assert client.find(kind, variables) == ()
    written = client.write(kind, variables)
    assert client.find(kind, variables) == (written,)
    assert client.find(kind, referenced(kind, "another")) == ()


def test_the_outcome_and_the_document_arrive_whole(
    client: HostClient, host: str, sandbox: str
) -> None:
    outcome = client.write(EffectKind.OUTCOME, referenced(EffectKind.OUTCOME, "whole"))
    document = client.write(EffectKind.DOCUMENT, referenced(EffectKind.DOCUMENT, "whole"))
    everything = asked(sandbox, host, "/everything").json()
    details = next(each["details"] for each in everything["outcomes"] if each["id"] == outcome)
    assert details == WRITE_BACK
    held = asked(sandbox, host, f"/documents/{document}/content")
    assert held.content == PDF == base64.b64decode(A_DOCUMENT["base64"])
    assert held.headers["Content-Type"] == "application/pdf"


def test_a_task_moves_to_another_inbox_and_is_cancelled_once(
    client: HostClient, host: str, sandbox: str
) -> None:
    variables = referenced(EffectKind.TASK, "moved")
    known = variables | {"remote_id": client.write(EffectKind.TASK, variables)}
    client.reassign(EffectKind.TASK, known | {"inbox": {"kind": "team", "id": "t9"}})
    for _ in range(2):
        client.cancel(EffectKind.TASK, known | {"reason": "No longer needed."})
    task = asked(sandbox, host, f"/tasks/{known['remote_id']}").json()
    assert task["assignee"] == {"kind": "team", "id": "t9"}
    assert task["due_on"] == "2026-06-17"


def test_a_task_gets_another_date_and_other_words_where_it_is(
    client: HostClient, host: str, sandbox: str
) -> None:
    variables = referenced(EffectKind.TASK, "updated")
    known = variables | {"remote_id": client.write(EffectKind.TASK, variables)}
    words = {"title": "Ring the family", "text": "Other words.", "due_on": "2026-07-01"}
    for _ in range(2):
        client.update(EffectKind.TASK, known | words | {"reason": "Amended."})
    task = asked(sandbox, host, f"/tasks/{known['remote_id']}").json()
    assert {name: task[name] for name in words} == words
    assert (task["state"], task["opens_on"]) == ("open", known["opens_on"])
    assert task["assignee"] == {"kind": "worker", "id": "w1"}


@pytest.mark.parametrize("mode", ["work-then-500", "work-then-reset"])
@pytest.mark.parametrize("kind", list(CONTENTS))
def test_work_done_without_an_answer_is_unknown_and_found_by_looking(
    client: HostClient, host: str, sandbox: str, kind: EffectKind, mode: str
) -> None:
    of_the_sandbox = {"case_note": "note"}.get(kind.value, kind.value)
    switch = {"register": host, "kind": of_the_sandbox, "mode": mode, "times": 1}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    turned = requests.post(f"{sandbox}/switches", json=switch, headers=headers, timeout=5)
    turned.raise_for_status()
    variables = referenced(kind, mode)
    with pytest.raises(OutcomeUnknown):
        client.write(kind, variables)
    assert len(client.find(kind, variables)) == 1


def asked_to(sandbox: str, host: str, path: str, body: dict[str, Any]) -> None:
    """Something a worker does in the host, through its API."""
    url = f"{sandbox}/registers/{host}/api{path}"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    requests.post(url, json=body, headers=headers, timeout=5).raise_for_status()


def test_a_task_is_read_before_and_after_it_was_done(
    client: HostClient, host: str, sandbox: str
) -> None:
    assert client.reads_tasks
    variables = referenced(EffectKind.TASK, "read")
    known = variables | {"remote_id": client.write(EffectKind.TASK, variables)}
    assert client.read_task(known) == HostTask(known["remote_id"], "open", assignee_id="w1")
    done = {"result": "change_needed", "done_on": "2026-03-20"}
    asked_to(sandbox, host, f"/tasks/{known['remote_id']}/complete", done)
    assert client.read_task(known) == HostTask(
        known["remote_id"], "done", date(2026, 3, 20), "change_needed", "w1"
    )
    assert client.read_task(known | {"remote_id": "task-none"}) is None


def test_a_task_with_a_result_of_another_kind_is_done_all_the_same(
    client: HostClient, host: str, sandbox: str
) -> None:
    variables = referenced(EffectKind.TASK, "done")
    known = variables | {"remote_id": client.write(EffectKind.TASK, variables)}
    asked_to(sandbox, host, f"/tasks/{known['remote_id']}/complete", {"result": "Rang twice"})
    told = client.read_task(known)
    assert told is not None
    assert (told.state, told.result) == ("done", None)


def test_a_task_about_nobody_carries_a_file(client: HostClient, host: str, sandbox: str) -> None:
    variables = referenced(EffectKind.TASK, "overview") | {"person_id": None}
    task = client.write(EffectKind.TASK, variables)
    file = referenced(EffectKind.DOCUMENT, "list") | {"person_id": None, "task_remote_id": task}
    assert client.find(EffectKind.TASK_DOCUMENT, file) == ()
    written = client.write(EffectKind.TASK_DOCUMENT, file)
    assert client.find(EffectKind.TASK_DOCUMENT, file) == (written,)
    assert asked(sandbox, host, f"/task-documents/{written}/content").content == PDF


def test_completed_forms_are_listed_by_every_host(client: HostClient) -> None:
    assert client.lists_forms
    assert client.forms_every_minutes == 15
    assert list(client.listed_forms(datetime(2026, 3, 25, 12, 0, tzinfo=UTC))) == []


def test_only_the_sandbox_knows_its_people(client: HostClient, host: str) -> None:
    assert client.reads_people is (host == "sandbox")
    if client.reads_people:
        told = client.read_person("P1001")
        assert isinstance(told, HostPerson)
        assert (told.worker_id, told.manager_id, told.team_id) == ("W201", "M301", "T401")
        assert (told.worker_active, told.restricted, told.died_on) == (True, False, None)
        assert told.date_of_birth is not None
        # The sandbox takes forms about anybody: whom it does not know reads as a blank record.
        assert client.read_person("P9999") == HostPerson(restricted=False, worker_active=True)
