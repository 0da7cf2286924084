"""What counts as no answer at all."""

import pytest

from connector.mapping.answers import Answer


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}, [""], [None], [{}], {"a": []}])
def test_nothing_typed_or_chosen_is_blank_whatever_the_host_sends_for_it(nothing: object) -> None:
    assert Answer("q", nothing).is_blank


@pytest.mark.parametrize("something", [0, False, "0", [0], [False], {"a": ["x"]}])
def test_a_no_and_a_nought_are_answers(something: object) -> None:
    assert not Answer("q", something).is_blank
