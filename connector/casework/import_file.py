"""The file of an import: its heading, and its rows one by one, however many there are."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from connector.casework.import_rows import ALWAYS, COLUMNS, KINDS, Refused, Row, read_row
from connector.errors import FileProblem
from connector.mapping.text import suggestion

TOGETHER = {"agreement": {"open_case"}, "open_case": {"agreement"}, "closed_case": set[str]()}
"""Which other kinds one person may have as well."""


@dataclass
class Seen:
    """Which kinds of each person the file has had so far."""

    kinds: dict[str, int] = field(default_factory=dict)

    def objection(self, row: Row) -> str | None:
        """Why this row cannot stand beside the earlier ones; remembers the row."""
        mine = self.kinds.get(row.person_id, 0)
        had = [kind for number, kind in enumerate(KINDS) if mine & 1 << number]
        if row.kind in had:
            return "This person is in the file twice as the same kind. Keep one row."
        if not set(had) <= TOGETHER[row.kind]:
            return (
                f"This person is in the file as {had[0]} too, which cannot be at the same time."
                " Keep one row."
            )
        self.kinds[row.person_id] = mine | 1 << list(KINDS).index(row.kind)
        return None


@dataclass(frozen=True)
class Survey:
    """A first look: how many rows there are, and whom the file lists with an open case."""

    rows: int
    open_cases: frozenset[str]


def survey(path: Path) -> Survey:
    """Look through the file once. Raises FileProblem for a heading that cannot be used."""
    with _opened(path) as file:
        names, records = _records(file)
        kind, person, rows = names.index("kind"), names.index("person_id"), 0
        found: set[str] = set()
        for _, cells in records:
            rows += 1
            if len(cells) > max(kind, person) and _is_open_case(cells[kind]):
                found.add(cells[person].strip())
        return Survey(rows, frozenset(found))


def _is_open_case(cell: str) -> bool:
    return cell.strip().casefold().replace(" ", "_") == "open_case"


def rows_of(path: Path, today: date) -> Iterator[Row | Refused]:
    """Every row in order, each on its own. Raises FileProblem."""
    seen = Seen()
    with _opened(path) as file:
        names, records = _records(file)
        for line, cells in records:
            row = _row(line, names, cells, today)
            why = seen.objection(row) if isinstance(row, Row) else None
            if why and isinstance(row, Row):
                row = Refused(line, row.person_id, row.kind, why)
            yield row


def _opened(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise FileProblem(f"{path} cannot be read: {error.strerror}.") from None


def _records(file: TextIO) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    try:
        first = file.readline()
        # Excel in some settings parts cells by semicolons.
        parted_by = ";" if first.count(";") > first.count(",") else ","
        file.seek(0)
        reader = csv.reader(file, delimiter=parted_by)
        names = [name.strip().casefold().replace(" ", "_") for name in next(reader, [])]
    except UnicodeDecodeError:
        raise FileProblem("Save the file as CSV UTF-8.") from None
    _check_heading(names)
    return names, _lines(reader)


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells  # type: ignore[attr-defined] # csv's own reader
    except UnicodeDecodeError:
        raise FileProblem("Save the file as CSV UTF-8.") from None
    except csv.Error as error:
        raise FileProblem(f"The file is no CSV from one line on: {error}.") from None


def _check_heading(names: Sequence[str]) -> None:
    wrong = [f"There is no column {n}.{suggestion(n, COLUMNS)}" for n in names if n not in COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1})
    wrong += [f"The column {name} is there twice." for name in twice]
    absent = [name for name in ALWAYS if name not in names]
    if absent:
        wrong.append(f"The first line must name these columns: {', '.join(ALWAYS)}.")
    if wrong:
        raise FileProblem(" ".join(wrong) + f" The columns are: {', '.join(COLUMNS)}.")


def _row(line: int, names: Sequence[str], cells: Sequence[str], today: date) -> Row | Refused:
    if len(cells) > len(names):
        reason = "The row has more cells than the first line. Put cells with a comma in quotes."
        return Refused(line, "", "", reason)
    stripped = (cell.strip().lstrip("\ufeff") for cell in cells)
    return read_row(line, dict(zip(names, stripped, strict=False)), today)
