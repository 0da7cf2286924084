"""Mangled samples of every profile (M4): read without an exception, and each failing field listed.

What was understood fits the schemas; what was not is named, with a problem a person can act on.
"""

import copy
import json
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_once import packaged
from shipped import FOLDER, HOSTS, profile

from connector.dry_run import try_payload
from connector.mapping import Outcome, Translation, translate
from connector.model import Reading
from connector.validation import validate

DAY = date(2035, 1, 1)
SAMPLES = [
    (host, file.stem)
    for host in HOSTS
    for file in sorted((FOLDER / host / "samples").glob("*.json"))
]
WORDS = (
    "", " ", "Y", "No", "O2", "31/02/2026", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59Z",
    "/Date(99999999999999)/", "1;2;3", "[{", '{"a": 1}', "[1e999]", '"\\ud800"', "tomorrow",
    "\u0000", "\u202e", "x" * 5_000, "19790101", "12:61", "true", "null", "NaN", "-0",
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(WORDS)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def sample(host: str, form: str) -> Any:
    return json.loads((FOLDER / host / "samples" / f"{form}.json").read_text("utf-8"))


def mangled(payload: Any, data: st.DataObject) -> Any:
    """A copy with up to four places changed, dropped or doubled."""
    changed = copy.deepcopy(payload)
    for _ in range(data.draw(st.integers(1, 4))):
        group, key = data.draw(st.sampled_from(list(_places(changed))))
        match data.draw(st.sampled_from(["anything", "dropped", "doubled"])):
            case "anything":
                group[key] = data.draw(ANYTHING)
            case "dropped":
                del group[key]
            case "doubled":
                group[key] = [copy.deepcopy(group[key]), copy.deepcopy(group[key])]
        if not changed:
            break
    return changed


def _places(node: Any) -> Any:
    inner = list(node.items() if isinstance(node, dict) else enumerate(node))
    for key, each in inner:
        yield node, key
        if isinstance(each, dict | list):
            yield from _places(each)


def check_every_answer_is_used_or_listed(reading: Reading) -> None:
    form = validate(reading, DAY)
    assert {fault.field for fault in reading.faults} <= form.unreadable
    told = [each for each in form.problems if each.question and each.message]
    assert len(told) >= len(form.unreadable)
    listed = {field.partition("[")[0] for field in form.unreadable}
    used = asdict(form.envelope) | asdict(form.answers)
    for field in reading.values.keys() - listed:
        assert used[field] is not None, field


@pytest.mark.parametrize(("host", "form"), SAMPLES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_mangled_sample_is_read_or_says_what_fails(
    host: str, form: str, data: st.DataObject
) -> None:
    translation = translate(profile(host), mangled(sample(host, form), data))
    assert isinstance(translation, Translation)
    assert bool(translation.readings) == (translation.outcome is Outcome.READ)
    assert translation.readings or translation.reason or translation.event
    for reading in translation.readings:
        check_every_answer_is_used_or_listed(reading)


@pytest.mark.parametrize(("host", "form"), SAMPLES)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_a_mangled_sample_can_be_tried_to_its_end(
    host: str, form: str, data: st.DataObject
) -> None:
    council = packaged()
    payload = mangled(sample(host, form), data)
    result = try_payload(profile(host), payload, council.policy, council.working, DAY)
    assert result["line"]
    json.dumps(result, allow_nan=False)


@pytest.mark.parametrize(("host", "form"), SAMPLES)
def test_an_unharmed_sample_has_nothing_unreadable(host: str, form: str) -> None:
    translation = translate(profile(host), sample(host, form))
    assert translation.outcome is Outcome.READ
    for reading in translation.readings:
        assert validate(reading, DAY).unreadable == frozenset()
