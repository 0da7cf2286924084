"""The five example profiles write into the sandbox over real sockets, and find what they wrote."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from outbound_blocks import A_DOCUMENT, A_TASK, COMMON, PDF

from connector.errors import OutcomeUnknown
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
