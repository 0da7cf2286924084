"""What leaves for the host: bodies, files, limits, ids, steps."""

import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from misbehaving_host import Answering, MisbehavingHost, reply
from outbound_blocks import (
    A_DOCUMENT,
    A_TASK,
    BLOCK,
    DOCUMENT,
    PDF,
    TASK,
    attachment,
    block,
    client,
    task,
)

from connector.errors import Declined, NotSent, OutcomeUnknown
from connector.host import HostClient
from connector.model import EffectKind

MADE = reply(201, {"id": 41})
Start = Callable[..., tuple[MisbehavingHost, HostClient]]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def started(raw: dict[str, Any], *answers: Answering) -> tuple[MisbehavingHost, HostClient]:
            host = stack.enter_context(MisbehavingHost(*answers))
            made = client(raw | {"base_url": host.address})
            stack.callback(made.close)
            return host, made

        yield started


def sent(start: Start, body: Any, variables: dict[str, Any] = A_TASK, **more: Any) -> Any:
    body = {"reference": "{{ reference }}", **body}
    host, made = start(block(task=task(body=body, **more)), MADE)
    made.write(TASK, variables)
    return host.seen[0].json()


# --- bodies ----------------------------------------------------------------------------------


def test_a_value_that_is_one_expression_keeps_its_kind(start: Start) -> None:
    body = {
        "inbox": "{{ inbox }}",
        "list": ["{{ 1 + 1 }}", "{{ true }}", "{{ case_id }}"],
        "text": "For {{ worker_id }}: {{ case_id }}{{ true }}",
        "typed": "2",
    }
    got = sent(start, body)
    assert got["inbox"] == {"kind": "worker", "id": "w1"}
    assert got["list"] == [2, True, None]
    assert got["text"] == "For w1: true"
    assert got["typed"] == "2"


def test_blank_values_can_be_left_out(start: Start) -> None:
    body = {"case": "{{ case_id }}", "form": "{{ form.url }}", "none": {"x": "{{ case_id }}"}}
    assert sent(start, body, omit_blank="true") == {"reference": A_TASK["reference"], "none": {}}
    assert sent(start, body)["case"] is None


def test_dates_are_written_as_the_host_wants_them(start: Start) -> None:
    body = {
        "uk": '{{ due_on | day("%d/%m/%Y") }}',
        "short": "{due_on:%d.%m.%Y}",
        "utc": "{{ due_at | utc }}",
        "blank": "{{ case_id | day }}",
        "cut": "{{ because | cut(9) }}",
        "json": "{{ inbox | json }}",
    }
    got = sent(start, body)
    assert got["uk"] == "17/06/2026"
    assert got["short"] == "17.06.2026"
    assert got["utc"] == "2026-06-17T16:00:00Z"
    assert got["blank"] == ""
    assert got["cut"] == "The rule…"
    assert got["json"] == '{"kind": "worker", "id": "w1"}'


def test_answers_are_data_and_never_templates_or_addresses(start: Start) -> None:
    nasty = A_TASK | {"title": "{{ 7 * 7 }} {text} {% raw %}", "person_id": "a/../b?x=1#y %2F"}
    host, made = start(BLOCK, MADE)
    made.write(TASK, nasty)
    assert host.seen[0].json()["title"] == nasty["title"]
    assert host.seen[0].path == "/people/a%2F..%2Fb%3Fx%3D1%23y%20%252F/tasks"


@pytest.mark.parametrize("person_id", ["", ".", "..", None])
def test_a_part_of_the_address_that_is_blank_or_dots_is_declined(
    start: Start, person_id: str | None
) -> None:
    host, made = start(BLOCK, MADE)
    with pytest.raises(Declined):
        made.write(TASK, A_TASK | {"person_id": person_id})
    assert host.seen == []


