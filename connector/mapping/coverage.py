"""What a profile maps and what it leaves out, and which rules are off because of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connector.mapping.language import Rule
from connector.mapping.profile import FormMapping, HostProfile
from connector.mapping.rules_by_field import ENVELOPE_RULES, FORM_RULES
from connector.mapping.selecting import ENVELOPE
from schemas import FORMS, Kind, Question


class How(StrEnum):
    """Where a canonical field comes from."""

    MAPPED = "mapped"
    CONSTANT = "constant"
    DEFAULT = "default"
    MISSING = "missing"


@dataclass(frozen=True)
class FieldCoverage:
    """One canonical field, or a grid's column (`actions.due_on`).

    `rules_off` are the rules that cannot be applied, or not fully, since the field is missing.
    `required` fields are asked for on every form: without one, every form ends with an error.
    """

    field: str
    how: How
    rules_off: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class FormCoverage:
    """One form of a host: every canonical field, and what keeps the form from working."""

    form_type: str
    fields: tuple[FieldCoverage, ...]
    problems: tuple[str, ...] = ()


def coverage(profile: HostProfile) -> tuple[FormCoverage, ...]:
    """Every form of a host, field by field (`connector check`)."""
    return tuple(_form(profile, form) for form in profile.forms.values())


def _form(profile: HostProfile, form: FormMapping) -> FormCoverage:
    rules = {**ENVELOPE_RULES, **FORM_RULES[form.form_type]}
    selected = {"form_type": profile.inbound.select.form_type}
    if profile.inbound.select.form_status:
        selected["form_status"] = profile.inbound.select.form_status
    mapped = {**selected, **form.envelope, **form.fields}
    fields = [
        each
        for name, question in (ENVELOPE | FORMS[form.form_type].questions).items()
        if question.kind is not Kind.YES_NO_BY_NAME
        for each in _fields(name, question, mapped, profile.defaults, rules.get(name, ()))
    ]
    fields += [
        FieldCoverage(name, How.MAPPED) for name in mapped if name not in {f.field for f in fields}
    ]
    return FormCoverage(form.form_type, tuple(fields), tuple(_problems(profile, fields)))


def _fields(
    name: str,
    question: Question,
    mapped: Mapping[str, Rule],
    defaults: Mapping[str, str],
    rules: tuple[str, ...],
) -> list[FieldCoverage]:
    how = _how(name, mapped, defaults)
    needed = question.required_by is not None
    found = [FieldCoverage(name, how, rules if how is How.MISSING else (), needed)]
    if name in mapped and question.columns:
        parts = mapped[name].members or (mapped[name],)
        columns = {column: rule for part in parts for column, rule in part.columns.items()}
        found += [
            FieldCoverage(
                f"{name}.{column}",
                _how(column, columns, {}),
                rules if column not in columns and column in ESSENTIAL_COLUMNS else (),
            )
            for column in question.columns
        ]
    return found


ESSENTIAL_COLUMNS = frozenset({"party_type", "agreed", "agreed_on", "what", "who", "due_on"})
"""Columns that a rule looks at; the others are printed."""


def _how(name: str, mapped: Mapping[str, Rule], defaults: Mapping[str, str]) -> How:
    rule = mapped.get(name)
    if rule is None:
        return How.DEFAULT if name in defaults else How.MISSING
    return How.CONSTANT if rule.constant is not None else How.MAPPED


def _problems(profile: HostProfile, fields: list[FieldCoverage]) -> list[str]:
    problems = [
        f"{each.field} is not mapped; without it every form of this kind ends with an error."
        for each in fields
        if each.required and each.how is How.MISSING
    ]
    team = next(each for each in fields if each.field == "team_id")
    if team.how is How.MISSING:
        problems.append(
            "No team results: map team_id in the envelope or name one under defaults:. "
            "Tasks that have no worker and no manager would have no inbox."
        )
    outbound = profile.outbound
    if not (outbound.outcome or outbound.case_note or outbound.attachment or outbound.task):
        problems.append(
            "Nothing can be written to this host: host.yaml has no outbound: block. "
            "mappings/OUTBOUND.md describes it."
        )
    return problems
