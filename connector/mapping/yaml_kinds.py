"""What a text in the YAML may stand for: the marshmallow fields the mapping files are made of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from marshmallow import RAISE, Schema, ValidationError, fields

_FIRST_CHILD_ONLY = frozenset(
    ("index_expression", "projection", "filter_projection", "value_projection", "flatten", "pipe")
)
_LONGEST_MATCHED = 5_000


def suggestion(typed: str, known: Any) -> str:
    """“ Did you mean …?” for a near miss, else nothing."""
    close = get_close_matches(typed.lower(), list(known), n=1, cutoff=0.6)
    return f" Did you mean “{close[0]}”?" if close else ""


class Block(Schema):
    """A group of keys. A key it does not know is a problem, with the nearest one it does know."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["type"] = "A group of “key: value” lines is expected here."

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Say which key was probably meant."""
        known = [each.data_key or name for name, each in self.fields.items()]
        if not isinstance(data, Mapping) or not isinstance(error.messages, dict):
            return
        for key in data:
            if key not in known:
                error.messages[key] = [_unknown_key(str(key), known)]


def _unknown_key(key: str, known: list[str]) -> str:
    return (
        f"There is no “{key}” here.{suggestion(key, known) or ' Known: ' + ', '.join(known) + '.'}"
    )


class Text(fields.String):
    """One text that is not empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid"] = "Write one text here, not a group or a list."

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text == "":
            raise ValidationError("Write something here, or leave the key out.")
        return text


class Flag(fields.Field[bool]):
    """`true` or `false` (`yes` and `no` mean the same)."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        word = str(value).lower()
        if word not in ("true", "false", "yes", "no"):
            raise ValidationError("Write true or false.")
        return word in ("true", "yes")


class Words(fields.Field[tuple[str, ...]]):
    """A list of texts; one text alone is a list of one."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[str, ...]:
        return words_of(value)


def words_of(value: Any) -> tuple[str, ...]:
    """A list of texts, or one. Raises ValidationError for anything else."""
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in items):
        raise ValidationError("Write a list of texts here, such as [one, two].")
    return tuple(items)


class Table(fields.Field[Mapping[str, str]]):
    """Text to text, such as `{FR: former_relevant}`."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValidationError("Write pairs here, such as {Y: yes, N: no}.")
        wrong = {key: ["Write one text."] for key, each in value.items() if not _is_text(each)}
        if wrong:
            raise ValidationError(wrong)
        return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


@dataclass(frozen=True)
class Expression:
    """A JMESPath expression, compiled."""

    text: str
    _compiled: Any = field(compare=False, repr=False)

    @cached_property
    def chains(self) -> frozenset[str]:
        """The dotted names it starts from: which answers the expression can touch."""
        return frozenset(".".join(chain) for chain in _chains(self._compiled.parsed) if chain)

    @cached_property
    def heads(self) -> frozenset[str]:
        """The first name of each chain."""
        return frozenset(chain[0] for chain in _chains(self._compiled.parsed) if chain)

    @cached_property
    def _names(self) -> tuple[str, ...] | None:
        """The names of `form.id`, which most expressions are: following them takes no search."""
        return _plain_names(self._compiled.parsed)

    def find(self, payload: Any) -> Any:
        """The value, or None: a function that meets the wrong kind of value finds nothing."""
        if self._names is not None:
            return _step_by_step(payload, self._names)
        try:
            return self._compiled.search(payload)
        except (JMESPathError, ArithmeticError, RecursionError, TypeError, ValueError):
            return None


def _plain_names(node: Mapping[str, Any]) -> tuple[str, ...] | None:
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression":
        return None
    parts = [_plain_names(child) for child in node["children"]]
    return None if None in parts else tuple(name for part in parts for name in part or ())


def _step_by_step(value: Any, names: tuple[str, ...]) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _chains(node: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The chains of names a JMESPath tree walks from its root."""
    kind, children = node["type"], node.get("children", [])
    if kind == "field":
        return [(node["value"],)]
    if kind == "current":
        return [()]
    if kind == "subexpression":
        chains = _chains(children[0])
        for child in children[1:]:
            below = _chains(child) or [()]
            chains = [(*chain, *further) for chain in chains for further in below]
            if child["type"] not in ("field", "index_expression"):
                break
        return chains
    inside = children[:1] if kind in _FIRST_CHILD_ONLY else children
    return [chain for child in inside if isinstance(child, dict) for chain in _chains(child)]


def expression(text: str) -> Expression:
    """Compile a JMESPath. Raises ValidationError with the reason."""
    try:
        compiled = jmespath.compile(text)
    except JMESPathError as error:
        reason = str(error).splitlines()[0].rstrip(".:")
        raise ValidationError(
            f"This is not a JMESPath: {reason}. "
            "A name with spaces, dashes or dots goes into double quotes: '\"Form type\"'."
        ) from None
    if wrong := list(_wrong_calls(compiled.parsed)):
        raise ValidationError(wrong)
    return Expression(text, compiled)


def _wrong_calls(node: Mapping[str, Any]) -> Iterator[str]:
    """Functions that do not exist or get too few or too many values: they would find nothing."""
    children = [each for each in node.get("children", []) if isinstance(each, dict)]
    if node["type"] == "function_expression":
        name, given = node["value"], len(children)
        known = Functions.FUNCTION_TABLE.get(name)
        if known is None:
            yield f"JMESPath has no function “{name}”.{suggestion(name, Functions.FUNCTION_TABLE)}"
        elif not _enough(given, known["signature"]):
            yield (
                f"“{name}” takes {len(known['signature'])} values; here are {given}. "
                "An apostrophe inside '…' is written \\'."
            )
    for each in children:
        yield from _wrong_calls(each)


def _enough(given: int, signature: Sequence[Mapping[str, Any]]) -> bool:
    several = bool(signature) and bool(signature[-1].get("variadic"))
    return given >= len(signature) if several else given == len(signature)


class Search(fields.Field[Expression]):
    """A JMESPath expression."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Expression:
        return searched(value)


def searched(value: Any) -> Expression:
    """The same for a value from the YAML."""
    if not isinstance(value, str) or not value.strip():
        raise ValidationError("Write a JMESPath here, such as form.id.")
    return expression(value)


class Searches(fields.Field[tuple[Expression, ...]]):
    """One JMESPath expression or a list of them."""

    def _deserialize(
        self, value: Any, attr: Any, data: Any, **kwargs: Any
    ) -> tuple[Expression, ...]:
        items = value if isinstance(value, list) else [value]
        return tuple(searched(each) for each in items)


@dataclass(frozen=True)
class Pattern:
    """A regular expression; what its first group (else the whole) matches is the value."""

    text: str

    def find(self, value: str) -> str | None:
        """The matched part, or None."""
        match = re.search(self.text, value[:_LONGEST_MATCHED])
        if match is None:
            return None
        return match.group(1) if match.re.groups else match.group(0)


class Regex(fields.Field[Pattern]):
    """A regular expression."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Pattern:
        try:
            re.compile(str(value))
        except re.error as error:
            raise ValidationError(f"This is not a regular expression: {error}.") from None
        return Pattern(str(value))


class Zone(fields.Field[ZoneInfo]):
    """A time zone by name."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> ZoneInfo:
        try:
            return ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValidationError("Write a time zone such as Europe/London or UTC.") from None