def test_what_a_form_lacks_is_declined_by_the_template_and_never_by_an_answer(
    start: Start,
) -> None:
    block_ = block(
        task=None,
        outcome={
            "find": BLOCK["task"]["find"],
            "create": {
                "method": "POST",
                "path": "/o",
                "body": {"r": "{{ reference }}", "on": "{{ write_back.closed_on }}"},
            },
        },
    )
    _, made = start(block_, MADE)
    with pytest.raises(Declined, match=r"write_back.closed_on.*default\(none\)"):
        made.write(EffectKind.OUTCOME, A_TASK | {"write_back": {"line": "secret"}})


def test_a_template_cannot_reach_into_python(start: Start) -> None:
    host, made = start(
        block(task=task(body={"r": "{{ reference }}", "x": "{{ reference.__class__.mro() }}"})),
        MADE,
    )
    with pytest.raises(Declined):
        made.write(TASK, A_TASK)
    assert host.seen == []


def test_headers_are_filled_and_cannot_be_split(start: Start) -> None:
    made_task = task(headers={"Idempotency-Key": "{{ reference }}", "X-Title": "{{ title }}"})
    host, made = start(block(task=made_task), MADE)
    made.write(TASK, A_TASK | {"title": "Café"})
    assert host.seen[0].headers["idempotency-key"] == A_TASK["reference"]
    for bad in ("a\r\nX-Evil: 1", "日本"):
        with pytest.raises(Declined):
            made.write(TASK, A_TASK | {"title": bad})
    assert len(host.seen) == 1


def test_a_form_post_sends_fields(start: Start) -> None:
    fields = {"ref": "{{ reference }}", "t": "a & {{ inbox.id }}"}
    host, made = start(block(task=task(kind="form", body=None, fields=fields)), MADE)
    made.write(TASK, A_TASK)
    assert host.seen[0].body == f"ref={A_TASK['reference']}&t=a+%26+w1".encode()


# --- the three ways to attach ----------------------------------------------------------------


def test_a_document_travels_as_base64_in_json(start: Start) -> None:
    create = {
        "method": "POST",
        "path": "/d",
        "body": {"r": "{{ reference }}", "c": "{{ base64 }}", "s": "{{ size }}"},
        "id": {"body": "id"},
    }
    host, made = start(attachment(create=create), MADE)
    assert made.write(DOCUMENT, A_DOCUMENT) == "41"
    assert host.seen[0].json()["c"] == A_DOCUMENT["base64"]
    assert host.seen[0].json()["s"] == len(PDF)


MULTIPART: dict[str, Any] = {
    "method": "POST",
    "path": "/d",
    "kind": "multipart",
    "file_part": "upload",
    "fields": {"r": "{{ reference }}", "category": "{{ settings.category }}"},
    "id": {"body": "id"},
}


def test_a_document_that_lacks_its_name_is_never_sent(start: Start) -> None:
    host, made = start(attachment(create=MULTIPART, settings={"category": "CASE_SUMMARY"}), MADE)
    nameless = {name: each for name, each in A_DOCUMENT.items() if name != "name"}
    with pytest.raises(Declined, match="Nothing was sent"):
        made.write(DOCUMENT, nameless)
    assert host.seen == []


def test_a_document_travels_as_multipart(start: Start) -> None:
    host, made = start(attachment(create=MULTIPART, settings={"category": "CASE_SUMMARY"}), MADE)
    assert made.write(DOCUMENT, A_DOCUMENT) == "41"
    head = f"Content-Type: {host.seen[0].headers['content-type']}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + host.seen[0].body, policy=email.policy.HTTP)
    found = {part.get_param("name", header="content-disposition"): part for part in parts.walk()}
    assert found["category"].get_payload(decode=True) == b"CASE_SUMMARY"
    assert found["upload"].get_payload(decode=True) == PDF
    assert found["upload"].get_filename() == A_DOCUMENT["name"]
    assert found["upload"].get_content_type() == "application/pdf"


UPLOAD = {
    "name": "upload",
    "method": "POST",
    "path": "/uploads",
    "kind": "binary",
    "id": {"body": "upload_id"},
}
LINK = {
    "method": "POST",
    "path": "/d",
    "body": {"r": "{{ reference }}", "u": "{{ steps.upload.id }}"},
    "id": {"body": "id"},
}


