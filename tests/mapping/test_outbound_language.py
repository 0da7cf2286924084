"""The outbound block: what it turns into, and that every mistake is told at its place."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from connector.mapping.outbound import CALL_MARGIN, Outbound
from connector.mapping.outbound_auth import ClientCredentials
from connector.mapping.outbound_schema import OutboundSchema
from connector.model import EffectKind

TASK: dict[str, Any] = {
    "create": {
        "method": "POST",
        "path": "/tasks",
        "body": {"title": "{{ title }}", "ref": "{{ reference }}"},
        "success": ["200", "201"],
        "id": {"body": "id"},
    },
    "find": {
        "method": "GET",
        "path": "/tasks?ref={{ reference }}",
        "items": "items",
        "reference": "ref",
        "id": "id",
    },
}
BLOCK: dict[str, Any] = {
    "base_url_env": "HOST_URL",
    "auth": {"type": "bearer", "token_env": "HOST_TOKEN"},
    "idempotency": "B",
    "task": TASK,
}


READ = {"method": "GET", "path": "/tasks/{{ remote_id }}", "state": "state"}
STATE = {"path": "state", "map": {"9": "closed"}}
CODE = {"path": "result", "otherwise": "maybe"}
DAY = {"path": "day", "date_formats": "DD/MM"}
ZONE = {"path": "day", "zone": "London"}
PERSON = {"method": "GET", "path": "/people/{{ person_id }}"}
HEADER = "person.read.headers.X.value"
FORMS = {"method": "GET", "path": "/forms?since={{ since }}", "items": "items"}
THICK = FORMS | {"id": "id", "payload": "form"}
FETCH = {"method": "GET", "path": "/forms/{{ id }}"}
BYTES = {"method": "POST", "path": "/{{ reference }}", "kind": "binary"}
OF_A_TASK = BYTES | {"path": "/{{ due_on }}"}
ON_A_TASK = BYTES | {"path": "/{{ task_remote_id }}"}


def load(raw: dict[str, Any]) -> Outbound:
    made: Outbound = OutboundSchema().load(raw)
    return made


def changed(place: str, value: Any) -> dict[str, Any]:
    """The block with one place, such as `task.create.path`, set to a value (None: taken out)."""
    made = deepcopy(BLOCK)
    *way, last = place.split(".")
    inner: Any = made
    for key in way:
        inner = inner.setdefault(key, {})
    inner.pop(last, None)
    if value is not None:
        inner[last] = value
    return made


def problems(raw: dict[str, Any]) -> dict[str, str]:
    """Every problem of a block by its place."""
    with pytest.raises(ValidationError) as caught:
        load(raw)
    return dict(_flat(caught.value.messages, ""))


def _flat(messages: Any, place: str) -> Any:
    if isinstance(messages, dict):
        for key, each in messages.items():
            yield from _flat(each, f"{place}.{key}" if place else str(key))
    else:
        yield place, " ".join(messages)


def test_texts_become_numbers_codes_and_defaults() -> None:
    made = load(BLOCK | {"timeouts": {"read": "7.5"}, "rate": {"per_minute": "60"}})
    assert (made.timeouts.connect, made.timeouts.read) == (5.0, 7.5)
    assert (made.rate.per_minute, made.rate.concurrency) == (60, 2)
    assert (made.settle_seconds, made.reference, made.idempotency) == (600.0, "text", "B")
    task = made.operation(EffectKind.TASK)
    assert task is not None
    assert task.create.success == {200, 201}
    assert made.operation(EffectKind.DOCUMENT) is None
    assert made.environment() == ("HOST_URL", "HOST_TOKEN")


@pytest.mark.parametrize(
    ("given", "settle"),
    [
        ({}, 600.0),
        ({"timeouts": {"gateway": "60"}}, 600.0),
        ({"timeouts": {"gateway": "300"}}, 900.0),
        ({"timeouts": {"gateway": "300"}, "settle_seconds": "30"}, 30.0),
    ],
)
def test_the_settle_window_is_three_times_the_wait_of_the_gateway_unless_it_is_written(
    given: dict[str, Any], settle: float
) -> None:
    assert load(BLOCK | given).settle_seconds == settle


def test_the_longest_call_counts_the_steps_before_it() -> None:
    timed = BLOCK | {"timeouts": {"connect": "5", "read": "30"}}
    step = {"name": "upload", "method": "POST", "path": "/u", "id": {"body": "id"}}
    stepped = {**timed, "task": {**timed["task"], "steps": [step, step | {"name": "again"}]}}
    assert load(timed).longest_call_seconds == 35 + CALL_MARGIN
    assert load(stepped).longest_call_seconds == 3 * 35 + CALL_MARGIN


def test_an_oauth_block_names_its_variables() -> None:
    auth = {
        "type": "oauth2_client_credentials",
        "token_url": "https://login.example/token",
        "client_id_env": "CID",
        "client_secret_env": "CSECRET",
    }
    made = load(BLOCK | {"auth": auth})
    assert isinstance(made.auth, ClientCredentials)
    assert made.environment() == ("HOST_URL", "CSECRET", "CID")


def test_every_problem_is_told_at_once_and_at_its_place() -> None:
    raw = {
        "base_url_env": "my secret!",
        "tls": {"verify": "false"},
        "idempotency": "B",
        "bogus": "1",
        "auth": {"type": "basic", "password_env": "PW"},
        "timeouts": {"connect": "soon"},
        "task": {
            "create": {
                "method": "PSOT",
                "path": "tasks",
                "success": ["200", "999"],
                "body": {"a": ["ok", {"title": "{tilte}"}], "b": "{{ c"},
            },
            "find": {"method": "GET", "path": "/t", "items": "a[", "id": "id"},
        },
        "outcome": {"create": {"method": "POST", "path": "/o", "kind": "multipart"}},
        "case_note": {"create": {"method": "POST", "path": "/o"}},
    }
    found = problems(raw)
    assert set(found) == {
        "base_url_env",
        "tls.verify",
        "bogus",
        "auth.username",
        "timeouts.connect",
        "task.create.method",
        "task.create.path",
        "task.create.success.1",
        "task.create.body.a.1.title",
        "task.create.body.b",
        "task.find.items",
        "task.find.reference",
        "outcome.create.file_part",
        "case_note.create",
        "case_note.find",
    }
    assert "never the secret itself" in found["base_url_env"]
    assert "secret!" not in " ".join(found.values())
    assert "Did you mean “title”?" in found["task.create.body.a.1.title"]
    assert "allow_http, attachment, auth" in found["bogus"]


@pytest.mark.parametrize(
    ("place", "value", "told_at", "words"),
    [
        ("auth", None, "auth", "required"),
        ("auth.type", "magic", "auth.type", "oauth2_client_credentials"),
        ("auth.token", "abc", "auth.token", "no such key"),
        ("auth", "bearer", "auth", "{type: …}"),
        ("base_url", "https://h.example", "base_url", "either"),
        ("base_url_env", None, "base_url", "either"),
        ("base_path", "api/", "base_path", "/one/two"),
        ("idempotency", "D", "idempotency", "A, B or C"),
        ("reference", "uuid", "reference", "text or guid"),
        ("settle_seconds", "-1", "settle_seconds", "at least 0"),
        ("rate.concurrency", "0", "rate.concurrency", "at least 1"),
        ("rate.per_minute", "1.5", "rate.per_minute", "whole number"),
        ("task.find", None, "task.find", "class B"),
        ("task.create.body", {"title": "{{ title }}"}, "task.create", "reference"),
        ("task.create.path", "//evil.example/x", "task.create.path", "one slash"),
        ("task.create.path", "/x/{{ steps.up.id }}", "task.create.path", "steps"),
        ("task.create.body", {"x": "{{ settings.y }}"}, "task.create.body.x", "settings.y"),
        ("task.create.body", {"x": "{{ write_back }}"}, "task.create.body.x", "write_back"),
        ("task.create.body", {"x": "{{ inbox.mail }}"}, "task.create.body.x", "inbox.id"),
        ("task.create.body", {"x": "{{ title | shout }}"}, "task.create.body.x", "shout"),
        ("task.create.body", {"x": "{title} {{ text }}"}, "task.create.body.x", "{{ title }}"),
        ("task.create.body", {"x": "{% include 'f' %}"}, "task.create.body.x", "another one"),
        ("task.create.headers", {"X": "{{ tset }}"}, "task.create.headers.X.value", "text"),
        ("task.create.id", {"body": "id", "header": "X"}, "task.create.id._schema", "one of"),
        ("task.create.id", {"header": "X", "pattern": "("}, "task.create.id.pattern", "read"),
        ("task.create.kind", "form", "task.create.body", "no body"),
        ("task.create", BYTES, "task.create.kind", "Only an attachment"),
        ("task.create.omit_blank", "maybe", "task.create.omit_blank", "true or false"),
        ("task.create.file_part", "f", "task.create.file_part", "no file_part"),
        ("task.create.already", "200", "task.create.already", "400 to 499"),
        ("task.create", "POST /tasks", "task.create._schema", "keys and values"),
        ("task.find.method", "PUT", "task.find.method", "GET, POST"),
        ("task.limits", {"title": "long"}, "task.limits.title", "whole number"),
        ("outcome.create", TASK["create"], "outcome.create.body.title", "no such"),
        ("case_note.cancel", TASK["create"], "case_note.cancel", "no such key"),
        ("task_attachment.create", OF_A_TASK, "task_attachment.create.path", "due_on"),
        ("attachment.create", ON_A_TASK, "attachment.create.path", "task_remote_id"),
        ("task.read", {"path": "/t"}, "task.read.state", "required"),
        ("task.read", READ | {"method": "DELETE"}, "task.read.method", "GET, POST"),
        ("task.read", READ | {"path": "/t/{{ title }}"}, "task.read.path", "remote_id"),
        ("task.read", READ | {"done": "x"}, "task.read.done", "done_on"),
        ("task.read", READ | {"state": "a["}, "task.read.state", "cannot be read"),
        ("task.read", READ | {"state": {"map": {}}}, "task.read.state.path", "required"),
        ("task.read", READ | {"state": ["a"]}, "task.read.state._schema", "keys and values"),
        ("task.read", READ | {"state": STATE | {"extract": "x"}}, "task.read.state.extract", "map"),
        ("task.read", READ | {"state": STATE}, "task.read.state.map.9.value", "open, done"),
        ("task.read", READ | {"result": CODE}, "task.read.result.otherwise", "no_change"),
        ("task.read", READ | {"done_on": DAY}, "task.read.done_on.date_formats", "%d-%b-%Y"),
        ("task.read", READ | {"done_on": ZONE}, "task.read.done_on.zone", "Europe/London"),
        ("task.read", READ | {"items": "a"}, "task.read.id", "the right one"),
        ("task.read", READ | {"absent": "200"}, "task.read.absent", "400 to 499"),
        ("case_note.read", READ, "case_note.read", "no such key"),
        ("person", {}, "person.read", "required"),
        ("person.find", READ, "person.find", "There are: read"),
        ("person.read", PERSON, "person.read._schema", "date_of_birth, died_on"),
        ("person.read", PERSON | {"name": "n"}, "person.read.name", "no such key"),
        ("person.read", PERSON | {"path": "/{{ remote_id }}"}, "person.read.path", "person_id"),
        ("person.read", PERSON | {"headers": {"X": "{{ settings.y }}"}}, HEADER, "settings.y"),
        ("forms", {"every_minutes": "5"}, "forms.list", "required"),
        ("forms.every_minutes", "0", "forms.every_minutes", "at least 1"),
        ("forms.list", FORMS | {"path": "/f?from={{ form.id }}"}, "forms.list.path", "since"),
        ("forms.list", FORMS | {"reference": "r"}, "forms.list.reference", "no such key"),
        ("forms", {"list": FORMS, "fetch": FETCH}, "forms.list.id", "fetch needs"),
        ("forms", {"list": THICK, "fetch": FETCH}, "forms.list.payload", "under fetch"),
        ("forms.fetch", FETCH | {"path": "/f/{{ since }}"}, "forms.fetch.path", "id"),
        ("task.steps", [{"method": "GET", "path": "/x"}], "task.steps.0.name", "required"),
    ],
)
def test_a_mistake_is_told_where_it_stands(
    place: str, value: Any, told_at: str, words: str
) -> None:
    found = problems(changed(place, value))
    assert told_at in found, found
    if words != "no such":
        assert words in found[told_at]


def test_a_plain_http_address_needs_leave() -> None:
    raw = {key: each for key, each in BLOCK.items() if key != "base_url_env"}
    assert "https" in problems(raw | {"base_url": "http://h.example"})["base_url"]
    assert load(raw | {"base_url": "http://h.example", "allow_http": "yes"}).allow_http
    assert load(raw | {"base_url": "http://127.0.0.1:8090"})


def test_settings_of_the_block_and_of_the_operation_may_be_named() -> None:
    raw = changed("task.settings", {"queue": "Q"}) | {"settings": {"org": "O"}}
    raw["task"]["create"]["headers"] = {"X": "{{ settings.queue }}{{ settings.org }}"}
    task = load(raw).task
    assert task is not None
    filled = task.create.headers["X"].fill({"settings": {"queue": "Q", "org": "O"}})
    assert filled == "QO"


def test_cancelling_may_name_what_is_there_already() -> None:
    cancel = {"method": "POST", "path": "/tasks/{{ remote_id }}", "body": {"why": "{{ reason }}"}}
    assert load(changed("task.cancel", cancel))
    assert "task.create.path" in problems(changed("task.create.path", "/{{ remote_id }}"))


def test_a_host_that_wants_guids_must_be_given_them() -> None:
    found = problems(BLOCK | {"reference": "guid"})
    assert "reference_guid" in found["task.create"]


def test_class_c_needs_no_look_up() -> None:
    raw = changed("task.find", None) | {"idempotency": "C"}
    assert load(raw).idempotency == "C"


def test_reads_turn_into_rules_with_defaults() -> None:
    made = load(
        changed("task.read", READ | {"done_on": {"path": "day", "zone": "UTC"}})
        | {"person": {"read": PERSON | {"restricted": "r"}}, "forms": {"list": FORMS}}
    )
    task, person, forms = made.task, made.person, made.forms
    assert task is not None
    assert task.read is not None
    assert set(task.read.values) == {"state", "done_on"}
    assert task.read.values["state"].read({"state": "Done"}) == "done"
    assert task.read.values["done_on"].read({"day": "2026-06-16T23:30:00"}) == date(2026, 6, 17)
    assert person is not None
    assert [person.values["restricted"].read({"r": each}) for each in YES_NO] == [True, False, None]
    assert forms is not None
    assert (forms.every_minutes, forms.fetch, forms.list.payload.find(7)) == (15, None, 7)


YES_NO = (True, "No", None)


def test_reads_may_name_the_settings_of_the_profile() -> None:
    raw = BLOCK | {"settings": {"org": "O"}, "person": {"read": PERSON | {"team_id": "t"}}}
    raw["person"]["read"]["headers"] = {"X": "{{ settings.org }}"}
    assert load(raw).person


def test_a_file_may_be_put_onto_a_task() -> None:
    create = {
        "method": "POST",
        "path": "/tasks/{{ task_remote_id }}/files?ref={{ reference }}",
        "kind": "binary",
    }
    made = load(BLOCK | {"task_attachment": {"create": create, "find": TASK["find"]}})
    assert made.operation(EffectKind.TASK_DOCUMENT) is made.task_attachment
    assert "task_attachment.find" in problems(BLOCK | {"task_attachment": {"create": create}})
