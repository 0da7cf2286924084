"""A host's YAML files together: loaded, checked against each other, made one HostProfile."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from connector.errors import ConfigurationProblem, Place
from connector.mapping.language import (
    Condition,
    DeliveryId,
    Habits,
    Layout,
    Requirement,
    Rule,
    Select,
    Subjects,
)
from connector.mapping.layout_schema import Layouts
from connector.mapping.outbound import Outbound, OutboundSchema
from connector.mapping.profile import FormMapping, HostProfile, Inbound
from connector.mapping.rule_schema import (
    FieldTable,
    HabitsSchema,
    faults_of,
    inherited,
    rule_of,
)
from connector.mapping.translate import ENVELOPE
from connector.mapping.yaml_kinds import (
    Block,
    Search,
    Text,
    Words,
    expression,
    suggestion,
    words_of,
)
from connector.mapping.yaml_text import Document
from connector.signature import Authentication
from connector.signature import faults_of as auth_faults
from schemas import FORMS, Question

WHOLE_PAYLOAD = (Layout(paths=(expression("@"),)),)
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


class _Conditions(fields.Field[tuple[Condition, ...]]):
    """`accept_if`: one test or a list of tests, all of which must hold."""

    def _deserialize(
        self, value: Any, attr: Any, data: Any, **kwargs: Any
    ) -> tuple[Condition, ...]:
        if isinstance(value, list):
            wrong: dict[int, Any] = {}
            tests: list[Condition] = []
            for index, each in enumerate(value):
                try:
                    tests.append(_condition(each))
                except ValidationError as error:
                    wrong[index] = error.messages
            if wrong:
                raise ValidationError(wrong)
            return tuple(tests)
        return (_condition(value),)


def _condition(value: Any) -> Condition:
    if not isinstance(value, dict) or not ({"in", "equals"} & set(value)):
        raise ValidationError("Write a place and what it must be: {path: status, in: [Completed]}.")
    where = {key: each for key, each in value.items() if key not in ("in", "equals", "missing")}
    allowed = words_of(value.get("in", [])) + words_of(value.get("equals", []))
    missing = value.get("missing", "unmapped")
    if missing not in ("unmapped", "ignored"):
        raise ValidationError({"missing": ["Write unmapped or ignored."]})
    return Condition(rule_of(where, "path"), allowed, missing)


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
    accept_if = _Conditions()
    require = fields.List(fields.Nested(_RequireSchema))


class _Where(fields.Field[Mapping[str, tuple[str, ...]]]):
    def _deserialize(
        self, value: Any, attr: Any, data: Any, **kwargs: Any
    ) -> Mapping[str, tuple[str, ...]]:
        if not isinstance(value, dict):
            raise ValidationError("Write pairs here, such as {subjectTypeCode: PER}.")
        return {key: words_of(each) for key, each in value.items()}


class _SubjectsSchema(Block):
    path = Search(required=True)
    where = _Where()
    multiple = Text(validate=validate.OneOf(("each", "one"), error="Write each or one."))


class _InboundSchema(Block):
    auth = _Auth(required=True)
    delivery_id = _Delivery()
    select = fields.Nested(_SelectSchema, required=True)
    subjects = fields.Nested(_SubjectsSchema)
    open_json = Words()
    values = fields.Nested(HabitsSchema)
    envelope = FieldTable(ENVELOPE_FIELDS, "path", required=True)
    answers = Layouts()
    field_rules = FieldTable(ALL_FIELDS, "key", extras=True, data_key="fields")


class _Defaults(fields.Field[Mapping[str, str]]):
    """`defaults:` are envelope fields, in the form's own kinds."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Mapping[str, str]:
        if not isinstance(value, dict):
            raise ValidationError("Write pairs here, such as {team_id: 42}.")
        wrong = {
            name: [f"There is no such field.{suggestion(name, ENVELOPE_FIELDS)}"]
            for name in value
            if name not in ENVELOPE_FIELDS
        }
        wrong |= {name: ["Write one text."] for name, v in value.items() if not isinstance(v, str)}
        if wrong:
            raise ValidationError(wrong)
        return {name: text for name, text in value.items() if text.strip()}


class HostSchema(Block):
    """host.yaml."""

    profile = Text()
    title = Text()
    inbound = fields.Nested(_InboundSchema, required=True)
    defaults = _Defaults()
    outbound = fields.Nested(OutboundSchema)


def form_schema(form_type: str) -> Schema:
    """A form's own file. Everything but `fields` is laid over what host.yaml says."""
    return Block.from_dict(
        {
            "values": fields.Nested(HabitsSchema),
            "envelope": FieldTable(ENVELOPE_FIELDS, "path"),
            "answers": Layouts(),
            "ignore": Words(),
            "field_rules": FieldTable(
                FORMS[form_type].questions, "key", extras=True, required=True, data_key="fields"
            ),
        },
        name="FormFileSchema",
    )()


