"""Dates as hosts write them become the calendar day in London (domain 1.2, 3.3)."""

from zoneinfo import ZoneInfo

import pytest

from connector.mapping.reading_dates import format_fault, london_day, london_moment, read_when

UTC = ZoneInfo("UTC")


def day(value: object, *formats: str, zone: ZoneInfo | None = None) -> str | None:
    when = read_when(value, formats)
    on = london_day(when, zone) if when else None
    return on.isoformat() if on else None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("25/03/2026", "2026-03-25"),
        ("1/4/2026", "2026-04-01"),
        ("1/4/26", "2026-04-01"),
        ("01.10.2007", "2007-10-01"),
        ("1-Oct-07", "2007-10-01"),
        ("27 March 2026", "2026-03-27"),
        ("Friday 27th March 2026", "2026-03-27"),
        ("27/03/2026 14:05", "2026-03-27"),
        ("27/03/2026 11:59 pm", "2026-03-27"),
        ("2026-03-27", "2026-03-27"),
        ("2026-03-27T14:05:00", "2026-03-27"),
        ("29/02/2004", "2004-02-29"),
        ("12/05/55", "2055-05-12"),
        ("12/05/99", "1999-05-12"),
    ],
)
def test_uk_and_iso_dates_are_read_without_saying_so(typed: str, expected: str) -> None:
    assert day(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["31/02/2026", "2026-02-30", "29/02/2026", "soon", "20260203", 20260203, "2026-W05-2", True,
     "32/01/2026", "1/13/2026", "27/03/2026 25:00", "/Date(99999999999999999)/", "", None, [], {}],
)  # fmt: skip
def test_what_is_no_real_day_is_none(typed: object) -> None:
    assert day(typed) is None


def test_a_time_in_utc_counts_on_its_london_day() -> None:
    assert day("2026-06-30T23:30:00Z") == "2026-07-01"
    assert day("2026-06-30T23:30:00+00:00") == "2026-07-01"
    assert day("2026-01-30T23:30:00.1234567Z") == "2026-01-30"
    assert day("2026-07-01T00:30:00+05:00") == "2026-06-30"


def test_a_time_without_offset_is_one_of_the_zone_of_the_profile() -> None:
    assert day("2026-06-30T23:30:00") == "2026-06-30"
    assert day("2026-06-30T23:30:00", zone=UTC) == "2026-07-01"
    assert day("2026-06-30", zone=UTC) == "2026-06-30"


def test_microsoft_dates_count_milliseconds_in_utc() -> None:
    assert day("/Date(1078012800000)/") == "2004-02-29"
    assert day("/Date(1774620300000+0000)/") == "2026-03-27"
    assert day("/Date(1782862200000+0100)/") == "2026-07-01"
    assert day("/Date(-315619200000)/") == "1960-01-01"


def test_numbers_are_dates_only_where_the_profile_says_so() -> None:
    assert day("46108") is None
    assert day(46108, "excel") == "2026-03-27"
    assert day(46108.75, "excel") == "2026-03-27"
    assert day("1774620300", "epoch") == "2026-03-27"
    assert day(1774620300000, "epoch_ms") == "2026-03-27"
    assert day(1e300, "epoch") is None


def test_the_profiles_own_formats_come_first() -> None:
    assert day("03/04/2026", "%m/%d/%Y") == "2026-03-04"
    assert day("25/03/2026", "%m/%d/%Y") is None
    assert day("20260325", "%Y%m%d") == "2026-03-25"
    assert day("2026-06-30 23:30 +0000", "%Y-%m-%d %H:%M %z") == "2026-07-01"


def test_a_moment_keeps_londons_offset() -> None:
    summer, winter = read_when("27/06/2026 14:05", ()), read_when("2026-02-12T16:40:00", ())
    assert summer
    assert winter
    assert str(london_moment(summer, None)) == "2026-06-27 14:05:00+01:00"
    assert str(london_moment(winter, UTC)) == "2026-02-12 16:40:00+00:00"
    first = read_when("0001-01-01T00:00:00Z", ())
    assert first
    assert london_moment(first, None) is None


def test_a_format_that_cannot_work_is_named() -> None:
    assert format_fault("uk") == ""
    assert format_fault("%d-%b-%Y") == ""
    assert "%Q" in format_fault("%Q")
    assert "excel" in format_fault("dd/mm/yyyy")
