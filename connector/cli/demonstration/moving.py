"""Moving every date of a payload, births included, by the same number of days."""

import re
from datetime import date, timedelta
from typing import Any

ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
BRITISH = re.compile(r"(?<!\d)(\d{2})/(\d{2})/(\d{4})(?!\d)")
DATAVERSE = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
MILLISECONDS_A_DAY = 86_400_000


def moved(payload: Any, days: int) -> Any:
    """The payload with every date in it `days` later (earlier if negative), whatever its layout.

    Reads 2026-03-27 (also within a date-time), 27/03/2026 and /Date(ms)/, at any depth.
    """
    if isinstance(payload, dict):
        return {key: moved(value, days) for key, value in payload.items()}
    if isinstance(payload, list):
        return [moved(value, days) for value in payload]
    return _moved_text(payload, timedelta(days=days)) if isinstance(payload, str) else payload


def _moved_text(text: str, by: timedelta) -> str:
    def iso(found: re.Match[str]) -> str:
        day = _day(found[1], found[2], found[3])
        return (day + by).isoformat() if day else found[0]

    def british(found: re.Match[str]) -> str:
        day = _day(found[3], found[2], found[1])
        return f"{day + by:%d/%m/%Y}" if day else found[0]

    def dataverse(found: re.Match[str]) -> str:
        return f"/Date({int(found[1]) + by.days * MILLISECONDS_A_DAY}{found[2] or ''})/"

    return DATAVERSE.sub(dataverse, BRITISH.sub(british, ISO.sub(iso, text)))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
