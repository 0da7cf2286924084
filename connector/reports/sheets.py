"""A list as text for people: the words of each cell, and a sheet that a spreadsheet opens."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from connector.reports.person import RESTRICTED

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def words(facts: Mapping[str, Any], columns: Mapping[str, str]) -> list[str]:
    """The cells of one row. Of a restricted record no more than what the row has is shown."""
    cells = [_word(facts.get(name)) for name in columns]
    if facts.get(RESTRICTED):
        cells[_first_blank(cells)] = RESTRICTED
    return cells


def as_sheet(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    """Comma-separated, headed in plain words."""
    return "".join(sheet_lines(rows, columns))


def sheet_lines(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> Iterator[str]:
    """The same, line by line."""
    yield _line(columns.values())
    for facts in rows:
        yield _line(map(harmless, words(facts, columns)))


def harmless(cell: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip(" ").startswith(STARTS_A_FORMULA) else cell


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value.isoformat() if isinstance(value, date) else str(value)


def _first_blank(cells: list[str]) -> int:
    return next(number for number, cell in enumerate(cells) if not cell)
