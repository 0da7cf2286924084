"""One answer as one canonical value, or a fault that says what could not be understood."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connector.mapping.answers import Answer
from connector.mapping.choosing import choose, mapped
from connector.mapping.language import Rule
from connector.mapping.reading_dates import london_day, london_moment, read_when
from connector.mapping.text import as_text, loose, shown
from connector.model import FaultKind
from schemas import Kind, Question

LIST_MARKS = (";", "|", "\n", ",")
"""What stands between the parts of a list in one text, the surest first."""

_WHOLE = re.compile(r"\+?(-?\d{1,18})(?:\.0*)?")


@dataclass(frozen=True)
class Decoded:
    """A canonical value or, where `fault` is set, what was typed instead."""

    value: Any
    typed: str
    fault: FaultKind | None = None
    question: str | None = None


def decode(name: str, question: Question, rule: Rule, answer: Answer) -> Decoded | None:
    """Read one answer as what `question` asks for. None: nothing was answered."""
    if answer.is_blank:
        return None
    value, fault = _DECODERS[question.kind](name, question, rule, answer)
    if value is None and says_nothing(rule, answer):
        return None
    typed = as_text(answer.value) or (answer.words or "").strip() or shown(answer.value)
    return Decoded(value, typed, None if value is not None else fault, answer.question)


def decode_several(
    name: str, question: Question, rule: Rule, answer: Answer
) -> tuple[Decoded, ...]:
    """The same; an answer to a several-choice question may hold several, listed in one text."""
    whole = decode(name, question, rule, answer)
    if whole is None:
        return ()
    if question.kind is not Kind.CHOICES or not whole.fault:
        return (whole,)
    lists = [
        tuple(d for part in parts if (d := decode(name, question, rule, part)))
        for mark in LIST_MARKS
        if len(parts := tuple(pieces((mark,), answer))) > 1
    ]
    understood = [each for each in lists if not any(one.fault for one in each)]
    return next(iter(understood or lists), (whole,))


def pieces(marks: Sequence[str], answer: Answer) -> Iterator[Answer]:
    """One answer for each part of a list in a text; the words beside it are split alike."""
    values = _cut_at(marks, as_text(answer.value))
    words = _cut_at(marks, answer.words or "")
    if not values:
        values, words = words, []
    if len(words) != len(values):
        words = _cut_at(LIST_MARKS[:1], answer.words or "")
    paired = words if len(words) == len(values) else [None] * len(values)
    for value, word in zip(values, paired, strict=True):
        yield replace(answer, value=value, words=word)


def is_among(rule: Rule, answers: Sequence[Answer]) -> bool:
    """Whether what `has` names is one of the answers, or a part of a list in one text."""
    wanted = Rule(map=dict.fromkeys(rule.has, "yes"))
    parts = [part for each in answers for mark in LIST_MARKS for part in pieces((mark,), each)]
    texts = (text for each in (*answers, *parts) for text in (as_text(each.value), each.words))
    return any(mapped(wanted, (text or "").strip()) for text in texts)


def _cut_at(marks: Sequence[str], text: str) -> list[str | None]:
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return [piece for each in text.split(marks[0]) if (piece := each.strip())]


def says_nothing(rule: Rule, answer: Answer) -> bool:
    """A word of the profile's for "not answered". A word of the field's own list is an answer."""
    return loose(answer.text) in {loose(each) for each in rule.habits.blank_words}


Result = tuple[Any, FaultKind]


def _choice(name: str, question: Question, rule: Rule, answer: Answer) -> Result:
    code = choose(name, question, rule, answer)
    if code is None and rule.otherwise and not says_nothing(rule, answer):
        code = rule.otherwise
    return code, _scalar_fault(answer, FaultKind.UNKNOWN_CHOICE)


def _yes_no(name: str, question: Question, rule: Rule, answer: Answer) -> Result:
    code, fault = _choice(name, question, rule, answer)
    return {"yes": True, "no": False}.get(str(code).lower()), fault


def _text(name: str, question: Question, rule: Rule, answer: Answer) -> Result:
    text = shown(answer.value) if isinstance(answer.value, bool) else answer.text
    found = _by_map(rule, answer)
    if found is None and rule.map and rule.otherwise is not None:
        found = rule.otherwise
    if found is None and says_nothing(rule, answer):
        return None, FaultKind.WRONG_KIND
    said = found or text
    if question.longest and len(said) > question.longest:
        return None, FaultKind.TOO_LONG
    return said or None, FaultKind.WRONG_KIND


def _by_map(rule: Rule, answer: Answer) -> str | None:
    found = mapped(rule, as_text(answer.value))
    return found if found is not None else mapped(rule, (answer.words or "").strip())


def _day(name: str, question: Question, rule: Rule, answer: Answer) -> Result:
    when = read_when(answer.text, rule.habits.date_formats)
    day = london_day(when, rule.habits.zone) if when else None
    return day.isoformat() if day else None, _scalar_fault(answer, FaultKind.NOT_A_DATE)


def _moment(name: str, question: Question, rule: Rule, answer: Answer) -> Result:
    when = read_when(answer.text, rule.habits.date_formats)
    at = london_moment(when, rule.habits.zone) if when else None
    return at.isoformat() if at else None, _scalar_fault(answer, FaultKind.NOT_A_DATE)


def _number(name: str, question: Question, rule: Rule, answer: Answer) -> Result:
    if isinstance(answer.value, bool):
        return None, FaultKind.WRONG_KIND
    found = _by_map(rule, answer)
    match = _WHOLE.fullmatch(found if found is not None else answer.text)
    return (int(match.group(1)) if match else None), FaultKind.WRONG_KIND


def _scalar_fault(answer: Answer, fault: FaultKind) -> FaultKind:
    return FaultKind.WRONG_KIND if isinstance(answer.value, list | dict) else fault


_DECODERS: dict[Kind, Callable[[str, Question, Rule, Answer], Result]] = {
    Kind.TEXT: _text,
    Kind.YES_NO: _yes_no,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choice,
}
