"""The YAML of the `outbound:` block, loaded and checked.

`OutboundSchema().load(block)` turns text-only YAML into a frozen `Outbound`, or raises one
ValidationError with every problem under the keys where it stands. `mappings/OUTBOUND.md` teaches
the language to the person who writes it.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from marshmallow.experimental.context import Context

from connector.mapping.outbound import Limits, Operation, Outbound, Rate, Timeouts, Tls
from connector.mapping.outbound_auth import (
    AuthField,
    exactly_one,
)
from connector.mapping.outbound_calls import (
    Call,
    CallSchema,
    FindSchema,
    LaterCall,
    RequestSchema,
    StepSchema,
)
from connector.mapping.outbound_fields import (
    Address,
    Block,
    EnvironmentName,
    Number,
    Text,
    WholeNumber,
    YesNo,
)
from connector.mapping.outbound_reads import (
    TASK_WORDS,
    FormsSchema,
    PersonSchema,
    ReadField,
    TaskReadSchema,
)
from connector.mapping.outbound_words import FILES, KEYS, Vocabulary, words
from connector.model import EffectKind


class _Timeouts(Block):
    makes = Timeouts

    connect = Number(least=0.1)
    read = Number(least=0.1)
    gateway = Number(least=0.1)


class _Rate(Block):
    makes = Rate

    per_minute = WholeNumber()
    concurrency = WholeNumber()


def _tls(verify: bool = True, ca_bundle_env: str | None = None) -> Tls:
    return Tls(ca_bundle_env)


class _Tls(Block):
    makes = staticmethod(_tls)

    ca_bundle_env = EnvironmentName()
    verify = YesNo(
        validate=validate.Equal(
            True,
            error="The host's certificate is always checked. If the council has its own "
            "certificate authority, name its file with ca_bundle_env.",
        )
    )


class _Limits(Block):
    makes = Limits

    title = WholeNumber()
    text = WholeNumber()
    name = WholeNumber()
    bytes = WholeNumber()


def _operation(steps: list[Call] | None = None, **parts: Any) -> Operation:
    return Operation(steps=tuple(steps or ()), **parts)


class _Operation(Block):
    makes = staticmethod(_operation)

    create = fields.Nested(CallSchema, required=True)
    find = fields.Nested(FindSchema)
    steps = fields.List(fields.Nested(StepSchema))
    limits = fields.Nested(_Limits)
    settings = fields.Dict(keys=Text(), values=fields.String())


class _TaskOperation(_Operation):
    cancel = LaterCall()
    reassign = LaterCall()
    update = LaterCall()
    read = ReadField(TaskReadSchema, TASK_WORDS)


class _OperationField(fields.Field[Operation]):
    """One kind of write; its templates are checked against the names of that kind."""

    def __init__(self, kind: EffectKind, schema: type[Schema] = _Operation) -> None:
        self.kind, self.schema = kind, schema
        super().__init__()

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        settings = {**_block(data, "settings"), **_block(value, "settings")}
        steps = _block(value, "steps", list) or []
        names = [str(each.get("name")) for each in steps if isinstance(each, Mapping)]
        with Context(words(self.kind, settings, names)):
            made = self.schema().load(value)
        if self.kind not in FILES:
            _refuse_files(made)
        return made


class _ReadingField(fields.Nested):
    """What is read of the whole host: its templates may name the profile's own settings."""

    def _deserialize(self, value: Any, attr: Any, data: Any, *args: Any, **kwargs: Any) -> Any:
        settings = {f"settings.{name}" for name in _block(data, "settings")}
        with Context(Vocabulary(frozenset({"settings"} | settings), frozenset({"settings"}))):
            return super()._deserialize(value, attr, data, *args, **kwargs)


def _block(data: Any, key: str, kind: type = dict) -> Any:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, kind) else kind()


def _refuse_files(operation: Operation) -> None:
    """Only an attachment and a task_attachment have a file to send."""
    calls = {key: getattr(operation, key) for key in ("create", "cancel", "reassign", "update")}
    wrong = {key for key, call in calls.items() if call and call.kind in ("multipart", "binary")}
    if wrong:
        fault = {"kind": ["Only an attachment is sent this way. Write json or form."]}
        raise ValidationError(dict.fromkeys(sorted(wrong), fault))


def _outbound(settle_seconds: float | None = None, **parts: Any) -> Outbound:
    if settle_seconds is None:
        settle_seconds = parts.get("timeouts", Timeouts()).settle
    return Outbound(settle_seconds=settle_seconds, **parts)


class OutboundSchema(Block):
    """The whole `outbound:` block."""

    makes = staticmethod(_outbound)

    base_url = Address()
    base_url_env = EnvironmentName()
    base_path = fields.String(
        validate=validate.Regexp(
            r"(/[^/?#]+)*\Z", error="Write it as /one/two, without / at the end."
        )
    )
    allow_http = YesNo()
    auth = AuthField(required=True)
    tls = fields.Nested(_Tls)
    timeouts = fields.Nested(_Timeouts)
    rate = fields.Nested(_Rate)
    idempotency = fields.String(
        required=True,
        validate=validate.OneOf(["A", "B", "C"], error="Write A, B or C (see OUTBOUND.md)."),
    )
    settle_seconds = Number(least=0)
    reference = fields.String(
        validate=validate.OneOf(["text", "guid"], error="Write text or guid.")
    )
    settings = fields.Dict(keys=Text(), values=fields.String())
    probe = fields.Nested(RequestSchema)
    outcome = _OperationField(EffectKind.OUTCOME)
    case_note = _OperationField(EffectKind.CASE_NOTE)
    attachment = _OperationField(EffectKind.DOCUMENT)
    task = _OperationField(EffectKind.TASK, _TaskOperation)
    task_attachment = _OperationField(EffectKind.TASK_DOCUMENT)
    person = _ReadingField(PersonSchema)
    forms = _ReadingField(FormsSchema)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _one_address(self, _data: Any, typed: Mapping[str, Any], **_: Any) -> None:
        exactly_one(typed, "base_url", "base_url_env")

    @validates_schema(skip_on_field_errors=False)
    def _can_be_found_again(self, data: Mapping[str, Any], **_: Any) -> None:
        """Classes A and B rest on our reference being in the host, and B on searching for it."""
        name = "reference_guid" if data.get("reference") == "guid" else "reference"
        faults: dict[str, Any] = {}
        for key in KEYS.values():
            operation = data.get(key)
            if isinstance(operation, Operation) and data.get("idempotency") in ("A", "B"):
                fault = _cannot_be_found(operation, data["idempotency"], name)
                if fault:
                    faults[key] = fault
        if faults:
            raise ValidationError(faults)


def _cannot_be_found(operation: Operation, idempotency: str, name: str) -> dict[str, Any]:
    fault: dict[str, Any] = {}
    if name not in operation.create.names():
        fault["create"] = [
            f"Nothing here carries our reference. Put {{{{ {name} }}}} into a field the host keeps."
        ]
    if idempotency == "B" and operation.find is None:
        fault["find"] = ["Say how to look this up (class B), or declare idempotency: C."]
    return fault
