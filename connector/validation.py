"""From a reading to a typed form: every problem that needs no service rule, in plain English.

The rules are EN-01 to EN-11 (domain 1.0 R1 and R2), and the blank answers a schema names a rule
for. Nothing raises: what cannot be used is listed, left out of the answers, and named unreadable.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from marshmallow import Schema

from connector.dates import in_words, london_date
from connector.model import CompletedForm, Fault, FaultKind, Problem, Reading, Severity
from schemas import FORMS, Envelope, EnvelopeSchema, Kind, Question, questions_of

EARLIEST_BIRTH = date(1900, 1, 2)
ROW_CELL = re.compile(r"^(\w+)\[(\d+)\]\.(\w+)$")
COUNTS = {2: "Two", 3: "Three", 4: "Four"}
BLANK_MESSAGES = {
    "outcome": "Choose one outcome. None is ticked.",
    "level_of_support": "Choose the level of support.",
    "date_of_birth": "Give the date of birth. Without it nothing can be worked out.",
    "support_package_source": "Say who provides the package of support.",
    "visiting_pattern": "Say which visiting pattern is agreed.",
}
FAULT_RULES = {
    FaultKind.NOT_A_DATE: "EN-03",
    FaultKind.UNKNOWN_CHOICE: "EN-05",
    FaultKind.WRONG_KIND: "EN-10",
    FaultKind.SEVERAL: "EN-10",
    FaultKind.TOO_LONG: "EN-10",
}


def validate(reading: Reading, as_of: date) -> CompletedForm:
    """The form as the rules see it, processed on `as_of` (London)."""
    kind = FORMS[reading.form_type]
    questions = questions_of(EnvelopeSchema) | kind.questions
    words = _Words(questions, reading.labels)
    values = {"form_type": reading.form_type, "form_status": "completed", **reading.values}
    values, misfits = _fitting(values, EnvelopeSchema, kind.schema)
    faults = (*reading.faults, *misfits)
    unreadable = {fault.field for fault in faults}
    problems = [*reading.notes, *(_fault(fault, words) for fault in faults)]
    problems += _blank(values, unreadable, words)
    for field, problem in _impossible(values, as_of, words):
        problems.append(problem)
        unreadable.add(field)
        values = _without(values, field)
    envelope = _schema(EnvelopeSchema).load(values)
    return CompletedForm(
        envelope=envelope,
        answers=_schema(kind.schema).load(values),
        problems=(*problems, *_differing(envelope, words)),
        unreadable=frozenset(unreadable),
        labels=reading.labels,
        also_recorded=reading.also_recorded,
    )


@cache
def _schema(kind: type[Schema]) -> Schema:
    """One of each: making a schema takes longer than using it."""
    return kind()


class _Words:
    """The question behind a field or a grid cell, in the host's words where it has some."""

    def __init__(self, questions: Mapping[str, Question], labels: Mapping[str, str]) -> None:
        self.questions = questions
        self.labels = labels

    def of(self, field: str) -> str:
        cell = ROW_CELL.match(field)
        if field in self.labels or not cell:
            base = self.questions.get(field)
            return self.labels.get(field) or (base.label if base else field.replace("_", " "))
        grid, row, column = cell.groups()
        columns = self.questions[grid].columns or {}
        words = self.labels.get(f"{grid}.{column}") or columns[column].label
        return f"{self.of(grid)} Row {row}: {words}"


def _fitting(
    values: Mapping[str, Any], *schemas: type[Schema]
) -> tuple[dict[str, Any], list[Fault]]:
    """The values without those a schema refuses, and a fault for each refused one."""
    kept, faults = dict(values), []
    for schema in schemas:
        for field in _refused(_schema(schema).validate(kept)):
            typed = str(_at(kept, field))
            unknown = _question(schema, field).choices is not None
            kind = FaultKind.UNKNOWN_CHOICE if unknown else FaultKind.WRONG_KIND
            faults.append(Fault(field, kind, typed))
            kept = _without(kept, field)
    return kept, faults


def _refused(messages: Mapping[Any, Any]) -> Iterator[str]:
    """The fields a marshmallow report names: `outcome`, or `actions[2].due_on` for a cell."""
    for field, inner in messages.items():
        rows = inner if isinstance(inner, dict) else {}
        cells = [
            f"{field}[{row + 1}].{column}"
            for row, columns in rows.items()
            if isinstance(row, int) and isinstance(columns, dict)
            for column in columns
        ]
        yield from cells or [field]


def _question(schema: type[Schema], field: str) -> Question:
    cell = ROW_CELL.match(field)
    questions = questions_of(schema)
    if not cell:
        return questions[field]
    return (questions[cell[1]].columns or {})[cell[3]]


def _at(values: Mapping[str, Any], field: str) -> Any:
    cell = ROW_CELL.match(field)
    return values[cell[1]][int(cell[2]) - 1].get(cell[3]) if cell else values.get(field)


def _without(values: Mapping[str, Any], field: str) -> dict[str, Any]:
    cell = ROW_CELL.match(field)
    if not cell:
        return {name: value for name, value in values.items() if name != field}
    grid, row, column = cell[1], int(cell[2]) - 1, cell[3]
    rows = [
        _without(each, column) if number == row else each
        for number, each in enumerate(values[grid])
    ]
    return {**values, grid: rows}


