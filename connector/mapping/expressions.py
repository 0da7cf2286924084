"""JMESPath expressions, as the mapping files name what stands in a payload."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions
from marshmallow import ValidationError

from connector.mapping.text import suggestion

_FINDS_NOTHING = (
    JMESPathError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_FIRST_CHILD_ONLY = frozenset(
    ("index_expression", "projection", "filter_projection", "value_projection", "flatten", "pipe")
)


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
        except _FINDS_NOTHING:
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
