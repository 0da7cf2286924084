"""What a case summary is made of: frozen blocks that the PDF and the case note both print.

`to_json` and `from_json` carry a summary through the ledger and give back an equal one.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal


class InNote(StrEnum):
    """How much of a block the case note repeats (DS-33: other people's contacts stay out)."""

    WHOLE = "whole"
    WITHOUT_CONTACTS = "without contacts"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Answer:
    """One question as it was asked, and its answer in words."""

    question: str
    answer: str
    in_note: InNote = InNote.WHOLE


@dataclass(frozen=True)
class Answers:
    """Questions and answers, one after the other."""

    answers: tuple[Answer, ...]
    kind: Literal["answers"] = "answers"


@dataclass(frozen=True)
class Table:
    """A grid with a row of column names; every row has as many cells as the header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    in_note: InNote = InNote.WHOLE
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Points:
    """A list of sentences, with a sentence before it that may be empty."""

    points: tuple[str, ...]
    lead_in: str = ""
    kind: Literal["points"] = "points"


Block = Answers | Table | Points


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it; `parts` are one heading level lower."""

    heading: str
    blocks: tuple[Block, ...]
    parts: tuple["Section", ...] = ()


@dataclass(frozen=True)
class Summary:
    """A whole case summary in reading order (domain 4.6).

    `title` never holds a name. `facts` and `next_steps` make the box at the top. `completed_at`
    is the form's own time in ISO, None where the form had none.
    """

    title: str
    what_this_is: str
    facts: Answers
    next_steps: Points
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    completed_at: str | None


def to_json(summary: Summary) -> dict[str, Any]:
    """The summary in JSON kinds only."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(summary)))
    return plain


def from_json(data: Mapping[str, Any]) -> Summary:
    """The summary `to_json` was given."""
    return Summary(
        title=data["title"],
        what_this_is=data["what_this_is"],
        facts=_answers(data["facts"]),
        next_steps=_points(data["next_steps"]),
        sections=tuple(_section(each) for each in data["sections"]),
        footer=tuple(data["footer"]),
        completed_at=data["completed_at"],
    )


def _section(data: Mapping[str, Any]) -> Section:
    return Section(
        data["heading"],
        tuple(_block(each) for each in data["blocks"]),
        tuple(_section(each) for each in data["parts"]),
    )


def _block(data: Mapping[str, Any]) -> Block:
    if data["kind"] == "answers":
        return _answers(data)
    return _table(data) if data["kind"] == "table" else _points(data)


def _answers(data: Mapping[str, Any]) -> Answers:
    return Answers(
        tuple(
            Answer(each["question"], each["answer"], InNote(each["in_note"]))
            for each in data["answers"]
        )
    )


def _table(data: Mapping[str, Any]) -> Table:
    rows = tuple(tuple(row) for row in data["rows"])
    return Table(data["title"], tuple(data["header"]), rows, InNote(data["in_note"]))


def _points(data: Mapping[str, Any]) -> Points:
    return Points(tuple(data["points"]), data["lead_in"])
