"""How the pages say dates and statuses."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from connector.sandbox.desk import LONDON


def day_in_words(value: str) -> str:
    """2026-03-07 as "7 March 2026"; anything else as it stands."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{found.day} {found:%B %Y}"


def moment_in_words(value: str) -> str:
    """A date-time as "7 March 2026 at 14:05", London time."""
    found = datetime.fromisoformat(value).astimezone(LONDON)
    return f"{found.day} {found:%B %Y} at {found:%H:%M}"


def in_words(code: str) -> str:
    """`awaiting_manager` as "Awaiting manager"."""
    return code.replace("_", " ").capitalize()


def size_in_words(size: int) -> str:
    """Bytes as "31 KB"."""
    return f"{max(1, round(size / 1024)):,} KB"


def value_in_words(value: Any) -> str:
    """One value of an outcome's details; sentences follow each other as they are."""
    if isinstance(value, list):
        texts = [str(each) for each in value]
        return (" " if all(each.endswith(".") for each in texts) else ", ").join(texts)
    return day_in_words(value) if isinstance(value, str) else str(value)


FILTERS: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "day": day_in_words,
        "moment": moment_in_words,
        "in_words": in_words,
        "size": size_in_words,
        "value": value_in_words,
    }
)
