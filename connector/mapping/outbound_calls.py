"""One request to the host, and what counts as a good answer: create, step, find, cancel."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema
from marshmallow.experimental.context import Context

from connector.mapping.expressions import Expression
from connector.mapping.outbound_fields import (
    Block,
    Codes,
    JmesPath,
    Pattern,
    Text,
    YesNo,
)
from connector.mapping.outbound_template_fields import TemplateAddress, TemplateText, TemplateTree
from connector.mapping.outbound_templates import Template
from connector.mapping.outbound_words import Vocabulary

GOOD = frozenset({200, 201, 202, 204})


@dataclass(frozen=True)
class IdRule:
    """Where the host's own id of the created thing stands in its answer; exactly one is set."""

    body: Expression | None = None
    header: str | None = None
    location: bool = False
    value: Template | None = None
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class SuccessTest:
    """A 2xx only counts when `body` equals `equals` (compared as text), or is there at all."""

    body: Expression
    equals: str | None = None


@dataclass(frozen=True)
class Call:
    """One request. `already`: codes that mean the host has this very thing (done)."""

    method: str
    path: Template
    headers: Mapping[str, Template] = field(default_factory=dict)
    body: Any = None
    kind: str = "json"
    file_part: str | None = None
    fields: Mapping[str, Template] = field(default_factory=dict)
    success: frozenset[int] = GOOD
    success_if: SuccessTest | None = None
    already: frozenset[int] | None = None
    id: IdRule | None = None
    omit_blank: bool = False
    name: str = ""

    def names(self) -> frozenset[str]:
        """Every variable the request uses."""
        found = _names_in((self.path, self.headers, self.body, self.fields))
        return found | _names_in(self.id.value if self.id else None)


@dataclass(frozen=True)
class Find:
    """A look-up by our reference; what comes back is compared exactly before it counts."""

    call: Call
    items: Expression
    reference: Expression
    id: Expression
    reference_pattern: re.Pattern[str] | None = None
    next: Expression | None = None
    absent: frozenset[int] = frozenset()


def _names_in(tree: Any) -> frozenset[str]:
    if isinstance(tree, Template):
        return tree.names
    if isinstance(tree, Mapping):
        tree = tuple(tree.values())
    if isinstance(tree, tuple):
        return frozenset().union(*(_names_in(each) for each in tree))
    return frozenset()


class IdSchema(Block):
    """`id:` {body: path} or {header: name} or {location: true} or {value: "{{ … }}"}."""

    makes = IdRule

    body = JmesPath()
    header = Text()
    location = YesNo()
    value = TemplateText()
    pattern = Pattern()

    @validates_schema
    def _exactly_one(self, data: Mapping[str, Any], **_: Any) -> None:
        if len({"body", "header", "location", "value"} & set(data)) != 1:
            raise ValidationError("Give exactly one of body, header, location and value.")


class SuccessSchema(Block):
    """`success_if:` {body: path, equals: text}."""

    makes = SuccessTest

    body = JmesPath(required=True)
    equals = fields.String()


class RequestSchema(Block):
    """What every request has, reads included."""

    makes: ClassVar[Callable[..., Any]] = Call
    methods: ClassVar[tuple[str, ...]] = ("GET",)

    method = fields.String(required=True)
    path = TemplateAddress(required=True)
    headers = fields.Dict(keys=Text(), values=TemplateText())
    body = TemplateTree()
    success = Codes(200, 299)
    success_if = fields.Nested(SuccessSchema)
    omit_blank = YesNo()

    @validates_schema(skip_on_field_errors=False)
    def _known_method(self, data: Mapping[str, Any], **_: Any) -> None:
        if "method" in data and data["method"] not in self.methods:
            raise ValidationError(f"Write one of: {', '.join(self.methods)}.", "method")


class CallSchema(RequestSchema):
    """A request that changes something."""

    methods: ClassVar[tuple[str, ...]] = ("POST", "PUT", "PATCH", "DELETE")

    kind = fields.String(
        validate=validate.OneOf(
            ["json", "form", "multipart", "binary"],
            error="Write one of: json, form, multipart, binary.",
        )
    )
    file_part = Text()
    fields_ = fields.Dict(keys=Text(), values=TemplateText(), data_key="fields", attribute="fields")
    already = Codes(400, 499)
    id = fields.Nested(IdSchema)

    @validates_schema(skip_on_field_errors=False)
    def _parts_fit_the_kind(self, data: Mapping[str, Any], **_: Any) -> None:
        kind = data.get("kind", "json")
        wanted = {"json": {"body"}, "form": {"fields"}, "multipart": {"fields", "file_part"}}
        for part in sorted({"body", "fields", "file_part"} & set(data)):
            if part not in wanted.get(kind, set()):
                raise ValidationError(f"A request of kind {kind} has no {part}.", part)
        if kind == "multipart" and "file_part" not in data:
            raise ValidationError("Name the part that holds the file.", "file_part")


class StepSchema(CallSchema):
    """A request made before `create`; its id is `steps.NAME.id` there. A GET reads a value."""

    methods = ("GET", *CallSchema.methods)

    name = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z][a-z0-9_]*\Z", error="Write a small word, such as upload."),
    )

    @validates_schema(skip_on_field_errors=False)
    def _gives_an_id(self, data: Mapping[str, Any], **_: Any) -> None:
        if "id" not in data:
            raise ValidationError("Say where the id stands that create needs.", "id")


class LaterCall(fields.Nested):
    """`cancel`, `reassign`, `update`: the thing is there, so its `remote_id` may be named."""

    def __init__(self) -> None:
        super().__init__(CallSchema)

    def _deserialize(self, value: Any, attr: Any, data: Any, *args: Any, **kwargs: Any) -> Any:
        words = Context[Vocabulary].get()
        with Context(words.also("remote_id", "reason")):
            return super()._deserialize(value, attr, data, *args, **kwargs)


def _find(
    *,
    items: Expression,
    reference: Expression,
    id: Expression,  # noqa: A002 - the key of the YAML
    reference_pattern: re.Pattern[str] | None = None,
    next: Expression | None = None,  # noqa: A002 - the key of the YAML
    absent: frozenset[int] = frozenset(),
    **call: Any,
) -> Find:
    return Find(Call(**call), items, reference, id, reference_pattern, next, absent)


class FindSchema(RequestSchema):
    """`find:` how to look something up by our reference."""

    makes = staticmethod(_find)
    methods = ("GET", "POST")

    items = JmesPath(required=True)
    reference = JmesPath(required=True)
    reference_pattern = Pattern()
    id = JmesPath(required=True)
    next = JmesPath()
    absent = Codes(400, 499)
