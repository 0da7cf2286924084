"""The YAML of `inbound:` and `defaults:` in host.yaml."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from connector.mapping.condition_schema import FormTest, OneOrMore, Test
from connector.mapping.event_schema import Event
from connector.mapping.field_table import FieldTable
from connector.mapping.language import DeliveryId, Rule
from connector.mapping.layout_schema import Layouts
from connector.mapping.rule_checks import faults_of
from connector.mapping.rule_schema import HabitsSchema, Where, rule_of
from connector.mapping.selecting import ENVELOPE
from connector.mapping.text import suggestion
from connector.mapping.yaml_kinds import Block, Search, Text, Words
from connector.signature import Authentication
from connector.signature import faults_of as auth_faults
from schemas import FORMS, Question

OF_SELECT = ("form_type", "form_status")
ENVELOPE_FIELDS = {name: each for name, each in ENVELOPE.items() if name not in OF_SELECT}
ALL_FIELDS: Mapping[str, Question] = {
    name: question for form in FORMS.values() for name, question in form.questions.items()
}


class _AuthSchema(Block):
    """`auth:` as connector.signature knows it."""

    type = Text(required=True)
    secret_env = Words(required=True)
    header = Text()
    headers = Words()
    timestamp_header = Text()
    id_header = Text()
    tolerance_seconds = fields.Integer(
        error_messages={"invalid": "Write a whole number of seconds."}
    )
    encoding = Text()
    prefix = Text()
    signed_content = Text()
    username = Text()
    query_name = Text()


class _Auth(fields.Field[Authentication]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Authentication:
        if not isinstance(value, dict):
            raise ValidationError("Say how the host proves who it is, beginning with type:.")
        typed = _AuthSchema().load(value)
        authentication = Authentication(kind=typed.pop("type"), **typed)
        faults = [each.replace("kind must", "type must") for each in auth_faults(authentication)]
        if faults:
            raise ValidationError(faults)
        return authentication


class _DeliverySchema(Block):
    header = Text()
    path = Search()


class _Delivery(fields.Field[DeliveryId]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> DeliveryId:
        if isinstance(value, str):
            return DeliveryId(path=Search().deserialize(value))
        typed = _DeliverySchema().load(value)
        if len(typed) != 1:
            raise ValidationError("Name either a header or a path.")
        return DeliveryId(**typed)


class _Selected(fields.Field[Rule]):
    """`form_type` and `form_status`: a rule whose map leads to our codes."""

    def __init__(self, name: str, **options: Any) -> None:
        self.of = name
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Rule:
        rule = rule_of(value, "path")
        faults = faults_of(self.of, ENVELOPE[self.of], rule)
        if faults:
            raise ValidationError(faults)
        return rule


class _RequireSchema(Block):
    path = Search(required=True)
    why = Text(required=True)


class _SelectSchema(Block):
    form_type = _Selected("form_type", required=True)
    form_status = _Selected("form_status")
    accept_if = OneOrMore(FormTest())
    require = fields.List(fields.Nested(_RequireSchema))


class _SubjectsSchema(Block):
    path = Search(required=True)
    where = Where()
    multiple = Text(validate=validate.OneOf(("each", "one"), error="Write each or one."))


class InboundSchema(Block):
    """`inbound:`."""

    auth = _Auth(required=True)
    delivery_id = _Delivery()
    select = fields.Nested(_SelectSchema, required=True)
    subjects = fields.Nested(_SubjectsSchema)
    open_json = Words()
    events = OneOrMore(Event())
    echo_if = OneOrMore(Test())
    values = fields.Nested(HabitsSchema)
    envelope = FieldTable(ENVELOPE_FIELDS, "path", required=True)
    answers = Layouts()
    field_rules = FieldTable(ALL_FIELDS, "key", extras=True, data_key="fields")


NOT_ON_A_FORM = ("next_manager_id", "team_record_id")
"""What `defaults:` may name beside envelope fields: who decides where the manager cannot, and the
record that tasks about nobody in particular are put on."""


class Defaults(fields.Field[Mapping[str, str]]):
    """`defaults:` are envelope fields, in the form's own kinds, and what stands on no form."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValidationError("Write pairs here, such as {team_id: 42}.")
        known = (*ENVELOPE_FIELDS, *NOT_ON_A_FORM)
        wrong = {
            name: [f"There is no such field.{suggestion(name, known)}"]
            for name in value
            if name not in known
        }
        wrong |= {name: ["Write one text."] for name, v in value.items() if not isinstance(v, str)}
        if wrong:
            raise ValidationError(wrong)
        return {name: text for name, text in value.items() if text.strip()}
