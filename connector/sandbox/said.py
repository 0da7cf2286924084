"""Reading what someone typed on a page or sent as JSON, alike for both doors of the desk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connector.sandbox.desk import desk

Said = Mapping[str, Any]


def words(said: Said, name: str) -> str:
    """A text; blank where nothing was said."""
    value = said.get(name)
    return "" if value is None else str(value).strip()


def yes(said: Said, name: str) -> bool:
    """Whether something was said to be so."""
    return words(said, name).lower() in ("yes", "true", "on")


def day(said: Said, name: str) -> str:
    """A date such as 2026-03-27, today at the latest; blank where nothing was said."""
    value = words(said, name)
    try:
        found = date.fromisoformat(value) if value else None
    except ValueError:
        found = date.max
    if found is None:
        return ""
    if found.isoformat() != value:
        raise ValueError("Give the date as year, month and day, such as 2026-03-27.")
    if found > desk().today():
        raise ValueError("The date cannot be in the future.")
    return value
