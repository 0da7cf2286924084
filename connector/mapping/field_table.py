"""`fields:` and `envelope:`: canonical field to its rule, checked against the form's questions."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from connector.mapping.language import Rule
from connector.mapping.rule_checks import check_type, faults_of
from connector.mapping.rule_schema import rule_of
from connector.mapping.text import suggestion
from schemas import Kind, Question


class FieldTable(fields.Field[Mapping[str, Rule]]):
    """`extras`: names beginning with `closure_` may be added; they are yes/no questions."""

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
        check_type(question, value, faults)
        if faults:
            raise ValidationError(faults)
        return rule


def _unknown_field(name: str, questions: Mapping[str, Question]) -> str:
    if name in ("form_type", "form_status"):
        return "Say this under select:, not here."
    if name == "closure_other":
        return "Map each of your own closure questions as a field whose name begins with closure_."
    return f"There is no field “{name}”.{suggestion(name, questions)}"
