"""Date arithmetic of the service: months, birthdays, working days, the yearly window.

Deadlines fall early, entitlements end late (domain 1.1 and 1.9). All pure: "today" is an argument.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
LONGEST_SEARCH_YEARS = 60


def add_months(day: date, months: int) -> date:
    """`months` calendar months later (earlier if negative), held at the month's end (A2, A6)."""
    return day + relativedelta(months=months)


def birthday(born: date, age: int, leap_day: str = "mar_1") -> date:
    """The day someone turns `age`; born 29 February it is 1 March in other years (A5)."""
    day = born + relativedelta(years=age)
    born_on_leap_day = (born.month, born.day) == (2, 29)
    return day + ONE_DAY if born_on_leap_day and day.day == 28 and leap_day == "mar_1" else day


def london_date(moment: datetime) -> date:
    """The calendar date in London at an aware moment."""
    return moment.astimezone(LONDON).date()


def in_words(day: date) -> str:
    """25 March 2026."""
    return f"{day.day} {day:%B %Y}"


def in_iso(value: Any) -> Any:
    """A day as ISO text; any other value as it is."""
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class WorkingDays:
    """Monday to Friday without England's bank holidays (A4).

    `closed` are a council's own extra days off, `open` bank holidays it works on.
    """

    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()

    @cached_property
    def _england(self) -> holidays.HolidayBase:
        return holidays.country_holidays("GB", subdiv="ENG")

    def includes(self, day: date) -> bool:
        """Whether `day` is a working day."""
        if day.weekday() > 4 or day in self.closed:
            return False
        return day in self.open or day not in self._england

    def why_not(self, day: date) -> str:
        """Why `day` is not a working day, in words ("a Sunday", "a bank holiday")."""
        return f"a {day:%A}" if day.weekday() > 4 else "a bank holiday"

    def _steps(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            if self.includes(day):
                yield day
            day += step

    def on_or_before(self, day: date) -> date:
        """`day`, else the working day before it (A3)."""
        return next(self._steps(day, -ONE_DAY))

    def on_or_after(self, day: date) -> date:
        """`day`, else the working day after it."""
        return next(self._steps(day, ONE_DAY))

    def following(self, day: date) -> date:
        """The first working day after `day` (A18)."""
        return self.on_or_after(day + ONE_DAY)

    def after(self, day: date, count: int) -> date:
        """`count` working days after `day`, which is not counted."""
        for _ in range(count):
            day = self.following(day)
        return day

    def between(self, earlier: date, later: date) -> int:
        """Working days after `earlier` up to and including `later` (DC-07)."""
        years = range(earlier.year, later.year + 1)
        bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=years)
        off: set[date] = {*bank_holidays} - self.open | self.closed
        lost = sum(earlier < day <= later and day.weekday() <= 4 for day in off)
        return max(0, _weekdays(later) - _weekdays(earlier) - lost)


def _weekdays(day: date) -> int:
    """Mondays to Fridays of our calendar up to and including `day`; it begins on a Monday."""
    ordinal = day.toordinal()
    return ordinal // 7 * 5 + min(ordinal % 7, 5)


@dataclass(frozen=True)
class Window:
    """The days of one year's contact exercise, both included (DC-35)."""

    first: date
    last: date


@dataclass(frozen=True)
class YearlyExercise:
    """When the team makes its yearly contacts (settings `annual`)."""

    kind: str = "last_monday_october"
    dates: dict[int, tuple[date, date]] = field(default_factory=dict)
    open_days_before: int = 7
    max_gap_months: int = 12

    def window(self, year: int, working: WorkingDays) -> Window:
        """The exercise of `year`; a year missing from `dates` has the October week."""
        if self.kind == "dates" and year in self.dates:
            return Window(*self.dates[year])
        if self.kind == "november":
            return Window(
                working.on_or_after(date(year, 11, 1)), working.on_or_before(date(year, 11, 30))
            )
        monday = _last_monday(date(year, 10, 31))
        return Window(monday, monday + timedelta(days=4))

    def first_window_from(self, day: date, working: WorkingDays) -> Window:
        """The first window that begins on or after `day`."""
        years = range(day.year, day.year + LONGEST_SEARCH_YEARS)
        return _first(w for w in (self.window(y, working) for y in years) if w.first >= day)


def yearly_contact(
    last: date, gap_days: int, ends: date, exercise: YearlyExercise, working: WorkingDays
) -> tuple[date, date] | None:
    """When the next yearly contact opens and is due: `(opens_on, due_on)`, or None (R21, A13).

    `last` is the closing, assessment or contact before it, `gap_days` the least distance to the
    window's first day, `ends` the 25th birthday. Due on the last day of the window, but no later
    than twelve months after `last` and before `ends`, moved back to a working day.
    """
    window = exercise.first_window_from(last + timedelta(days=gap_days), working)
    cap = add_months(last, exercise.max_gap_months)
    if min(window.first, cap) >= ends:
        return None
    due = working.on_or_before(min(window.last, cap, ends - ONE_DAY))
    return min(window.first, due) - timedelta(days=exercise.open_days_before), due


def _last_monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first(windows: Iterable[Window]) -> Window:
    return next(iter(windows))
