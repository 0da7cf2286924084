"""JSON inside a text, opened: whatever stands there gives a value that can be kept and shown."""

import json
import re
from typing import Any

DEEPEST = 32
"""As deep as a body may be nested."""

# A body with one of these is turned away at the door; a text may hold them as escapes, unseen.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def opened(text: str) -> Any:
    """The value a JSON text holds; the text itself where it is none, or is nested beyond reason.

    A character that cannot be stored (NUL, half of a pair) becomes �, which people see.
    """
    try:
        return _storable(json.loads(text), DEEPEST)
    except (ValueError, RecursionError):
        return text


def _storable(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return _NOT_STORABLE.sub("\ufffd", value)
    if not isinstance(value, list | dict):
        return value
    if not levels:
        raise ValueError("nested too deep")
    if isinstance(value, list):
        return [_storable(each, levels - 1) for each in value]
    return {_storable(key, 0): _storable(each, levels - 1) for key, each in value.items()}
