"""The YAML of one field: where it is found and how it is read, loaded and checked."""

from collections.abc import Mapping
from dataclasses import fields as parts
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError, fields, validate

from connector.mapping.answers import Answer
from connector.mapping.decoding import decode_several
from connector.mapping.language import Habits, Rule
from connector.mapping.reading_dates import format_fault
from connector.mapping.yaml_kinds import (
    Block,
    Flag,
    Regex,
    Search,
    Table,
    Text,
    Words,
    Zone,
    expression,
    suggestion,
)
from schemas import Kind, Question

KIND_NAMES = {
    "text": Kind.TEXT,
    "yes_no": Kind.YES_NO,
    "date": Kind.DAY,
    "date_time": Kind.MOMENT,
    "number": Kind.NUMBER,
    "choice": Kind.CHOICE,
    "choices": Kind.CHOICES,
    "rows": Kind.ROWS,
}
"""What `type:` may say. It is not needed; where it stands it must agree with the field."""

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
        return tuple(_each(value, Source(self.plain)).values())


class Columns(fields.Field[Mapping[str, Rule]]):
    """A grid's columns: canonical column to its cell."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Mapping[str, Rule]:
        if not isinstance(value, dict) or not value:
            raise ValidationError("Write the grid's columns here, such as {what: actionText}.")
        return _each(value, Source())


def _each(values: Any, kind: fields.Field[Any]) -> dict[Any, Any]:
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
    take = Text(validate=validate.OneOf(("value", "words"), error="Write value or words."))
    strip_prefix = Words()
    extract = Regex()
    split = Words()
    join = fields.String()
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


def _rule(value: Mapping[str, Any], plain: str) -> Rule:
    typed = (_ValueRule if plain == "key" else _PathRule)().load(dict(value))
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
    "take", "strip_prefix", "extract", "split", "join", "map", "otherwise", "invert",
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


class FieldTable(fields.Field[Mapping[str, Rule]]):
    """`fields:` or `envelope:`: canonical field to its rule, checked against the form's questions.

    `extras`: names beginning with `closure_` may be added; they are yes/no questions.
    """

    def __init__(
        self, questions: Mapping[str, Question], plain: str, *, extras: bool = False, **options: Any
    ) -> None:
        self.questions, self.plain, self.extras = questions, plain, extras
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Mapping[str, Rule]:
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise ValidationError(
                "Write one line for each field here, such as outcome: p21.outcome."
            )
        rules: dict[str, Rule] = {}
        wrong: dict[str, Any] = {}
        for name, each in value.items():
            try:
                rules[name] = self._one(name, each)
            except ValidationError as error:
                wrong[name] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return rules

    def _one(self, name: str, value: Any) -> Rule:
        question = self.questions.get(name)
        if question is None and self.extras and name.startswith("closure_"):
            question = Question(name, Kind.YES_NO)
        if question is None or question.kind is Kind.YES_NO_BY_NAME:
            raise ValidationError(_unknown_field(name, self.questions))
        rule = rule_of(value, self.plain)
        faults = faults_of(name, question, rule)
        _check_type(question, value, faults)
        if faults:
            raise ValidationError(faults)
        return rule


def _unknown_field(name: str, questions: Mapping[str, Question]) -> str:
    if name in ("form_type", "form_status"):
        return "Say this under select:, not here."
    if name == "closure_other":
        return "Map each of your own closure questions as a field whose name begins with closure_."
    return f"There is no field “{name}”.{suggestion(name, questions)}"


def _check_type(question: Question, value: Any, faults: dict[str, Any]) -> None:
    typed = value.get("type") if isinstance(value, Mapping) else None
    if typed and KIND_NAMES[typed] is not question.kind:
        right = next(name for name, kind in KIND_NAMES.items() if kind is question.kind)
        faults["type"] = [f"This field is of type {right}. You may leave the line out."]


def faults_of(name: str, question: Question, rule: Rule) -> dict[str, Any]:
    """What is wrong with a rule for this question, by verb."""
    if question.kind is Kind.ROWS:
        return _grid_faults(question, rule)
    faults = _verb_faults(name, question, rule)
    place = "first_of" if rule.first_of else "all_of"
    for index, each in enumerate(rule.members):
        inner = faults_of(name, question, each)
        inner = {verb: fault for verb, fault in inner.items() if verb not in faults}
        if inner:
            faults.setdefault(place, {})[index] = inner
    return faults


def _verb_faults(name: str, question: Question, rule: Rule) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    if rule.columns or rule.rows_of:
        faults["columns"] = ["This field is one answer, not a grid; it has no columns."]
    for verb in ("constant", "default", "otherwise"):
        text = getattr(rule, verb)
        if text is not None and _unreadable(name, question, text):
            faults[verb] = [_not_a_value(name, question, text)]
    for verb in ("map", "ticked"):
        wrong = _wrong_targets(name, question, getattr(rule, verb))
        if wrong:
            faults[verb] = wrong
    if rule.invert and not _can_be_turned(question):
        faults["invert"] = ["Only an answer that can be yes or no can be inverted."]
    return faults


def _can_be_turned(question: Question) -> bool:
    return question.kind is Kind.YES_NO or {"yes", "no"} <= set(question.choices or ())


def _unreadable(name: str, question: Question, text: str) -> bool:
    decoded = decode_several(name, question, Rule(), Answer("", text))
    return not decoded or any(each.fault for each in decoded)


def _not_a_value(name: str, question: Question, text: str) -> str:
    if question.choices:
        known = ", ".join(question.choices)
        return f"“{text}” is none of its codes.{suggestion(text, question.choices)} Known: {known}."
    return f"“{text}” is not a {question.kind} here."


def _wrong_targets(name: str, question: Question, table: Mapping[str, str]) -> dict[str, Any]:
    if question.kind not in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO):
        return {}
    known = question.choices or {"yes": "", "no": "", "true": "", "false": ""}
    return {
        key: [_not_a_value(name, question, target)]
        for key, target in table.items()
        if target not in known
    }


def _grid_faults(question: Question, rule: Rule) -> dict[str, Any]:
    columns = question.columns or {}
    if not rule.columns:
        return {
            "columns": [f"This field is a grid; say where its columns are: {', '.join(columns)}."]
        }
    faults: dict[str, Any] = {}
    for name, each in rule.columns.items():
        if name not in columns:
            known = ", ".join(columns)
            faults[name] = [
                f"There is no column “{name}”.{suggestion(name, columns)} Known: {known}."
            ]
        elif wrong := faults_of(name, columns[name], each):
            faults[name] = wrong
    return {"columns": faults} if faults else {}
