"""The YAML of one block of `events:`."""

from typing import Any

from marshmallow import ValidationError, fields

from connector.mapping.condition_schema import OneOrMore, Test
from connector.mapping.event_kinds import EVENT_QUESTIONS, KIND
from connector.mapping.field_table import FieldTable
from connector.mapping.language import EventBlock, Rule
from connector.mapping.rule_checks import faults_of
from connector.mapping.rule_schema import rule_of
from connector.mapping.yaml_kinds import Block, Searches


class _Kind(fields.Field[Rule]):
    """A rule whose map leads to our kinds of event."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Rule:
        rule = rule_of(value, "path")
        faults = faults_of("event_kind", KIND, rule)
        if faults:
            raise ValidationError(faults)
        return rule


class EventSchema(Block):
    """The keys of one block."""

    accept_if = OneOrMore(Test())
    present = Searches(data_key="with")
    lacking = Searches(data_key="without")
    kind = _Kind(
        required=True,
        error_messages={"required": "Say what happened: {{path: …, map: {{…: task_completed}}}}."},
    )
    envelope = FieldTable(
        EVENT_QUESTIONS,
        "path",
        required=True,
        error_messages={"required": "Say where occurred_at and the ids are."},
    )


class Event(fields.Field[EventBlock]):
    """One shape of event."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> EventBlock:
        return EventBlock(**EventSchema().load(value))
