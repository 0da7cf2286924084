"""mappings/README.md is enough to map a new layout: what it shows works; nothing is left out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from field_tables import README, written
from small_profiles import answers, profile

from connector import profiles
from connector.dry_run import understood
from connector.events import EVENT_FIELDS, EventKind
from connector.mapping import translate
from connector.mapping.choosing import NO, YES
from connector.mapping.event_kinds import CONTENTS
from connector.mapping.event_schema import EventSchema
from connector.mapping.host_schema import COMPLETIONS, HostSchema, form_schema
from connector.mapping.layout_schema import LAYOUTS, LayoutSchema
from connector.mapping.reading_dates import NAMED
from connector.mapping.rule_checks import KIND_NAMES
from connector.mapping.rule_schema import RuleSchema
from connector.policy.settings_schema import BLOCKS
from connector.signature import Kind
from schemas import FORMS, questions_of
from schemas.envelope import EnvelopeSchema

GUIDE = README.read_text("utf-8")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def file(name: str) -> str:
    """A file of the worked example."""
    after = GUIDE.split(f"<!-- file: {name} -->\n")[1]
    return BLOCK.match(after).group(2)  # type: ignore[union-attr]


def triples(of: str = "layouts") -> Iterator[tuple[str, str, str]]:
    """Message, lines under `inbound:` and what is understood, of every small example."""
    for part in GUIDE.split(f"<!-- {of}: tested -->\n")[1:]:
        blocks = [found.group(2) for found in BLOCK.finditer(part.split("<!-- end of")[0])]
        yield from zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True)


@pytest.mark.parametrize(("payload", "inbound", "read"), list(triples()))
def test_every_small_example_reads_as_it_says(payload: str, inbound: str, read: str) -> None:
    assert answers(inbound, json.loads(payload)) == json.loads(read)


@pytest.mark.parametrize(("payload", "inbound", "said"), list(triples("events")))
def test_every_small_event_reads_as_it_says(payload: str, inbound: str, said: str) -> None:
    small = profile(f"fields: {{outcome: outcome}}\n{inbound}")
    assert understood(small, json.loads(payload))[0]["answers"] == json.loads(said)


def test_the_table_of_events_is_that_of_the_connector() -> None:
    table = GUIDE.split("## Events")[1].split("A block of")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
    listed = [row for row in rows if len(row) == 5][2:]
    written = {row[0].strip("`"): (row[3], row[4]) for row in listed}
    assert written == {
        kind.value: (
            "; ".join(" or ".join(f"`{name}`" for name in group) for group in each.needs),
            ", ".join(f"`{name}`" for name in each.also),
        )
        for kind, each in CONTENTS.items()
    }


def test_there_is_a_small_example_for_each_layout() -> None:
    assert len(list(triples())) >= 20


def test_the_worked_example_works(tmp_path: Path) -> None:
    folder = tmp_path / "northshire"
    folder.mkdir()
    for name in ("host.yaml", "post_21_assessment.yaml"):
        (folder / name).write_text(file(f"northshire/{name}"), "utf-8")
    got = translate(profiles.load_folder(folder), json.loads(file("form.json"))).readings[0]
    envelope = {"form_type", *questions_of(EnvelopeSchema)}
    mapped = {name: each for name, each in got.values.items() if name not in envelope}
    assert mapped == json.loads(file("understood.json"))
    assert got.faults == ()
    assert got.values["completed_at"] == "2026-07-14T16:20:00+01:00"
    assert (got.values["person_id"], got.values["person_last_name"]) == ("3301", "Sample")
    assert [(each.question, each.answer) for each in got.also_recorded] == [
        ("Any pets?", "One cat")
    ]


def test_the_field_tables_are_those_of_the_schemas() -> None:
    """`python tests/mapping/field_tables.py` makes them afresh."""
    assert written(GUIDE) == GUIDE


def test_every_canonical_field_and_column_appears() -> None:
    questions = dict(questions_of(EnvelopeSchema))
    for form in FORMS.values():
        questions |= form.questions
    names = set(questions) - {"closure_other"}
    for question in questions.values():
        names |= set(question.columns or {})
    assert [name for name in sorted(names) if f"`{name}`" not in GUIDE] == []


def _keys(schema: Any) -> set[str]:
    return {field.data_key or name for name, field in schema.fields.items()}


def test_every_verb_and_key_of_the_language_appears() -> None:
    host = HostSchema()
    inbound = host.fields["inbound"].schema  # type: ignore[attr-defined]
    names = {"first_of", "all_of", "rows_of", *_keys(RuleSchema()), *_keys(LayoutSchema())}
    names |= _keys(host) | _keys(inbound) | _keys(inbound.fields["select"].schema)
    names |= _keys(inbound.fields["subjects"].schema) | _keys(form_schema("post_21_assessment"))
    names |= _keys(EventSchema()) | {*EVENT_FIELDS, *map(str, EventKind), *COMPLETIONS}
    names |= {*LAYOUTS, *NAMED, *KIND_NAMES, *map(str, Kind)} - {"profile"}
    missing = [name for name in sorted(names - {"profile"}) if name not in GUIDE]
    assert missing == []


def test_every_policy_setting_appears() -> None:
    names = [f"{block}.{key}" for block, schema in BLOCKS.items() for key in schema().fields]
    assert [name for name in names if f"`{name}`" not in GUIDE] == []


def test_the_words_for_yes_and_no_are_listed() -> None:
    listed = GUIDE.split("**Yes and no.**")[1].split("\n\n")[0].lower()
    assert [word for word in YES | NO if f"`{word}`" not in listed] == []
