"""Six layouts nobody had in mind when the language was made: YAML alone reads them whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from connector.mapping import translate
from connector.mapping.selecting import ENVELOPE
from connector.model import Reading
from connector.profiles import load_folder
from schemas import FORMS, Kind

FOLDER = Path(__file__).parent / "unseen"
LAYOUTS = sorted(each.name for each in FOLDER.iterdir() if each.is_dir())

LEFT_OVER = {
    ("control_views", "tailored_support_agreement"): {"Accommodation suitability"},
    ("xml_turned_into_json", "tailored_support_agreement"): {"Visit interval unit"},
}
"""Answers the two forms ask for and no field takes; every other answer has its field."""
BOTH_FORMS = ("tailored_support_agreement", "post_21_assessment")


def readings(layout: str, file: str) -> tuple[Reading, ...]:
    payload = json.loads((FOLDER / layout / f"{file}.json").read_text(encoding="utf-8"))
    return translate(load_folder(FOLDER / layout), payload).readings


def in_our_words(reading: Reading) -> dict[str, Any]:
    questions = ENVELOPE | FORMS[reading.form_type].questions
    yes_no = {name for name, each in questions.items() if each.kind is Kind.YES_NO}
    values = {
        name: ("yes" if value else "no") if name in yes_no else value
        for name, value in reading.values.items()
    }
    for name in {"actions", "parties"} & set(values):
        values[name] = [
            {c: {True: "yes", False: "no"}.get(v, v) if c == "done" else v for c, v in row.items()}
            for row in values[name]
        ]
    return values


@pytest.mark.parametrize("form", BOTH_FORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_answer_is_understood(layout: str, form: str) -> None:
    expected = json.loads((FOLDER / layout / f"{form}.expected.json").read_text(encoding="utf-8"))
    (reading,) = readings(layout, form)
    understood = in_our_words(reading)
    assert reading.faults == ()
    assert understood.pop("completed_at")[:10] == {
        "2026-06-30T23:30:00+00:00": "2026-07-01",
        "2026-06-30T23:40:00+00:00": "2026-07-01",
    }.get(expected.pop("completed_at"), "2026-06-30")
    assert understood == expected


@pytest.mark.parametrize("form", BOTH_FORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_answer_is_lost_or_told_twice(layout: str, form: str) -> None:
    (reading,) = readings(layout, form)
    left_over = {each.question for each in reading.also_recorded}
    assert left_over == LEFT_OVER.get((layout, form), set())


def test_two_young_people_on_one_form_are_two_readings_without_the_parent() -> None:
    people = readings("steps_as_json_texts", "two_young_people")
    assert [each.values["person_id"] for each in people] == ["00033456", "00033457"]
    assert [each.values["record_restricted"] for each in people] == [True, False]
