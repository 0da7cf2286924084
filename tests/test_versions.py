"""Which version of a form a delivery is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from connector.versions import arrival

NOON = datetime(2026, 2, 12, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
EARLIER = NOON - timedelta(hours=1)


@dataclass(frozen=True)
class Kept:
    """A version of the form that is held."""

    submission_id: str = "sub_1"
    version: str | None = "1"
    ordinal: int | None = 1
    content_sha256: str | None = "a"
    completed_at: datetime | None = NOON


def test_the_first_version_replaces_nothing() -> None:
    placed = arrival([], "1", "a", NOON)
    assert (placed.kind, placed.version, placed.ordinal) == ("new", "1", 1)
    assert placed.replaces is None
    assert not placed.unannounced


def test_the_same_version_with_the_same_content_is_a_duplicate_of_it() -> None:
    placed = arrival([Kept()], "1", "a", LATER)
    assert (placed.kind, placed.same_as, placed.ordinal) == ("duplicate", "sub_1", 1)


def test_a_higher_number_supersedes_even_with_the_same_content() -> None:
    placed = arrival([Kept()], "2", "a", LATER)
    assert (placed.kind, placed.version) == ("new", "2")
    assert (placed.ordinal, placed.replaces) == (2, 1)


@pytest.mark.rules("EN-09")
def test_other_content_under_the_same_version_is_an_unannounced_amendment() -> None:
    placed = arrival([Kept()], "1", "b", LATER)
    assert (placed.kind, placed.version, placed.ordinal) == ("new", "1~2", 2)
    assert placed.unannounced
    third = arrival([Kept(), Kept("sub_2", "1~2", 2, "b", LATER)], "1", "c", LATER)
    assert (third.version, third.ordinal, third.replaces) == ("1~3", 3, 2)


@pytest.mark.rules("EN-09")
def test_an_unannounced_amendment_sent_again_is_a_duplicate() -> None:
    held = [Kept(), Kept("sub_2", "1~2", 2, "b", LATER)]
    assert arrival(held, "1", "b", LATER).same_as == "sub_2"


@pytest.mark.parametrize("version", ["2", "3"])
def test_an_older_number_arriving_late_is_outdated(version: str) -> None:
    assert arrival([Kept(version="10", completed_at=EARLIER)], version, "b", LATER).kind == (
        "outdated"
    )


def test_numbers_are_compared_as_numbers() -> None:
    assert arrival([Kept(version="9")], "10", "b", LATER).kind == "new"


def test_versions_that_are_no_numbers_are_ordered_by_completion() -> None:
    held = [Kept(version="2026-02-12T12:00")]
    assert arrival(held, "2026-02-12T13:00", "b", LATER).kind == "new"
    assert arrival(held, "2026-02-12T11:00", "b", EARLIER).kind == "outdated"


def test_the_same_version_completed_earlier_is_outdated() -> None:
    assert arrival([Kept()], "1", "b", EARLIER).kind == "outdated"


@pytest.mark.parametrize(("held", "new"), [(NOON, None), (None, NOON), (None, None)])
def test_a_form_is_not_set_aside_because_nobody_knows_when_it_was_completed(
    held: datetime | None, new: datetime | None
) -> None:
    assert arrival([Kept(completed_at=held)], "1", "b", new).kind == "new"


def test_a_version_of_ten_thousand_digits_breaks_nothing() -> None:
    assert arrival([Kept(version="x")], "9" * 10_000, "b", LATER).kind == "new"


def test_a_version_held_without_place_or_content_counts_as_none() -> None:
    placed = arrival([Kept(version=None, ordinal=None, content_sha256=None)], "1", "b", LATER)
    assert (placed.kind, placed.ordinal, placed.replaces) == ("new", 1, None)
