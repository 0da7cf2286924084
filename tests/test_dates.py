"""The date arithmetic: every computed vector of the service's decisions, and the yearly promise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.dates import (
    Window,
    WorkingDays,
    YearlyExercise,
    add_months,
    birthday,
    in_words,
    london_date,
    yearly_contact,
)

WORKING = WorkingDays()
OCTOBER = YearlyExercise()
AFTER_CLOSING, AFTER_CONTACT = 14, 180
ANY_DAY = st.dates(date(2000, 1, 1), date(2080, 1, 1))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 1, 5), date(2026, 3, 30)),
        (date(2026, 1, 9), date(2026, 4, 2)),  # the 84th day is Good Friday
    ],
)
def test_twelve_weeks_are_84_days_moved_back_to_a_working_day(start: date, due: date) -> None:
    assert WORKING.on_or_before(start + timedelta(days=84)) == due


@pytest.mark.parametrize(
    ("start", "raw", "due"),
    [
        (date(2026, 8, 31), date(2027, 2, 28), date(2027, 2, 26)),
        (date(2026, 1, 5), date(2026, 7, 5), date(2026, 7, 3)),
        (date(2027, 8, 31), date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_six_months_are_calendar_months_held_at_the_months_end(
    start: date, raw: date, due: date
) -> None:
    assert add_months(start, 6) == raw
    assert WORKING.on_or_before(raw) == due


@pytest.mark.parametrize(
    ("born", "leap_day", "turns_21", "stop", "turns_25"),
    [
        (date(2004, 2, 29), "mar_1", date(2025, 3, 1), date(2025, 4, 1), date(2029, 3, 1)),
        (date(2004, 2, 29), "feb_28", date(2025, 2, 28), date(2025, 3, 28), date(2029, 2, 28)),
        (date(2005, 1, 31), "mar_1", date(2026, 1, 31), date(2026, 2, 28), date(2030, 1, 31)),
        (date(2005, 10, 1), "mar_1", date(2026, 10, 1), date(2026, 11, 1), date(2030, 10, 1)),
    ],
)
def test_birthdays_come_first_and_the_month_is_added_to_them(
    born: date, leap_day: str, turns_21: date, stop: date, turns_25: date
) -> None:
    assert birthday(born, 21, leap_day) == turns_21
    assert add_months(birthday(born, 21, leap_day), 1) == stop
    assert birthday(born, 25, leap_day) == turns_25


@pytest.mark.parametrize("year", range(1952, 2052, 4))
def test_nobody_born_on_29_february_turns_21_or_25_in_a_leap_year(year: int) -> None:
    born = date(year, 2, 29)
    assert birthday(born, 21) == date(year + 21, 3, 1)
    assert birthday(born, 25) == date(year + 25, 3, 1)
    assert birthday(born, 24) == date(year + 24, 2, 29)


def test_the_assessment_window_opens_six_months_and_aims_three_months_before_21() -> None:
    turns_21 = birthday(date(2005, 5, 10), 21)
    assert add_months(turns_21, -6) == date(2025, 11, 10)
    assert add_months(turns_21, -3) == date(2026, 2, 10)


@pytest.mark.parametrize(
    ("last", "gap", "born", "opens", "due"),
    [
        (date(2026, 3, 10), AFTER_CLOSING, date(2004, 1, 1), (2026, 10, 19), (2026, 10, 30)),
        (date(2027, 10, 25), AFTER_CONTACT, date(2006, 1, 1), (2028, 10, 18), (2028, 10, 25)),
        (date(2025, 12, 1), AFTER_CLOSING, date(2001, 10, 28), (2026, 10, 19), (2026, 10, 27)),
        (date(2025, 12, 1), AFTER_CLOSING, date(2001, 11, 2), (2026, 10, 19), (2026, 10, 30)),
    ],
    ids=["a normal year", "a long year", "25 within the week", "25 after the week"],
)
def test_the_yearly_contact_is_due_in_the_october_week_or_before_a_limit(
    last: date, gap: int, born: date, opens: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    contact = yearly_contact(last, gap, birthday(born, 25), OCTOBER, WORKING)
    assert contact == (date(*opens), date(*due))


@pytest.mark.parametrize(
    ("closed", "due_year"), [(date(2026, 10, 12), 2026), (date(2026, 10, 13), 2027)]
)
def test_a_week_less_than_14_days_after_the_closing_is_passed_over(
    closed: date, due_year: int
) -> None:
    contact = yearly_contact(closed, AFTER_CLOSING, date(2040, 1, 1), OCTOBER, WORKING)
    assert contact is not None
    assert contact[1].year == due_year


def test_no_yearly_contact_is_due_once_25_comes_first() -> None:
    closed = date(2026, 3, 10)
    before, after = date(2026, 10, 26), date(2026, 10, 27)
    assert yearly_contact(closed, AFTER_CLOSING, before, OCTOBER, WORKING) is None
    assert yearly_contact(closed, AFTER_CLOSING, after, OCTOBER, WORKING) == (
        date(2026, 10, 19),
        date(2026, 10, 26),
    )


@pytest.mark.parametrize("day_of_2026", range(365))
def test_no_yearly_contact_falls_later_than_twelve_months_after_the_one_before(
    day_of_2026: int,
) -> None:
    last, gap = date(2026, 1, 1) + timedelta(days=day_of_2026), AFTER_CLOSING
    for _ in range(4):
        contact = yearly_contact(last, gap, date(2040, 1, 1), OCTOBER, WORKING)
        assert contact is not None
        opens, due = contact
        assert last < due <= add_months(last, 12)
        assert opens < due
        last, gap = due, AFTER_CONTACT


@given(last=ANY_DAY, days_to_25=st.integers(1, 1500), gap=st.sampled_from((14, 180)))
def test_a_yearly_contact_is_always_a_working_day_before_25(
    last: date, days_to_25: int, gap: int
) -> None:
    ends = last + timedelta(days=days_to_25)
    contact = yearly_contact(last, gap, ends, OCTOBER, WORKING)
    if contact:
        assert contact[1] < ends
        assert WORKING.includes(contact[1])


@pytest.mark.parametrize(
    ("year", "monday"),
    [(2025, 27), (2026, 26), (2027, 25), (2028, 30), (2029, 29), (2030, 28)],
)
def test_the_october_week_begins_on_the_last_monday(year: int, monday: int) -> None:
    first = date(year, 10, monday)
    assert OCTOBER.window(year, WORKING) == Window(first, first + timedelta(days=4))


def test_november_runs_from_its_first_to_its_last_working_day() -> None:
    november = YearlyExercise(kind="november")
    assert november.window(2026, WORKING) == Window(date(2026, 11, 2), date(2026, 11, 30))
    assert november.window(2025, WORKING) == Window(date(2025, 11, 3), date(2025, 11, 28))


def test_a_council_may_name_the_two_days_of_a_year() -> None:
    own = YearlyExercise(kind="dates", dates={2026: (date(2026, 10, 5), date(2026, 10, 9))})
    assert own.window(2026, WORKING) == Window(date(2026, 10, 5), date(2026, 10, 9))
    assert own.window(2027, WORKING) == OCTOBER.window(2027, WORKING)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), date(2026, 1, 31)),
        (datetime.fromtimestamp(1774620300, UTC), date(2026, 3, 27)),
    ],
)
def test_a_moment_is_of_the_day_it_was_in_london(moment: datetime, day: date) -> None:
    assert london_date(moment) == day


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 3, 27), 2, date(2026, 3, 31)),
        (date(2026, 4, 1), 2, date(2026, 4, 7)),  # over Easter
        (date(2026, 3, 28), 1, date(2026, 3, 30)),  # from a Saturday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day is made up for on Monday
    ],
)
def test_working_days_are_counted_without_the_first_day(
    start: date, count: int, expected: date
) -> None:
    assert WORKING.after(start, count) == expected
    assert WORKING.between(start, expected) == count


@given(earlier=ANY_DAY, days=st.integers(0, 400))
def test_counting_working_days_is_stepping_over_them(earlier: date, days: int) -> None:
    """With a council's own days: off at the weekend too, and at work on a bank holiday."""
    own = WorkingDays(
        closed=frozenset({earlier + timedelta(days=n) for n in (1, 2, 3)}),
        open=frozenset({date(earlier.year, 12, 25)}),
    )
    later = earlier + timedelta(days=days)
    stepped = sum(own.includes(earlier + timedelta(days=n)) for n in range(1, days + 1))
    assert own.between(earlier, later) == stepped
    assert own.between(later, earlier) == 0


def test_a_day_off_says_why() -> None:
    assert WORKING.why_not(date(2026, 4, 3)) == "a bank holiday"
    assert WORKING.why_not(date(2026, 4, 4)) == "a Saturday"


def test_a_council_has_its_own_days_off_and_works_on_others() -> None:
    council = WorkingDays(
        closed=frozenset({date(2026, 12, 29)}), open=frozenset({date(2026, 5, 4)})
    )
    assert not council.includes(date(2026, 12, 29))
    assert council.includes(date(2026, 5, 4))
    assert not WORKING.includes(date(2026, 5, 4))


@given(day=ANY_DAY)
def test_the_nearest_working_days_lie_on_either_side(day: date) -> None:
    back, forward = WORKING.on_or_before(day), WORKING.on_or_after(day)
    assert back <= day <= forward
    assert WORKING.includes(back)
    assert WORKING.includes(forward)
    assert (back == forward) is WORKING.includes(day)


def test_a_date_is_written_as_people_say_it() -> None:
    assert in_words(date(2026, 3, 5)) == "5 March 2026"
