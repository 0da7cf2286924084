"""The YAML of a test, `{path: status, in: [Completed]}`, and of a list of such things."""

from typing import Any

from marshmallow import ValidationError, fields

from connector.mapping.language import Condition
from connector.mapping.rule_schema import all_loaded, rule_of
from connector.mapping.yaml_kinds import words_of


class OneOrMore(fields.Field[tuple[Any, ...]]):
    """A list of what `each` loads; one alone is a list of one."""

    def __init__(self, each: fields.Field[Any], **options: Any) -> None:
        self.each = each
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if isinstance(value, list):
            return tuple(all_loaded(value, self.each).values())
        return (self.each.deserialize(value),)


class Test(fields.Field[Condition]):
    """A place and what must stand there."""

    __test__ = False

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Condition:
        if not isinstance(value, dict) or not ({"in", "equals"} & set(value)):
            raise ValidationError(
                "Write a place and what it must be: {path: status, in: [Completed]}."
            )
        where = {key: each for key, each in value.items() if key not in ("in", "equals")}
        allowed = words_of(value.get("in", [])) + words_of(value.get("equals", []))
        return Condition(rule_of(where, "path"), allowed)


class FormTest(Test):
    """A test that also says what becomes of a message that has nothing there (`missing:`)."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Condition:
        known = dict(value) if isinstance(value, dict) else {}
        missing = known.pop("missing", "unmapped")
        found = super()._deserialize(known, attr, data, **kwargs)
        if missing not in ("unmapped", "ignored"):
            raise ValidationError({"missing": ["Write unmapped or ignored."]})
        return Condition(found.rule, found.allowed, missing)
