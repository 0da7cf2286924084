"""The case note: a summary as plain text, without other people's contact details (DS-33)."""

import re
from collections.abc import Iterable

from connector.summary.blocks import Answer, Answers, Block, InNote, Points, Section, Summary, Table

_LEFT_OUT = "(contact details left out of this note)"
_EMAIL = re.compile(r"[^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,255}")
_PHONE = re.compile(r"(?<![\w/-])(?:\+\d|\(?0)[\d ()-]{7,18}\d(?![\w/])")
_FEWEST_DIGITS = 10


def as_text(summary: Summary) -> str:
    """The summary as plain text: every answer whole and as typed.

    A phone number or e-mail address of somebody else is left out; the document holds it.
    """
    first = (summary.title, summary.what_this_is, *_answers(summary.facts))
    paragraphs = [
        "\n".join(first),
        "\n".join(["What happens next", *_points(summary.next_steps)]),
        *(text for section in summary.sections for text in _section(section)),
        "\n".join(summary.footer),
    ]
    return "\n\n".join(paragraphs)


def without_contacts(text: str) -> str:
    """The text with e-mail addresses and whole phone numbers replaced by a remark."""
    return _PHONE.sub(_phone, _EMAIL.sub(_LEFT_OUT, text))


def _phone(found: re.Match[str]) -> str:
    digits = sum(each.isdigit() for each in found[0])
    return _LEFT_OUT if digits >= _FEWEST_DIGITS else found[0]


def _section(section: Section) -> Iterable[str]:
    lines = [line for block in section.blocks for line in _block(block)]
    yield "\n".join([section.heading, *lines])
    for part in section.parts:
        yield from _section(part)


def _block(block: Block) -> Iterable[str]:
    if isinstance(block, Answers):
        return _answers(block)
    return _table(block) if isinstance(block, Table) else _points(block)


def _answers(block: Answers) -> Iterable[str]:
    for each in block.answers:
        if each.in_note is not InNote.LEFT_OUT:
            yield _answer(each)


def _answer(each: Answer) -> str:
    answer = _said(each.answer, each.in_note)
    gap = "\n" if "\n" in answer else " "
    colon = "" if each.question.rstrip().endswith(("?", ":", ".")) else ":"
    return f"{each.question}{colon}{gap}{answer}"


def _table(block: Table) -> Iterable[str]:
    yield block.title
    for row in block.rows:
        cells = (
            f"{name}: {_said(cell, block.in_note)}"
            for name, cell in zip(block.header, row, strict=True)
            if cell
        )
        yield "- " + "; ".join(cells)


def _points(block: Points) -> Iterable[str]:
    if block.lead_in:
        yield block.lead_in
    yield from (f"- {point}" for point in block.points)


def _said(text: str, in_note: InNote) -> str:
    return without_contacts(text) if in_note is InNote.WITHOUT_CONTACTS else text