def load_host(name: str, host: Document, forms: Mapping[str, Document]) -> HostProfile:
    """One host's files as its profile. Raises ConfigurationProblem with every place in them.

    `forms` is by form type.
    """
    wrong: list[Place] = []
    typed = _loaded(HostSchema(), host, wrong)
    files = {kind: _loaded(form_schema(kind), document, wrong) for kind, document in forms.items()}
    if not wrong:
        wrong += _unmapped(host, typed["inbound"], files)
    if wrong:
        raise ConfigurationProblem(wrong)
    return _profile(name, typed, files)


def _loaded(schema: Schema, document: Document, wrong: list[Place]) -> dict[str, Any]:
    if not isinstance(document.tree, dict):
        wrong.append(document.place((), "Write “key: value” lines in this file."))
        return {}
    try:
        loaded: dict[str, Any] = schema.load(document.tree)
    except ValidationError as error:
        wrong.extend(document.places(error.messages))
        return {}
    return loaded


def _unmapped(host: Document, inbound: dict[str, Any], files: Mapping[str, Any]) -> list[Place]:
    """Forms that host.yaml selects and nothing maps."""
    chosen = forms_selected(inbound["select"]["form_type"])
    if inbound.get("field_rules"):
        return []
    return [
        host.place(
            ("inbound", "select", "form_type"), f"There is no file {kind}.yaml beside this one."
        )
        for kind in chosen
        if kind not in files
    ]


def forms_selected(rule: Rule) -> tuple[str, ...]:
    """The forms a `form_type` rule can lead to."""
    own = [*rule.map.values(), *filter(None, (rule.constant, rule.otherwise, rule.default))]
    inner = [kind for each in rule.members for kind in forms_selected(each)]
    return tuple(dict.fromkeys([*own, *inner]))


def _profile(name: str, typed: dict[str, Any], files: Mapping[str, Any]) -> HostProfile:
    inbound = typed["inbound"]
    shared = inbound.get("field_rules") or {}
    habits = Habits(**inbound.get("values") or {})
    envelope, layouts = inbound["envelope"], inbound.get("answers") or WHOLE_PAYLOAD
    select = inbound["select"]
    kinds = dict.fromkeys((*files, *(forms_selected(select["form_type"]) if shared else ())))
    return HostProfile(
        name=name,
        title=typed.get("title") or typed.get("profile") or name,
        inbound=Inbound(
            authentication=inbound["auth"],
            select=_select(select, habits),
            delivery_id=inbound.get("delivery_id"),
            subjects=Subjects(**inbound["subjects"]) if "subjects" in inbound else None,
            open_json=inbound.get("open_json") or (),
            envelope=_with(envelope, habits),
            layouts=layouts,
            habits=habits,
        ),
        forms={
            kind: _form(kind, files.get(kind) or {}, envelope, layouts, habits, shared)
            for kind in kinds
        },
        outbound=typed.get("outbound") or Outbound(idempotency="C"),
        defaults=typed.get("defaults") or {},
    )


def _select(typed: dict[str, Any], habits: Habits) -> Select:
    status = typed.get("form_status")
    return Select(
        form_type=_understood(typed["form_type"], habits),
        form_status=_understood(status, habits) if status else None,
        accept_if=typed.get("accept_if") or (),
        require=tuple(Requirement(**each) for each in typed.get("require") or ()),
    )


def _form(
    kind: str,
    typed: Mapping[str, Any],
    envelope: Mapping[str, Rule],
    layouts: tuple[Layout, ...],
    habits: Habits,
    shared: Mapping[str, Rule],
) -> FormMapping:
    own = Habits(**typed.get("values") or {}).over(habits)
    known = FORMS[kind].questions
    rules = {
        name: rule
        for name, rule in shared.items()
        if name in known or (name not in ALL_FIELDS and "closure_other" in known)
    }
    ignore = typed.get("ignore") or ()
    return FormMapping(
        form_type=kind,
        envelope=_with({**envelope, **(typed.get("envelope") or {})}, own),
        layouts=tuple(
            replace(each, ignore=each.ignore + ignore) for each in typed.get("answers") or layouts
        ),
        habits=own,
        fields=_with({**rules, **typed.get("field_rules", {})}, own),
    )


def _with(rules: Mapping[str, Rule], habits: Habits) -> dict[str, Rule]:
    return {name: _understood(rule, habits) for name, rule in rules.items()}


def _understood(rule: Rule, habits: Habits) -> Rule:
    """A rule that knows its host's ways of writing, in its sources and columns too."""
    full = replace(
        rule,
        habits=rule.habits.over(habits),
        columns={name: _understood(each, habits) for name, each in rule.columns.items()},
        rows_of=_understood(rule.rows_of, habits) if rule.rows_of else None,
    )
    return inherited(
        replace(
            full,
            first_of=tuple(_understood(each, Habits()) for each in full.first_of),
            all_of=tuple(_understood(each, Habits()) for each in full.all_of),
        )
    )
