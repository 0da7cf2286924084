"""Whether a rule fits its question: codes that exist, columns that exist, verbs that work."""

from collections.abc import Mapping
from typing import Any

from connector.mapping.answers import Answer
from connector.mapping.decoding import decode_several
from connector.mapping.language import Rule
from connector.mapping.text import suggestion
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


def check_type(question: Question, value: Any, faults: dict[str, Any]) -> None:
    """`type:` must agree with the field; adds to `faults` where it does not."""
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
    faults = _cell_faults(rule)
    faults |= _has_faults(question, rule)
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


def _cell_faults(rule: Rule) -> dict[str, Any]:
    """A grid for a field that is one answer, unless `where` says which row."""
    if rule.where and rule.key is None and rule.in_row is None:
        return {"where": ["where: picks rows of a grid. Say which cell: key or in_row beside it."]}
    if rule.columns or (rule.rows_of and not rule.where):
        one_cell = "{rows_of: areas, where: {area: Health}, key: notes}"
        return {
            "columns": [f"This field is one answer, not a grid. One cell of a grid: {one_cell}"]
        }
    return {}


def _has_faults(question: Question, rule: Rule) -> dict[str, Any]:
    if not rule.has:
        return {}
    if not _can_be_turned(question):
        return {"has": ["has: makes a yes or no; this field is none. List the choices in map:."]}
    return {"map": ["Write has: or map:, not both."]} if rule.map else {}


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
    if rule.all_of:
        members = ((i, _grid_faults(question, each)) for i, each in enumerate(rule.all_of))
        inner = {index: faults for index, faults in members if faults}
        return {"all_of": inner} if inner else {}
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
