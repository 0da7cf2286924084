"""Reading a body as strict JSON within limits (S6, M5): each fault a clear sentence, never a crash.

The sentences name what is wrong and where, never what stands there.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from connector.errors import Refused

MOST_BYTES = 1_000_000
DEEPEST = 32
MOST_KEYS = 2_000
MOST_VALUES = 20_000
LONGEST_TEXT = 100_000
MOST_DIGITS = 100

# A text, closed or not. Possessive, so that no body makes it slow.
_TEXT = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
# How a character that cannot be stored is written; in plain sight, the parser refuses it.
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def read_json(body: bytes) -> Any:
    """The JSON object or list in `body`, UTF-8 (a byte order mark is passed over).

    Raises Refused (413 too large, else 400) for anything that is not strict JSON: nesting deeper
    than 32, more than 2,000 keys or 20,000 values, text over 100 kB, repeated keys, NaN and
    infinities, numbers of more than 100 digits, characters that cannot be stored.
    """
    if len(body) > MOST_BYTES:
        raise too_large()
    text = _decoded(body)
    _check_shape(text)
    value = _parsed(text)
    if not isinstance(value, dict | list):
        raise Refused(400, "The body must be a JSON object or list, not a single value.")
    # Looked for at length only where one can be: most bodies are spared the walk.
    if len(body) > LONGEST_TEXT or _ESCAPED.search(text):
        for each in _texts(value):
            _check_text(each)
    return value


def too_large() -> Refused:
    """The refusal of a body over the limit."""
    return Refused(413, f"The body is larger than {MOST_BYTES:,} bytes.")


def check_content_type(content_type: str, encoding: str = "") -> None:
    """Only JSON in UTF-8, sent as it is. Raises Refused (415) otherwise."""
    kind, _, parameters = content_type.lower().partition(";")
    if not re.fullmatch(r"application/(?:[\w.-]+\+)?json", kind.strip()):
        raise Refused(415, "Send the form as JSON, with the content type application/json.")
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", parameters)
    if charset and charset[1] not in ("utf-8", "utf8", "us-ascii"):
        raise Refused(415, "Send the form in the character set UTF-8.")
    if encoding.strip().lower() not in ("", "identity"):
        raise Refused(415, "Send the form as it is, without a content encoding such as gzip.")


def _decoded(body: bytes) -> str:
    if not body.strip():
        raise Refused(400, "The body is empty; send the completed form as JSON.")
    try:
        return body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        raise Refused(400, f"The body is not UTF-8 text (byte {wrong.start + 1}).") from None


def _check_shape(text: str) -> None:
    """Depth and keys, counted before parsing, since the parser itself recurses."""
    structure = _TEXT.sub("", text)
    depth = 0
    for bracket in _BRACKET.finditer(structure):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            raise Refused(400, f"The body is nested more than {DEEPEST} levels deep.")
    if structure.count(":") > MOST_KEYS:
        raise Refused(400, f"The body has more than {MOST_KEYS:,} keys.")
    # Ten thousands of values in lists would keep the worker from everybody else's forms.
    if structure.count(",") >= MOST_VALUES:
        raise Refused(400, f"The body has more than {MOST_VALUES:,} values.")


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_repeats,
            parse_constant=_no_constant,
            parse_int=_whole_number,
            parse_float=_finite,
        )
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno}, character {wrong.colno}"
        raise Refused(400, f"The body is not valid JSON ({place}).") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(400, "The body has the same key twice in one object.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise Refused(400, f"The body contains {name}, which is not a JSON number.")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Refused(400, f"The body contains a number of more than {MOST_DIGITS} digits.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Refused(400, "The body contains a number too large to hold.")
    return number


def _texts(value: Any) -> Iterator[str]:
    """Every text of a parsed value, keys included."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            yield from each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise Refused(400, "The body contains the NUL character, which cannot be stored.")
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise Refused(400, "The body contains half of a character (a lone surrogate).") from None
    if size > LONGEST_TEXT:
        raise Refused(400, f"The body contains a text longer than {LONGEST_TEXT:,} bytes.")