def test_a_document_travels_in_two_steps(start: Start) -> None:
    two_steps = attachment(steps=[UPLOAD], create=LINK)
    host, made = start(two_steps, reply(201, {"upload_id": "u1"}), MADE)
    assert made.write(DOCUMENT, A_DOCUMENT) == "41"
    assert host.seen[0].body == PDF
    assert host.seen[0].headers["content-type"] == "application/pdf"
    assert host.seen[1].json()["u"] == "u1"


def test_an_upload_that_ends_unclearly_is_certain_since_nothing_is_on_the_record(
    start: Start,
) -> None:
    host, made = start(attachment(steps=[UPLOAD], create=LINK), reply(502, Retry_After="3"))
    with pytest.raises(NotSent) as caught:
        made.write(DOCUMENT, A_DOCUMENT)
    assert (caught.value.status, caught.value.retry_after, len(host.seen)) == (502, 3.0, 1)
    assert "may have been done" not in str(caught.value)


def test_an_upload_that_is_refused_is_declined(start: Start) -> None:
    _, made = start(attachment(steps=[UPLOAD], create=LINK), reply(413))
    with pytest.raises(Declined):
        made.write(DOCUMENT, A_DOCUMENT)


def test_a_link_that_ends_unclearly_after_the_upload_is_ambiguous(start: Start) -> None:
    two_steps = attachment(steps=[UPLOAD], create=LINK)
    _, made = start(two_steps, reply(201, {"upload_id": "u1"}), reply(502))
    with pytest.raises(OutcomeUnknown):
        made.write(DOCUMENT, A_DOCUMENT)


def test_a_step_can_read_a_version_that_the_write_must_name(start: Start) -> None:
    read = {"name": "now", "method": "GET", "path": "/r", "id": {"header": "ETag"}}
    create = {"headers": {"If-Match": "{{ steps.now.id }}"}}
    steps = block(task={**task(**create), "steps": [read]})
    host, made = start(steps, reply(200, {}, ETag='"v7"'), MADE)
    made.write(TASK, A_TASK)
    assert host.seen[1].headers["if-match"] == '"v7"'


# --- ids -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "answer", "remote_id"),
    [
        ({"body": "data.task.id"}, reply(201, {"data": {"task": {"id": "T 1"}}}), "T 1"),
        ({"location": "true"}, reply(201, Location="/api/tasks/a%20b/?x=1"), "a b"),
        (
            {"header": "OData-EntityId", "pattern": r"\(([^)]+)\)"},
            reply(204, OData_EntityId="https://o.example/tasks(8f-1)"),
            "8f-1",
        ),
        ({"value": "{{ reference_guid }}"}, reply(204), A_TASK["reference_guid"]),
        ({"location": "true"}, reply(201, b"<p>Made</p>", Location="/9"), "9"),
    ],
)
def test_the_hosts_id_is_found_where_the_profile_says(
    start: Start, rule: dict[str, str], answer: Answering, remote_id: str
) -> None:
    _, made = start(block(task=task(id=rule)), answer)
    assert made.write(TASK, A_TASK) == remote_id


@pytest.mark.parametrize("rule", [{"location": "true"}, {"header": "X-Id"}])
def test_an_id_that_is_not_in_the_headers_is_ambiguous(start: Start, rule: dict[str, str]) -> None:
    _, made = start(block(task=task(id=rule)), reply(201))
    with pytest.raises(OutcomeUnknown):
        made.write(TASK, A_TASK)


# --- limits ----------------------------------------------------------------------------------


def test_a_long_title_ends_in_an_ellipsis_and_a_long_text_points_to_the_summary(
    start: Start,
) -> None:
    limited = block(task={**task(), "limits": {"title": "10", "text": "60"}})
    host, made = start(limited, MADE)
    made.write(TASK, A_TASK | {"title": "Ring the landlord", "text": "x" * 61})
    got = host.seen[0].json()
    assert got["title"] == "Ring the…"
    assert len(got["text"]) == 60
    assert got["text"].endswith("x… (cut here; the case summary has all of it)")
    made.write(TASK, A_TASK | {"title": "Ring today", "text": "x" * 60})
    assert host.seen[1].json()["title"] == "Ring today"
    assert host.seen[1].json()["text"] == "x" * 60


