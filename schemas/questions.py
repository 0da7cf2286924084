"""The kinds of answer a form may hold, as marshmallow fields.

Each takes the question in our own words. `required_by` is the rule that lists a blank as an
error (domain 1.0 R1). What a field carries is read back with `question_of`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from schemas.choices import Choices


class Kind(StrEnum):
    """What an answer is made of."""

    TEXT = "text"
    YES_NO = "yes or no"
    DAY = "date"
    MOMENT = "date and time"
    NUMBER = "whole number"
    CHOICE = "one choice"
    CHOICES = "several choices"
    ROWS = "rows"
    YES_NO_BY_NAME = "yes or no by name"


@dataclass(frozen=True)
class Question:
    """What is known of one field: our words for it, its kind, its list and who requires it.

    `past` says the date may not lie after the form day (EN-11). `columns` are a grid's questions.
    `longest` is how many characters an id may have: more are no id, and no database files them.
    """

    label: str
    kind: Kind
    required_by: str | None = None
    past: bool = False
    choices: Choices | None = None
    columns: Mapping[str, "Question"] | None = None
    longest: int | None = None


class FormSchema(Schema):
    """Loads canonical values; what it does not know was set aside before."""

    class Meta:
        unknown = EXCLUDE


def question_of(field: fields.Field[Any]) -> Question:
    """The question a schema's field stands for."""
    question: Question = field.metadata["question"]
    return question


@cache
def questions_of(schema: type[Schema]) -> MappingProxyType[str, Question]:
    """Every question of a schema by canonical field name, in form order. Nobody can change it."""
    found = {name: question_of(field) for name, field in schema().fields.items()}
    return MappingProxyType(found)


def _metadata(question: Question) -> dict[str, Any]:
    return {
        "load_default": None,
        "allow_none": True,
        "metadata": {"question": question},
    }


def text(
    label: str, *, required_by: str | None = None, longest: int | None = None
) -> fields.String:
    """Free text, whole and unshortened."""
    return fields.String(
        validate=[validate.Length(max=longest)] if longest else [],
        **_metadata(Question(label, Kind.TEXT, required_by, longest=longest)),
    )


def yes_no(label: str, *, required_by: str | None = None) -> fields.Boolean:
    """Yes or no; the words were decoded before, so only true and false pass."""
    return fields.Boolean(
        truthy={True}, falsy={False}, **_metadata(Question(label, Kind.YES_NO, required_by))
    )


def day(label: str, *, required_by: str | None = None, past: bool = False) -> fields.Date:
    """A calendar date, ISO."""
    return fields.Date(format="iso", **_metadata(Question(label, Kind.DAY, required_by, past=past)))


def moment(label: str, *, required_by: str | None = None) -> fields.AwareDateTime:
    """A date and time with its offset, ISO."""
    return fields.AwareDateTime(
        format="iso", **_metadata(Question(label, Kind.MOMENT, required_by))
    )


def whole_number(label: str, *, low: int, high: int) -> fields.Integer:
    """A whole number between two bounds, both allowed."""
    return fields.Integer(
        strict=True,
        validate=validate.Range(min=low, max=high),
        **_metadata(Question(label, Kind.NUMBER)),
    )


def choice(label: str, choices: Choices, *, required_by: str | None = None) -> fields.String:
    """One code out of a list."""
    return fields.String(
        validate=validate.OneOf(tuple(choices)),
        **_metadata(Question(label, Kind.CHOICE, required_by, choices=choices)),
    )


def several(label: str, choices: Choices) -> fields.List[Any]:
    """Any number of codes out of a list, in the order given."""
    return fields.List(
        fields.String(validate=validate.OneOf(tuple(choices))),
        **_metadata(Question(label, Kind.CHOICES, choices=choices)) | {"load_default": ()},
    )


def rows(label: str, schema: type[Schema]) -> fields.List[Any]:
    """A grid: one object a row, blank rows already dropped."""
    question = Question(label, Kind.ROWS, columns=questions_of(schema))
    return fields.List(fields.Nested(schema), **_metadata(question) | {"load_default": ()})


def yes_no_by_name(label: str) -> fields.Dict:
    """Further yes/no questions a council added, by their field name."""
    return fields.Dict(
        keys=fields.String(),
        values=fields.Boolean(truthy={True}, falsy={False}),
        **_metadata(Question(label, Kind.YES_NO_BY_NAME)) | {"load_default": {}},
    )
