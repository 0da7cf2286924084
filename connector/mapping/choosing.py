"""Which code an answer stands for: by our code, a profile's map, a label, or yes and no (DC-20)."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from connector.mapping.answers import Answer
from connector.mapping.language import Rule
from connector.mapping.spellings import SPELLINGS
from connector.mapping.text import as_text, plain, spaced
from schemas import Kind, Question
from schemas.choices import Choices

YES = frozenset({"yes", "y", "true", "t", "1"})
NO = frozenset({"no", "n", "false", "f", "0"})
_LEADING_CODE = re.compile(
    r"^([A-Z]\d)\b|^([A-Z0])\s*[-–:.)]\s|^((?-i:[A-Z]))\s+(?=(?-i:[A-Z][a-z]))", re.IGNORECASE
)
_OPPOSITE = {"yes": "no", "no": "yes"}


def choose(name: str, question: Question, rule: Rule, answer: Answer) -> str | None:
    """The canonical code (`yes` and `no` for a yes/no question), or None where none fits.

    The value is tried before the words beside it.
    """
    texts = _texts(answer)
    code = next((c for text in texts for c in _codes(name, question, rule, text)), None)
    return _OPPOSITE.get(code, code) if rule.invert and code else code


def yes_or_no(rule: Rule, text: str) -> str | None:
    """`yes` or `no` where the text is a word for it: the profile's words first."""
    word = plain(text) or text.casefold()
    for words, code in ((rule.habits.yes_words, "yes"), (rule.habits.no_words, "no")):
        if word in {plain(each) or each.casefold() for each in words}:
            return code
    return "yes" if word in YES else "no" if word in NO else None


def mapped(rule: Rule, text: str) -> str | None:
    """What the profile's `map` makes of a text: as written, then alike, then with a star."""
    if not rule.map or not text:
        return None
    folded, alike = spaced(text), plain(text)
    for key, target in rule.map.items():
        if spaced(key) == folded:
            return target
    for key, target in rule.map.items():
        if alike and plain(key) == alike:
            return target
    for key, target in rule.map.items():
        if "*" in key and fnmatchcase(folded, spaced(key)):
            return target
    return None


def code_of(name: str, question: Question, text: str) -> str | None:
    """The code a text is, or is a label of, without any profile."""
    choices = question.choices or {}
    folded = text.casefold()
    alike = plain(text)
    for code in choices:
        if code.casefold() == folded:
            return code
    if not alike:
        return None
    for code, label in choices.items():
        if alike in (plain(code), plain(label)):
            return code
    for code, others in SPELLINGS.get(name, {}).items():
        if code in choices and alike in {plain(each) for each in others}:
            return code
    return _coded_label(choices, text)


def _coded_label(choices: Choices, text: str) -> str | None:
    """The code a label begins with: “S2 No fixed abode”, “F4: apprenticeship”, “U Independent”."""
    match = _LEADING_CODE.match(text)
    code = str(match[match.lastindex or 0]).upper() if match else ""
    return code if code in choices else None


def _texts(answer: Answer) -> Iterator[str]:
    value = as_text(answer.value)
    if value:
        yield value
    if answer.words and answer.words.strip() != value:
        yield answer.words.strip()


def _codes(name: str, question: Question, rule: Rule, text: str) -> Iterator[str]:
    """What one text may stand for, the surest first."""
    target = mapped(rule, text)
    if target is not None:
        yield _canonical(question, rule, target)
        return
    if question.kind is not Kind.YES_NO and (code := code_of(name, question, text)):
        yield code
        return
    word = yes_or_no(rule, text)
    if word is None:
        return
    target = mapped(rule, word)
    if target is not None:
        yield _canonical(question, rule, target)
    elif question.kind is Kind.YES_NO or word in (question.choices or {}):
        yield word


def _canonical(question: Question, rule: Rule, target: str) -> str:
    """A map's target; for a yes/no question any word for yes will do."""
    if question.kind is Kind.YES_NO:
        return yes_or_no(rule, target) or target
    return target