def test_a_long_document_name_keeps_its_ending(start: Start) -> None:
    create = {"method": "POST", "path": "/d", "body": {"r": "{{ reference }}", "n": "{{ name }}"}}
    host, made = start(attachment(create=create, limits={"name": "18"}), MADE)
    made.write(DOCUMENT, A_DOCUMENT)
    assert host.seen[0].json()["n"] == "Post-21 assess.pdf"


def test_a_document_over_the_limit_is_declined_in_plain_words(start: Start) -> None:
    create = {"method": "POST", "path": "/d", "body": {"r": "{{ reference }}"}}
    host, made = start(attachment(create=create, limits={"bytes": "8"}), MADE)
    with pytest.raises(Declined, match="Attach it by hand"):
        made.write(DOCUMENT, A_DOCUMENT)
    assert host.seen == []


# --- afterwards ------------------------------------------------------------------------------

LATER = {
    "cancel": {
        "method": "POST",
        "path": "/tasks/{{ remote_id }}/cancel",
        "body": {"reason": "{{ reason }}"},
        "already": ["404", "410"],
    },
    "reassign": {
        "method": "PATCH",
        "path": "/tasks/{{ remote_id }}",
        "body": {"assignee": "{{ inbox }}"},
    },
    "update": {
        "method": "PATCH",
        "path": "/tasks/{{ remote_id }}",
        "body": {"title": "{{ title }}", "due": "{{ due_on }}", "why": "{{ reason }}"},
    },
}


def test_a_task_can_be_cancelled_and_put_into_another_inbox(start: Start) -> None:
    host, made = start(block(task=task() | LATER), reply(204), reply(200, {}), reply(410))
    known = A_TASK | {"remote_id": "41", "reason": "They turned 25."}
    made.cancel(TASK, known)
    made.reassign(TASK, known)
    made.cancel(TASK, known)
    assert [seen.path for seen in host.seen] == [
        "/tasks/41/cancel",
        "/tasks/41",
        "/tasks/41/cancel",
    ]
    assert host.seen[0].json() == {"reason": "They turned 25."}
    assert host.seen[1].json() == {"assignee": {"kind": "worker", "id": "w1"}}


def test_a_task_can_be_given_another_date_and_other_words(start: Start) -> None:
    host, made = start(block(task=task() | LATER), reply(200, {}))
    known = A_TASK | {"remote_id": "41", "reason": "Amended.", "due_on": "2026-06-30"}
    made.update(TASK, known | {"title": "x" * 300})
    assert (host.seen[0].method, host.seen[0].path) == ("PATCH", "/tasks/41")
    sent = host.seen[0].json()
    assert (sent["due"], sent["why"]) == ("2026-06-30", "Amended.")


def test_an_update_that_gets_no_clear_answer_is_unknown(start: Start) -> None:
    _, made = start(block(task=task() | LATER), reply(500))
    with pytest.raises(OutcomeUnknown):
        made.update(TASK, A_TASK | {"remote_id": "41", "reason": ""})


def test_a_cancellation_fails_as_a_write_does(start: Start) -> None:
    _, made = start(block(task=task() | LATER), reply(500))
    with pytest.raises(OutcomeUnknown):
        made.cancel(TASK, A_TASK | {"remote_id": "41", "reason": ""})


def test_what_the_profile_has_no_way_for_is_declined(start: Start) -> None:
    _, made = start(BLOCK, MADE)
    for attempt in (made.cancel, made.reassign, made.update):
        with pytest.raises(Declined, match="does not say how"):
            attempt(TASK, A_TASK)
    with pytest.raises(Declined, match="attachment"):
        made.write(DOCUMENT, A_DOCUMENT)
    _, unsearched = start(block(idempotency="C", task={"create": task()["create"]}), MADE)
    with pytest.raises(Declined, match="look up"):
        unsearched.find(TASK, A_TASK)
