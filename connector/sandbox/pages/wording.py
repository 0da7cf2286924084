"""How the pages say dates and statuses."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from connector.sandbox.desk import LONDON
from connector.sandbox.tasks import RESULTS


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


def moment_day_in_words(value: str) -> str:
    """The day of a date-time as "7 March 2026", London time."""
    return day_in_words(datetime.fromisoformat(value).astimezone(LONDON).date().isoformat())


def event_in_words(event: str) -> str:
    """`task.completed` as "Task completed"."""
    return event.replace(".", " ").capitalize()


def result_in_words(result: str | None) -> str:
    """`no_change` as "No change"; what another system wrote as it stands."""
    return RESULTS.get(result or "", result or "")


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
        "moment_day": moment_day_in_words,
        "in_words": in_words,
        "event": event_in_words,
        "result": result_in_words,
        "size": size_in_words,
        "value": value_in_words,
    }
)
