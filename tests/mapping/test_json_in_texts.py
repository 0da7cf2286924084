"""JSON inside a text is opened into what can be kept and shown, else left as the text it is."""

import pytest

from connector.mapping.json_texts import DEEPEST, opened


def test_what_is_json_is_opened() -> None:
    assert opened('[{"what": "Ring", "done": false}]') == [{"what": "Ring", "done": False}]


@pytest.mark.parametrize("text", ["not JSON", "[1,", "7" * 5000, "[" * 20_000])
def test_what_is_none_stays_the_text_it_is(text: str) -> None:
    assert opened(text) == text


@pytest.mark.faults("M5")
def test_a_character_that_cannot_be_stored_is_shown_as_one_that_could_not_be_read() -> None:
    assert opened('{"a\\u0000": ["b\\ud800", "\\udc00c"]}') == {"a\ufffd": ["b\ufffd", "\ufffdc"]}
    assert opened('"\\ud83d\\ude42"') == "\U0001f642"


@pytest.mark.faults("M5")
def test_it_may_be_nested_as_deep_as_a_body_and_no_deeper() -> None:
    deep = "[" * DEEPEST + "]" * DEEPEST
    assert isinstance(opened(deep), list)
    assert opened(f"[{deep}]") == f"[{deep}]"
