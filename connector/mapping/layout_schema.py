"""The YAML of `answers:`: how answers lie in a payload, with four ready-made descriptions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from connector.mapping.language import Layout, WordsFrom
from connector.mapping.yaml_kinds import Block, Flag, Search, Searches, Text, Words

_ALIASES = {
    "flat": "object",
    "nested": "object",
    "key_value": "array",
    "typed_array": "array",
}
_POST_IMAGE = "PostEntityImages[?key=='PostImage'].value"
_TARGET = "InputParameters[?key=='Target'].value"

READY_MADE: Mapping[str, Mapping[str, Any]] = {
    "fhir": {
        "layout": "array",
        "path": "item",
        "children": ["item", "answer[].item[]"],
        "key": "linkId",
        "question": "text",
        "each_of": "answer",
        "value_first_of": [
            "valueCoding.code", "valueBoolean", "valueDate", "valueDateTime", "valueInteger",
            "valueDecimal", "valueString", "valueUri", "valueQuantity.value",
            "valueReference.reference", "valueReference.identifier.value",
        ],
        "words": ["valueCoding.display", "valueReference.display"],
    },
    "dataverse": {
        "layout": "array",
        "path": [f"{_POST_IMAGE}.Attributes[]", f"{_TARGET}.Attributes[]"],
        "key": "key",
        "value_first_of": [
            "value.Value.Value", "value.Value", "value.Id", "value[].Value", "value",
        ],
        "words": ["value.Name"],
        "words_from": {
            "path": [f"{_POST_IMAGE}.FormattedValues[]", f"{_TARGET}.FormattedValues[]"],
            "key": "key",
            "words": "value",
        },
    },
}  # fmt: skip
"""Layouts that stand for a longer description; each of their keys can be overridden."""

LAYOUTS = ("object", "array", "lists", *_ALIASES, *READY_MADE)


class _RowsSchema(Block):
    row = Search(required=True)
    column = Search()


class _WordsFromSchema(Block):
    path = Searches(required=True)
    key = Search(required=True)
    words = Search(required=True)


class LayoutSchema(Block):
    """One description under `answers:`."""

    layout = Text(
        required=True,
        validate=validate.OneOf(LAYOUTS, error="Write one of: {choices}."),
        error_messages={"required": "Say which layout: " + ", ".join(LAYOUTS) + "."},
    )
    path = Searches()
    key = Search()
    value = Search()
    value_first_of = Searches()
    words = Searches()
    question = Search()
    rows = fields.Nested(_RowsSchema)
    each_of = Search()
    children = Searches()
    full_keys = Flag()
    in_subject = Flag()
    order_by = Search()
    words_from = fields.Nested(_WordsFromSchema)
    ignore = Words()


class Layouts(fields.Field[tuple[Layout, ...]]):
    """One description or a list of them, for answers that lie in several places."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Layout, ...]:
        if not isinstance(value, list):
            return (_layout(value),)
        loaded: list[Layout] = []
        wrong: dict[int, Any] = {}
        for index, each in enumerate(value):
            try:
                loaded.append(_layout(each))
            except ValidationError as error:
                wrong[index] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return tuple(loaded)


def _layout(value: Any) -> Layout:
    if not isinstance(value, dict):
        raise ValidationError("Describe here how the answers lie, beginning with layout:.")
    ready = READY_MADE.get(str(value.get("layout")), {})
    own = {key: each for key, each in value.items() if not (ready and key == "layout")}
    typed = LayoutSchema().load({**ready, **own})
    kind = _ALIASES.get(typed["layout"], typed["layout"])
    if kind != "object" and "key" not in typed:
        raise ValidationError({"key": ["Say where the question's key is found in an item."]})
    values = typed.get("value_first_of") or ((typed["value"],) if "value" in typed else ())
    if kind != "object" and not values:
        raise ValidationError({"value": ["Say where the answer is found in an item."]})
    return _made(kind, typed, values)


def _made(kind: str, typed: Mapping[str, Any], values: tuple[Any, ...]) -> Layout:
    rows = typed.get("rows") or {}
    words_from = typed.get("words_from")
    search = Search()
    return Layout(
        kind=kind,
        paths=typed.get("path") or (search.deserialize("@"),),
        key=typed.get("key"),
        value=values,
        words=typed.get("words") or (),
        question=typed.get("question"),
        row=rows.get("row"),
        column=rows.get("column"),
        each_of=typed.get("each_of"),
        children=typed.get("children") or (),
        full_keys=typed.get("full_keys", False),
        in_subject=typed.get("in_subject", False),
        order_by=typed.get("order_by"),
        words_from=WordsFrom(**words_from) if words_from else None,
        ignore=typed.get("ignore") or (),
    )
