"""Any JSON value gives a Translation: a bad payload is never lost to an exception."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import EXAMPLES, HOSTS, example, profile, sample_event, sample_events

from connector.mapping import Outcome, Translation, translate

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["Y", "31/02/2026", "/Date(99999999999999)/", "[{", "0001-01-01T00:00:00Z"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("host", HOSTS)
@given(payload=JSON)
@settings(max_examples=60, deadline=None)
@pytest.mark.faults("M4")
def test_any_json_value(host: str, payload: Any) -> None:
    assert isinstance(translate(profile(host), payload), Translation)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    found = [path]
    for key, each in inner:
        here = (*path, key)
        found += places(each, here) if isinstance(each, dict | list) else [here]
    return found


@pytest.mark.parametrize("host", EXAMPLES)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
@pytest.mark.faults("M4")
def test_an_example_with_anything_in_one_place(host: str, data: st.DataObject) -> None:
    payload = copy.deepcopy(example(host))
    put_anything_somewhere(payload, data)
    assert isinstance(translate(profile(host), payload), Translation)


@pytest.mark.parametrize("host", HOSTS)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_an_event_with_anything_in_one_place(host: str, data: st.DataObject) -> None:
    payload = sample_event(host, data.draw(st.sampled_from(sample_events(host))))
    put_anything_somewhere(payload, data)
    got = translate(profile(host), payload)
    assert (got.event is None) == (got.outcome is not Outcome.EVENT)
    assert got.event is None or got.event.occurred_at.utcoffset() is not None


def put_anything_somewhere(payload: Any, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(payload)[1:]))
    node = payload
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = data.draw(JSON)


@pytest.mark.faults("M4", "M5")
def test_a_payload_nested_beyond_reason() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = {"answers": [deep], "a": deep} if _ % 50 == 0 else {"a": deep}
    for host in HOSTS:
        assert isinstance(translate(profile(host), deep), Translation)
