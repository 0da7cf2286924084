"""Texts of an `outbound:` block with `{{ … }}` in them, checked against the names of their place.

Every problem lands in marshmallow's error dictionary under the key or index where it stands.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.experimental.context import Context

from connector.mapping.outbound_fields import Text
from connector.mapping.outbound_templates import (
    Template,
    compile_address,
    compile_text,
    compile_value,
    unknown_names,
)
from connector.mapping.outbound_words import Vocabulary


class TemplateText(Text):
    """A header or form field with `{{ … }}` in it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return compiled(super()._deserialize(value, attr, data, **kwargs), compile_text)


class TemplateAddress(Text):
    """A path with `{{ … }}` in it, from the first slash on; values are quoted when filled in."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        template = compiled(super()._deserialize(value, attr, data, **kwargs), compile_address)
        if not template.source.startswith("/") or template.source.startswith("//"):
            raise ValidationError("A path starts with one slash and is added to the base address.")
        return template


class TemplateTree(fields.Field[Any]):
    """A body: texts with `{{ … }}` inside lists and keys, as deep as need be."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return _tree(value)


def _tree(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _branches({str(key): each for key, each in value.items()})
    if isinstance(value, list | tuple):
        branches = _branches(dict(enumerate(value)))
        return tuple(branches[index] for index in range(len(value)))
    return compiled("" if value is None else str(value), compile_value)


def _branches(items: Mapping[Any, Any]) -> dict[Any, Any]:
    made, faults = {}, {}
    for key, each in items.items():
        try:
            made[key] = _tree(each)
        except ValidationError as error:
            faults[key] = error.messages
    if faults:
        raise ValidationError(faults)
    return made


def compiled(source: str, compiler: Callable[[str], Template]) -> Template:
    """The template; a ValidationError where it cannot be read or names something unknown."""
    try:
        template = compiler(source)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    words = Context[Vocabulary].get(None)
    if isinstance(words, Vocabulary):
        problems = unknown_names(template, words.names, words.closed)
        if problems:
            raise ValidationError(problems)
    return template
