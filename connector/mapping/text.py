"""JSON values as text, and texts made alike so that two spellings of one answer compare equal."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]][\s.]*$")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}|[a-z])\s*(?:[.):]\s|[-–—]\s)\s*(?=\S)", re.IGNORECASE)
_JOINERS = re.compile(r"[\s–—/,;:.&+_'’\"“”?!]+|-(?!\d)|(?<=\w)-|\band\b")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LETTERS = re.compile(r"[^A-Za-z0-9À-ɏ]+")


def as_text(value: Any) -> str:
    """A scalar as typed: 7781.0 is 7781, surrounding spaces go. Groups and None are empty."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float):
        try:
            return str(value)
        except ValueError:  # more digits than Python prints
            return "a very long number"
    return ""


def shown(value: Any) -> str:
    """A value as a person would say it: Yes, No, the text, or what kind of thing it is."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list | dict):
        return "a group of answers"
    return as_text(value)


def listed(texts: Iterable[str]) -> str:
    """`1 and 3`, `1, 2 and 3`."""
    items = list(texts)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def plain(text: str) -> str:
    """A label made comparable (DC-20): case, punctuation, “and”, numbering, brackets at the end."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    while (shorter := _BRACKETS.sub("", folded)) and shorter != folded:
        folded = shorter
    folded = _NUMBERING.sub("", folded)
    return " ".join(_JOINERS.sub(" ", folded).split())


def alike(text: str, allowed: Iterable[str]) -> bool:
    """Whether a text is one of those allowed, capitals and punctuation aside."""
    return bool(text) and any(
        text.casefold() == each.casefold() or plain(text) == (plain(each) or None)
        for each in allowed
    )


def loose(key: str) -> str:
    """A key or question made comparable: case, spaces, quotes and the punctuation at its end."""
    return spaced(key).rstrip(" .:?*")


def spaced(text: str) -> str:
    """Small letters, plain quotes and single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().split())


def in_words(key: str) -> str:
    """A key as a question: `criterionAText` is “Criterion A text”."""
    key = key.removesuffix("__c").removesuffix("__r")
    words = _LETTERS.sub(" ", _HUMP.sub(" ", key)).split()
    spoken = [word if len(word) == 1 or word.isupper() else word.lower() for word in words]
    sentence = " ".join(spoken)
    return sentence[:1].upper() + sentence[1:] if sentence else key


def suggestion(typed: str, known: Any) -> str:
    """“ Did you mean …?” for a near miss, else nothing."""
    close = get_close_matches(typed.lower(), list(known), n=1, cutoff=0.6)
    return f" Did you mean “{close[0]}”?" if close else ""
