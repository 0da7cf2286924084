"""“Also recorded”: answers that no field of ours takes are kept for the summary, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from connector.dates import in_words as date_in_words
from connector.mapping.answers import Answer
from connector.mapping.language import Rule
from connector.mapping.reader import Reader
from connector.mapping.reading_dates import london_day, read_when
from connector.mapping.text import in_words, shown
from connector.model import RecordedAnswer

DEEPEST = 20


@dataclass(frozen=True)
class Plumbing:
    """What says who and what a message is about: paths in the payload, keys of answers, grids."""

    paths: frozenset[str]
    keys: frozenset[str]
    grids: tuple[Rule, ...] = ()


def also_recorded(
    reader: Reader, ignore: tuple[str, ...], plumbing: Plumbing, prefixes: tuple[str, ...]
) -> tuple[RecordedAnswer, ...]:
    """Every answered question nobody has read, in the order of the payload.

    `prefixes` are where the answers begin in the payload.
    """

    def told(answer: Answer) -> bool:
        return (
            id(answer) in reader.used
            or _is_plumbing(answer, plumbing, prefixes)
            or _ignored(answer.key, ignore)
        )

    found: dict[str, list[str]] = {}
    parts: set[int] = set()
    for question, answer in _unread(reader, plumbing.grids):
        if id(answer) in parts or told(answer) or any(map(told, answer.covers)):
            continue
        parts |= {id(each) for each in answer.covers}
        text = answer_in_words(answer)
        if text and text not in found.setdefault(question, []):
            found[question].append(text)
    return tuple(
        RecordedAnswer(question, "; ".join(texts)) for question, texts in found.items() if texts
    )


def _unread(reader: Reader, plumbing: tuple[Rule, ...]) -> Iterator[tuple[str, Answer]]:
    in_grids: set[int] = set()
    tables = [(name, table.rows) for name, table in reader.sources.tables(plumbing)]
    for name, rows in {id(rows): (name, rows) for name, rows in (*tables, *reader.grids)}.values():
        for row in rows:
            in_grids |= {id(cell) for cell in row.cells}
            for cell in row.cells:
                asked = cell.question or in_words(cell.column or cell.key)
                yield f"{in_words(name)}, row {row.number}: {asked}", cell
    for each in reader.sources.answers.items:
        if id(each) not in in_grids:
            yield _asked(each), each


def _asked(answer: Answer) -> str:
    if answer.column is None:
        return answer.question or in_words(answer.key)
    return f"{in_words(answer.key)}, row {answer.row}: {in_words(answer.column)}"


def _is_plumbing(answer: Answer, plumbing: Plumbing, prefixes: tuple[str, ...]) -> bool:
    full_keys = [f"{prefix}.{answer.key}" if prefix else answer.key for prefix in prefixes]
    return answer.key in plumbing.keys or any(
        full == path or full.startswith(path + ".") or path.startswith(full + ".")
        for full in full_keys
        for path in plumbing.paths
    )


def _ignored(key: str, ignore: tuple[str, ...]) -> bool:
    return any(fnmatchcase(key.casefold(), each.casefold()) for each in ignore)


def answer_in_words(answer: Answer) -> str:
    """Yes, No, the label, a date in full, or the text; groups as “Question: answer” pairs."""
    return (answer.words or "").strip() or _value_in_words(answer.value)


def _value_in_words(value: Any, depth: int = 0) -> str:
    if depth > DEEPEST:
        return shown(value)
    if isinstance(value, Mapping):
        pairs = (
            (in_words(str(key)), _value_in_words(each, depth + 1)) for key, each in value.items()
        )
        return ", ".join(f"{key}: {text}" for key, text in pairs if text)
    if isinstance(value, list):
        return "; ".join(text for each in value if (text := _value_in_words(each, depth + 1)))
    text = shown(value)
    if text.startswith("/Date("):
        when = read_when(text, ())
        day = london_day(when, None) if when else None
        return date_in_words(day) if day else text
    return text