def _fault(fault: Fault, words: _Words) -> Problem:
    question = words.of(fault.field)
    several_outcomes = fault.kind is FaultKind.SEVERAL and fault.field == "outcome"
    rule = "DC-20" if several_outcomes else FAULT_RULES[fault.kind]
    return Problem(rule, Severity.ERROR, _fault_message(fault, question), question)


def _fault_message(fault: Fault, question: str) -> str:
    match fault.kind:
        case FaultKind.NOT_A_DATE:
            return f"{fault.typed} is not a real date. Check “{question}”."
        case FaultKind.SEVERAL:
            return _several(fault, question)
        case FaultKind.UNKNOWN_CHOICE:
            choices = f" Choose one of: {', '.join(fault.allowed)}." if fault.allowed else ""
            return f"“{fault.typed}” is not one of the choices for “{question}”.{choices}"
        case FaultKind.TOO_LONG:
            beginning = f"{fault.typed[:30]}…"
            return f"“{beginning}” is too long for “{question}”. Check what was typed."
    return f"“{fault.typed}” does not answer “{question}”. Check what was typed."


def _several(fault: Fault, question: str) -> str:
    ticked = f"{_how_many(fault.typed)} are ticked: {fault.typed}."
    if fault.field == "outcome":
        return f"Choose one outcome. {ticked}"
    return f"Choose one answer for “{question}”. {ticked}"


def _how_many(typed: str) -> str:
    """Two, Three or Four where the list shows it: a choice's own words may hold an "and"."""
    pieces = re.split(r", | and ", typed)
    certain = len(pieces) == 2 or all(" " not in piece for piece in pieces)
    return COUNTS.get(len(pieces), "Several") if certain else "Several"


def _blank(values: Mapping[str, Any], unreadable: set[str], words: _Words) -> Iterator[Problem]:
    """Questions always asked for and left blank (R1)."""
    for name, question in words.questions.items():
        if question.required_by and name not in unreadable and values.get(name) in (None, ""):
            label = words.of(name)
            message = BLANK_MESSAGES.get(name) or _blank_message(question, label)
            yield Problem(question.required_by, Severity.ERROR, message, label)


def _blank_message(question: Question, label: str) -> str:
    if question.required_by == "EN-01":
        return f"The form arrived without “{label}”. Ask the systems team to check it."
    if question.kind is Kind.TEXT:
        return f"Fill in “{label}”."
    return f"Answer “{label}”."


def _impossible(values: Mapping[str, Any], as_of: date, words: _Words) -> list[tuple[str, Problem]]:
    """Answers that can be read and cannot be true: births, completion and dates yet to come."""
    envelope = _schema(EnvelopeSchema).load(values)
    form_day = london_date(envelope.completed_at) if envelope.completed_at else as_of
    found: list[tuple[str, Severity, str, str]] = []
    born = envelope.date_of_birth
    if born and not EARLIEST_BIRTH <= born <= form_day:
        found.append(
            ("date_of_birth", Severity.ERROR, "EN-02", f"{in_words(born)} cannot be right.")
        )
    last_day = {"date_of_death": max(form_day, as_of)}
    if form_day > as_of + timedelta(days=1):
        message = f"The form says it was completed on {in_words(form_day)}, which is yet to come."
        found.append(("completed_at", Severity.ERROR, "EN-04", message))
    found += [
        (field, Severity.ERROR, "EN-11", f"{in_words(day)} is in the future. Check the date.")
        for field, day in _past_dates(values, words.questions)
        if day > last_day.get(field, form_day)
    ]
    if envelope.nhs_number and not _nhs_number(envelope.nhs_number):
        message = "This is not an NHS number. Check its ten digits."
        found.append(("nhs_number", Severity.WARNING, "EN-10", message))
    return [
        (field, Problem(rule, severity, message, words.of(field)))
        for field, severity, rule, message in found
    ]


def _differing(envelope: Envelope, words: _Words) -> Iterator[Problem]:
    """A date of birth that is not the one on the record: another person's form, perhaps."""
    typed, held = envelope.date_of_birth, envelope.date_of_birth_on_record
    if typed and held and typed != held:
        message = "The date of birth on the form does not match the record."
        yield Problem("EN-07", Severity.HOLD, message, words.of("date_of_birth"))


def _past_dates(
    values: Mapping[str, Any], questions: Mapping[str, Question], prefix: str = ""
) -> Iterable[tuple[str, date]]:
    """Every date that may not lie in the future, with its field or cell."""
    for name, question in questions.items():
        if question.past and values.get(name):
            yield f"{prefix}{name}", date.fromisoformat(values[name])
        for number, row in enumerate(values.get(name) or () if question.columns else (), start=1):
            yield from _past_dates(row, question.columns or {}, f"{name}[{number}].")


def _nhs_number(typed: str) -> bool:
    """Ten digits whose last one checks the others (modulus 11)."""
    digits = [int(each) for each in re.sub(r"[\s-]", "", typed) if each.isdecimal()]
    if len(digits) != 10:
        return False
    total = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return (11 - total % 11) % 11 == digits[9]


def with_problems(form: CompletedForm, *problems: Problem) -> CompletedForm:
    """The same form with more problems found on the way."""
    return replace(form, problems=(*form.problems, *problems))


__all__ = ["validate", "with_problems"]
