"""The rows of a grid, in whichever of the ways hosts write them.

`rows_of` names an answer (or a path): its cells carry row and column, or it has answers inside,
or its value is a list or object of rows, perhaps as JSON in a text. Without `rows_of`, a column's
key says where its cells are: numbered keys (`party{n}_name`), answers with a row number, or lists
of equal length.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from connector.mapping.answers import Answer, Answers
from connector.mapping.json_texts import opened
from connector.mapping.language import Layout, Rule
from connector.mapping.layouts import flattened, is_cell
from connector.mapping.text import alike, as_text, loose, shown


@dataclass(frozen=True)
class Row:
    """One row: its number as the host has it, and its cells by column."""

    number: str
    find: Callable[[str], tuple[Answer, ...]]
    cells: tuple[Answer, ...] = ()
    raw: Any = None


@dataclass(frozen=True)
class Table:
    """The rows of one grid, what in it is no row, and the answers it was read from."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...]
    sources: tuple[Answer, ...]

    def for_rule(self, rule: Rule) -> "Table":
        """A row that is a text or a list is one only for a rule that looks into the row itself."""
        if uses_raw(rule):
            return replace(self, unread=())
        if any(each.raw is not None and not isinstance(each.raw, Mapping) for each in self.rows):
            kept = (each for each in self.rows if each.raw is None or isinstance(each.raw, Mapping))
            return replace(self, rows=tuple(kept))
        return self


def rows_of(
    rule: Rule, sources: Sequence[Answer], layout: Layout, answers: Answers
) -> tuple[list[Row], tuple[str, ...]]:
    """The rows in order, and what stood where rows should be but is none.

    `sources` are the answers that `rows_of` points at.
    """
    if rule.rows_of is not None:
        return _named(sources, layout)
    own = [rule.key] if rule.key else []
    keys = own + [key for column in rule.columns.values() for key in keys_of(column)]
    keys += [key for key in rule.where if key not in keys]
    if any("{n}" in key for key in keys):
        return list(_numbered(keys, answers)), ()
    return list(_side_by_side(keys, answers)), ()


def picked(where: Mapping[str, tuple[str, ...]], rows: Sequence[Row]) -> list[Row]:
    """The rows whose cells hold what `where` says."""
    return [row for row in rows if all(_holds(row, key, where[key]) for key in where)]


def _holds(row: Row, key: str, allowed: tuple[str, ...]) -> bool:
    return any(
        alike(text, allowed)
        for cell_found in row.find(key)
        for text in (as_text(cell_found.value), (cell_found.words or "").strip())
    )


def keys_of(rule: Rule) -> Iterator[str]:
    """Every key a rule looks up."""
    if rule.key is not None:
        yield rule.key
    yield from rule.ticked
    for each in rule.members:
        yield from keys_of(each)


def uses_raw(rule: Rule) -> bool:
    """Whether a column looks into the row itself, so that a row may be a text or a list."""
    inner = (*rule.columns.values(), *rule.members)
    return rule.in_row is not None or any(map(uses_raw, inner))


def _named(sources: Sequence[Answer], layout: Layout) -> tuple[list[Row], tuple[str, ...]]:
    placed = [each for each in sources if each.row is not None]
    rows = list(_by_row(placed))
    unread: list[str] = []
    for each in sources:
        if each.row is not None:
            continue
        if each.children:
            rows.append(_row(len(rows), Answers(each.children)))
            continue
        for item in _items(each.value, layout):
            if isinstance(item, Mapping):
                inside = Answers(tuple(flattened(item, "", layout)), item)
                rows.append(_row(len(rows), inside, item))
            else:
                rows.append(_row(len(rows), Answers(), item))
                unread += [shown(item)] if shown(item) else []
    return rows, tuple(unread)


def _row(position: int, inside: Answers, raw: Any = None) -> Row:
    return Row(str(position + 1), inside.find, inside.items, raw)


def _items(value: Any, layout: Layout) -> list[Any]:
    """A list of rows out of a list, an object, or JSON in a text."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        value = opened(value)
    group = _alone(value)
    if isinstance(group, Mapping):
        rows = [_alone(each) for each in group.values()]
        grouped = rows and all(isinstance(e, Mapping) and not is_cell(e, layout) for e in rows)
        by_number = group is value or all(str(name)[-1:].isdigit() for name in group)
        return rows if grouped and by_number else [group]
    return value if isinstance(value, list) else [value]


def _alone(value: Any) -> Any:
    """A group in a list of one is that group, as XML turned into JSON has it."""
    one = isinstance(value, list) and len(value) == 1 and isinstance(value[0], Mapping)
    return value[0] if one else value


def _by_row(cells: Sequence[Answer]) -> Iterator[Row]:
    numbers = sorted({each.row or "" for each in cells}, key=_in_order)
    for number in numbers:
        row = tuple(each for each in cells if each.row == number)
        yield Row(number, partial(_cell_of, row), row)


def _cell_of(cells: tuple[Answer, ...], key: str) -> tuple[Answer, ...]:
    wanted = loose(key)
    return tuple(each for each in cells if loose(each.column or each.key) == wanted)


def _in_order(number: str) -> tuple[int, str]:
    return (int(number), "") if number.isascii() and number.isdigit() else (10**9, number)


def _numbered(keys: Sequence[str], answers: Answers) -> Iterator[Row]:
    patterns = [
        re.compile(re.escape(key).replace(r"\{n\}", r"(\d{1,6})", 1).replace(r"\{n\}", r"\1"))
        for key in keys
        if "{n}" in key
    ]
    numbers = {
        match.group(1)
        for pattern in patterns
        for each in answers.items
        if (match := pattern.fullmatch(each.key))
    }
    for number in sorted(numbers, key=_in_order):
        yield Row(number, partial(_numbered_cell, answers, number))


def _numbered_cell(answers: Answers, number: str, key: str) -> tuple[Answer, ...]:
    return answers.find(key.replace("{n}", number))


def _side_by_side(keys: Sequence[str], answers: Answers) -> Iterator[Row]:
    columns = {key: answers.find(key) for key in keys}
    cells = [each for column in columns.values() for each in column]
    numbers = {each.row for each in cells if each.row is not None}
    for number in sorted(numbers, key=_in_order):
        yield Row(number, partial(_cell_in_row, columns, number))
    longest = 0 if numbers else max((len(each) for each in columns.values()), default=0)
    for position in range(longest):
        yield Row(str(position + 1), partial(_cell_at, columns, position))


def _cell_in_row(
    columns: Mapping[str, tuple[Answer, ...]], number: str, key: str
) -> tuple[Answer, ...]:
    return tuple(each for each in columns.get(key, ()) if each.row == number)


def _cell_at(
    columns: Mapping[str, tuple[Answer, ...]], position: int, key: str
) -> tuple[Answer, ...]:
    return columns.get(key, ())[position : position + 1]
