"""Dates as hosts write them. A date-time becomes the date it is in London (domain 1.2)."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from connector.mapping.language import LONDON
from connector.mapping.text import as_text

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?"
)
_UK = re.compile(
    r"(?:[A-Za-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.,-]+"
    r"(\d{4}|\d{2})(?:[\sT,]+(?:at\s+)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([ap])?\.?m?\.?)?",
    re.IGNORECASE,
)
_MICROSOFT = re.compile(r"/Date\((-?\d{1,16})(?:[+-]\d{4})?\)/")
_NUMBER = re.compile(r"-?\d{1,16}(?:\.\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXCEL = datetime(1899, 12, 30)  # noqa: DTZ001 — a spreadsheet's day numbers have no zone

When = date | datetime
Reader = Callable[[str], When | None]


def _iso(text: str) -> When | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, offset = match.groups()
    on = date(int(year), int(month), int(day))
    if hour is None:
        return on
    at = time(int(hour), int(minute), int(second or 0))
    return datetime.combine(on, at, tzinfo=_offset(offset))


def _offset(typed: str | None) -> timezone | None:
    if typed is None or typed in "Zz":
        return UTC if typed else None
    digits = typed[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if typed[0] == "-" else ahead)


def _uk(text: str) -> When | None:
    match = _UK.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, half = match.groups()
    on = date(_year(year), _month(month), int(day))
    if hour is None:
        return on
    return datetime.combine(on, time(_hour(int(hour), half), int(minute), int(second or 0)))


def _year(typed: str) -> int:
    if len(typed) == 4:
        return int(typed)
    return int(typed) + (2000 if int(typed) < 69 else 1900)


def _month(typed: str) -> int:
    if typed.isdigit():
        return int(typed)
    return _MONTHS.index(typed[:3].lower()) + 1


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _microsoft(text: str) -> When | None:
    match = _MICROSOFT.fullmatch(text)
    return _EPOCH + timedelta(milliseconds=int(match.group(1))) if match else None


def _epoch(text: str) -> When | None:
    return _EPOCH + timedelta(seconds=float(text)) if _NUMBER.fullmatch(text) else None


def _epoch_ms(text: str) -> When | None:
    return _EPOCH + timedelta(milliseconds=float(text)) if _NUMBER.fullmatch(text) else None


def _excel(text: str) -> When | None:
    if not _NUMBER.fullmatch(text) or float(text) < 1:
        return None
    at = _EXCEL + timedelta(days=float(text))
    return at if at.time() != time() else at.date()


def _written(form: str) -> Reader:
    def read(text: str) -> When | None:
        at = datetime.strptime(text, form)  # noqa: DTZ007 — the zone is added by the caller
        return at if at.tzinfo or re.search("%[HIXcps]", form) else at.date()

    return read


NAMED: dict[str, Reader] = {
    "iso": _iso,
    "uk": _uk,
    "dataverse": _microsoft,
    "epoch": _epoch,
    "epoch_ms": _epoch_ms,
    "excel": _excel,
}
"""The formats that have a name; anything else is a strptime format such as %d-%b-%y."""

ALWAYS = ("iso", "dataverse")
USUAL = ("uk",)
"""Read where a profile names no formats."""


def format_fault(form: str) -> str:
    """What is wrong with one of `date_formats`, or nothing."""
    if form in NAMED:
        return ""
    if "%" not in form:
        return f"Write one of {', '.join(NAMED)}, or a format such as %d-%b-%Y."
    try:
        datetime.strptime("", form)  # noqa: DTZ007 — only the format is tried
    except ValueError as error:
        if "does not match" not in str(error):
            return f"“{form}” is not a date format: {error}."
    return ""


def read_when(value: Any, formats: Sequence[str]) -> When | None:
    """The first format that fits; None when none does or the day does not exist."""
    text = as_text(value).rstrip(" .,;")
    if isinstance(value, bool) or not text:
        return None
    for form in (*(formats or USUAL), *ALWAYS):
        try:
            when = (NAMED.get(form) or _written(form))(text)
        except (ValueError, OverflowError):
            continue
        if when is not None:
            return when
    return None


def london_day(when: When, zone: ZoneInfo | None) -> date | None:
    """The calendar day in London. A time without offset is one of `zone`."""
    if not isinstance(when, datetime):
        return when
    at = london_moment(when, zone)
    return at.date() if at else None


def london_moment(when: When, zone: ZoneInfo | None) -> datetime | None:
    """The moment with London's offset; a day alone is its first minute."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), tzinfo=LONDON)
    if when.tzinfo is None:
        when = when.replace(tzinfo=zone or LONDON)
    try:
        return when.astimezone(LONDON)
    except OverflowError:
        return None
