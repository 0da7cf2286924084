"""The YAML of one field: where it is found and how it is read, loaded and checked."""

from collections.abc import Mapping
from dataclasses import fields as parts
from dataclasses import replace
from functools import cache
from typing import Any

from marshmallow import ValidationError, fields, validate

from connector.mapping.expressions import expression
from connector.mapping.language import Habits, Rule
from connector.mapping.reading_dates import format_fault
from connector.mapping.rule_checks import KIND_NAMES
from connector.mapping.yaml_kinds import (
    Block,
    Flag,
    Regex,
    Search,
    Table,
    Text,
    Words,
    Zone,
    words_of,
)

SOURCES = (
    "key", "path", "subject", "in_row", "constant", "first_of", "all_of", "ticked", "row_number",
    "columns",
)  # fmt: skip


def _formats(words: tuple[str, ...]) -> None:
    wrong = {i: [fault] for i, each in enumerate(words) if (fault := format_fault(each))}
    if wrong:
        raise ValidationError(wrong)


class HabitsSchema(Block):
    """How yes, no, nothing and dates are written: `values:`, and the same keys on one field."""

    yes_words = Words()
    no_words = Words()
    blank_words = Words()
    date_formats = Words(validate=_formats)
    zone = Zone()


class Source(fields.Field[Rule]):
    """A field's rule: a text alone (a key or a path, as `plain` says) or a group of verbs."""

    def __init__(self, plain: str = "key", **options: Any) -> None:
        self.plain = plain
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Rule:
        return rule_of(value, self.plain)


def rule_of(value: Any, plain: str) -> Rule:
    """The rule a piece of YAML stands for. Raises ValidationError with every problem."""
    if isinstance(value, str):
        return _plain(value, plain)
    if not isinstance(value, Mapping):
        raise ValidationError("Write where the answer is found: a key, or a group of verbs.")
    return _rule(value, plain)


class Sources(fields.Field[tuple[Rule, ...]]):
    """`first_of` and `all_of`: several places."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        super().__init__()

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Rule, ...]:
        if not isinstance(value, list) or not value:
            raise ValidationError("Write a list of places here, such as [mobile, phone].")
        return tuple(all_loaded(value, Source(self.plain)).values())


class Columns(fields.Field[Mapping[str, Rule]]):
    """A grid's columns: canonical column to its cell."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Mapping[str, Rule]:
        if not isinstance(value, dict) or not value:
            raise ValidationError("Write the grid's columns here, such as {what: actionText}.")
        return all_loaded(value, Source())


class Where(fields.Field[Mapping[str, tuple[str, ...]]]):
    """Which entries or rows count: for each key the value it must have, or a list of values."""

    def _deserialize(
        self, value: Any, attr: Any, data: Any, **kwargs: Any
    ) -> Mapping[str, tuple[str, ...]]:
        if not isinstance(value, dict):
            raise ValidationError("Write pairs here, such as {subjectTypeCode: PER}.")
        return {key: words_of(each) for key, each in value.items()}


def all_loaded(values: Any, kind: fields.Field[Any]) -> dict[Any, Any]:
    """Every item loaded; all problems together, under their key or index."""
    loaded: dict[Any, Any] = {}
    wrong: dict[Any, Any] = {}
    for key, value in values.items() if isinstance(values, dict) else enumerate(values):
        try:
            loaded[key] = kind.deserialize(value)
        except ValidationError as error:
            wrong[key] = error.messages
    if wrong:
        raise ValidationError(wrong)
    return loaded


class RuleSchema(HabitsSchema):
    """Every verb of one field."""

    key = Text()
    column = Text()
    path = Search()
    subject = Search()
    in_row = Search()
    constant = Text()
    ticked = Table()
    row_number = Flag()
    columns = Columns()
    where = Where()
    take = Text(validate=validate.OneOf(("value", "words"), error="Write value or words."))
    strip_prefix = Words()
    extract = Regex()
    split = Words()
    join = fields.String()
    has = Words()
    map = Table()
    otherwise = Text()
    default = Text()
    invert = Flag()
    label = Text()
    type = Text(validate=validate.OneOf(tuple(KIND_NAMES), error="Write one of: {choices}."))

    def __init__(self, plain: str = "key", **options: Any) -> None:
        self.plain = plain
        super().__init__(**options)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Nothing is required and nothing may be null."""
        field_obj.allow_none = False


class _ValueRule(RuleSchema):
    """Where a plain text is a key of the answers."""

    first_of = Sources("key")
    all_of = Sources("key")
    rows_of = Source("key")


class _PathRule(RuleSchema):
    """Where a plain text is a path in the payload."""

    first_of = Sources("path")
    all_of = Sources("path")
    rows_of = Source("path")


def _plain(text: str, plain: str) -> Rule:
    if not text.strip():
        raise ValidationError("Write where the answer is found, or leave the line out.")
    return Rule(key=text) if plain == "key" else Rule(path=expression(text))


@cache
def _schema(plain: str) -> RuleSchema:
    """Made once: a schema copies all its fields, and every field of every form needs one."""
    return _ValueRule() if plain == "key" else _PathRule()


def _rule(value: Mapping[str, Any], plain: str) -> Rule:
    typed = _schema(plain).load(dict(value))
    if "column" in typed:
        typed["key"] = typed.pop("column")
    given = [name for name in SOURCES if typed.get(name)]
    if len(given) != 1:
        raise ValidationError(
            f"Say in exactly one way where the answer is found: {', '.join(SOURCES)}."
            + (f" Here are: {', '.join(given)}." if given else "")
        )
    habits = {each.name: typed.pop(each.name) for each in parts(Habits) if each.name in typed}
    typed.pop("type", None)
    return inherited(Rule(**typed, habits=Habits(**habits)))


_PASSED_ON = (
    "take", "strip_prefix", "extract", "split", "join", "has", "map", "otherwise", "invert",
)  # fmt: skip


def inherited(rule: Rule) -> Rule:
    """Verbs beside `first_of` or `all_of` hold for each place in it that has none of its own."""
    if not rule.members:
        return rule
    empty = Rule()
    members = []
    for each in rule.members:
        passed = {
            name: getattr(rule, name)
            for name in _PASSED_ON
            if getattr(each, name) == getattr(empty, name)
        }
        members.append(inherited(replace(each, **passed, habits=each.habits.over(rule.habits))))
    if rule.first_of:
        return replace(rule, first_of=tuple(members))
    return replace(rule, all_of=tuple(members))
