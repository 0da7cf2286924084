"""What mappings/OUTBOUND.md shows to IT officers is true."""

import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from connector.mapping.expressions import expression
from connector.mapping.outbound import Operation, Outbound
from connector.mapping.outbound_auth import KINDS
from connector.mapping.outbound_reads import (
    FETCH_WORDS,
    LIST_WORDS,
    PERSON_FIELDS,
    PERSON_WORDS,
    TASK_WORDS,
    FormsSchema,
    PersonReadSchema,
    TaskReadSchema,
)
from connector.mapping.outbound_schema import OutboundSchema
from connector.mapping.outbound_templates import compile_value
from connector.mapping.outbound_words import KEYS, words

GUIDE = (Path(__file__).parents[2] / "mappings" / "OUTBOUND.md").read_text(encoding="utf-8")
EXAMPLES: list[Any] = [
    yaml.load(each, yaml.BaseLoader)  # noqa: S506 - the loader that keeps everything text
    for each in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
]


def load(raw: Any) -> Outbound:
    made: Outbound = OutboundSchema().load(raw)
    return made


def test_the_worked_example_loads() -> None:
    made = load(EXAMPLES[0]["outbound"])
    assert made.task is not None
    assert made.task.limits.title == 80
    assert made.task.update is not None
    assert made.environment() == ("CASEHOST_URL", "CASEHOST_CLIENT_SECRET", "CASEHOST_CLIENT_ID")


def test_the_two_step_example_loads_in_its_place() -> None:
    attachment = EXAMPLES[1]["attachment"]
    found = EXAMPLES[0]["outbound"]["attachment"]["find"]
    whole = EXAMPLES[0]["outbound"] | {"attachment": attachment | {"find": found}}
    made = load(whole)
    assert made.attachment is not None
    assert made.attachment.steps[0].kind == "binary"


def test_the_reading_example_loads_beside_the_worked_example() -> None:
    reading, whole = EXAMPLES[2], EXAMPLES[0]["outbound"]
    made = load(whole | reading | {"task": whole["task"] | reading["task"]})
    assert made.task is not None
    assert made.task.read is not None
    assert made.person is not None
    assert made.forms is not None
    assert set(made.person.values) == set(PERSON_FIELDS)
    activity = {"status": "rejected", "completedOn": "17/06/2026", "outcomeCode": "Z"}
    answer = {"activity": activity | {"owner": {"reference": "Practitioner/20931"}}}
    read = {name: each.read(answer) for name, each in made.task.read.values.items()}
    assert read == {
        "state": "cancelled",
        "done_on": date(2026, 6, 17),
        "result": None,
        "assignee_id": "20931",
    }
    shaped = expression("{event: 'FORM_COMPLETED', form: @}")
    assert f"`{shaped.text}`" in GUIDE
    assert shaped.find(7) == {"event": "FORM_COMPLETED", "form": 7}


def test_everything_that_can_be_read_is_explained() -> None:
    schemas = (TaskReadSchema(), PersonReadSchema(), FormsSchema())
    keys = {key for schema in schemas for key in schema.fields}
    for name in keys | {*TASK_WORDS, *PERSON_WORDS, *LIST_WORDS, *FETCH_WORDS}:
        assert re.search(rf"`{name}[`:]", GUIDE), name
    for word in ("open", "done", "cancelled", "no_change", "change_needed", "none", "otherwise"):
        assert f"`{word}`" in GUIDE


def test_every_name_and_every_sign_in_is_explained() -> None:
    for kind in KEYS:
        known = words(kind, (), ())
        for name in known.names - known.closed:
            assert f"`{name.removeprefix('write_back.')}`" in GUIDE, name
    for each in KINDS:
        assert f"`{each}`" in GUIDE


def test_every_change_of_a_task_is_explained() -> None:
    changes = {each.name for each in fields(Operation)} - {"create", "find", "steps", "settings"}
    for name in changes - {"read", "limits"}:
        assert re.search(rf"`{name}`.*`remote_id`", GUIDE), name


def test_the_snippets_do_what_is_said() -> None:
    inbox = "{{ {'worker': 'systemusers', 'manager': 'systemusers', 'team': 'teams'}[inbox.kind] }}"
    assert inbox in GUIDE
    assert compile_value(inbox).fill({"inbox": {"kind": "team"}}) == "teams"
    for written, value in {"{{ 2 }}": 2, "{{ true }}": True, "{{ none }}": None}.items():
        assert written in GUIDE
        assert compile_value(written).fill({}) is value or value == 2
    lacking = "{{ write_back.closed_on | default(none) }}"
    assert lacking in GUIDE
    assert compile_value(lacking).fill({"write_back": {}}) is None
    assert compile_value("""{{ x | replace("'", "''") }}""").fill({"x": "O'N"}) == "O''N"
