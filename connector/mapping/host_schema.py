"""A host's YAML files together: loaded, checked against each other, made one HostProfile."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from connector.errors import ConfigurationProblem, Place
from connector.mapping.expressions import expression
from connector.mapping.field_table import FieldTable
from connector.mapping.inbound_schema import ALL_FIELDS, ENVELOPE_FIELDS, Defaults, InboundSchema
from connector.mapping.language import (
    EventBlock,
    Habits,
    Layout,
    Requirement,
    Rule,
    Select,
    Subjects,
)
from connector.mapping.layout_schema import Layouts
from connector.mapping.outbound import Outbound
from connector.mapping.outbound_schema import OutboundSchema
from connector.mapping.profile import FormMapping, HostProfile, Inbound
from connector.mapping.rule_schema import HabitsSchema, inherited
from connector.mapping.yaml_kinds import Block, Text, Words
from connector.mapping.yaml_text import Document
from schemas import FORMS

COMPLETIONS = ("assume", "event", "poll")
"""How we may learn that a task was done."""

WHOLE_PAYLOAD = (Layout(paths=(expression("@"),)),)


class HostSchema(Block):
    """host.yaml."""

    profile = Text()
    title = Text()
    inbound = fields.Nested(InboundSchema, required=True)
    completion = Text(validate=validate.OneOf(COMPLETIONS, error="Write one of: {choices}."))
    defaults = Defaults()
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
            events=tuple(_event(each, habits) for each in inbound.get("events") or ()),
            echo_if=inbound.get("echo_if") or (),
        ),
        forms={
            kind: _form(kind, files.get(kind) or {}, envelope, layouts, habits, shared)
            for kind in kinds
        },
        outbound=typed.get("outbound") or Outbound(idempotency="C"),
        defaults=typed.get("defaults") or {},
        completion=typed.get("completion"),
    )


def _select(typed: dict[str, Any], habits: Habits) -> Select:
    status = typed.get("form_status")
    return Select(
        form_type=_understood(typed["form_type"], habits),
        form_status=_understood(status, habits) if status else None,
        accept_if=typed.get("accept_if") or (),
        require=tuple(Requirement(**each) for each in typed.get("require") or ()),
    )


def _event(block: EventBlock, habits: Habits) -> EventBlock:
    return replace(
        block, kind=_understood(block.kind, habits), envelope=_with(block.envelope, habits)
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
