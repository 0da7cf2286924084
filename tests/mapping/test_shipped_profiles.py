"""Every form of every shipped host: each field is reached by its key, each choice by its label."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from shipped import HOSTS, profile, reading

from connector.mapping.answers import Answer
from connector.mapping.choosing import choose
from connector.mapping.language import Rule
from schemas import FORMS, Kind, Question

FORM_TYPES = tuple(FORMS)
CASES = [(host, form) for host in HOSTS for form in FORM_TYPES]

TEMPLATES: dict[str, dict[str, Any]] = {
    "flat": {
        "tailored_support_agreement": "Tailored support agreement",
        "post_21_assessment": "Post 21 assessment",
        "annual_contact_outcome": "Yearly contact (closed cases)",
        "family_request": "Family request",
    },
    "question-code": {
        "tailored_support_agreement": 1587,
        "post_21_assessment": 1611,
        "annual_contact_outcome": 1640,
        "family_request": 1641,
    },
    "dataverse": {
        "tailored_support_agreement": "cc_tailoredsupport",
        "post_21_assessment": "cc_post21assessment",
        "annual_contact_outcome": "cc_yearlycontact",
        "family_request": "cc_familyrequest",
    },
    "fhir": {
        "tailored_support_agreement": "x/tailored-support-agreement|1",
        "post_21_assessment": "post-21-assessment",
        "annual_contact_outcome": "x/yearly-contact|2",
        "family_request": "family-request",
    },
    "sandbox": {each: each for each in FORM_TYPES},
}


def key_of(rule: Rule) -> str:
    """The first key a rule looks at."""
    return rule.key or next(each.key for each in rule.members if each.key)


def typed(name: str, question: Question) -> tuple[Any, Any]:
    """An answer as a person would give it, and what it is in canonical form."""
    if question.kind is Kind.YES_NO:
        return "No", False
    if question.kind is Kind.DAY:
        return "01/04/2026", "2026-04-01"
    if question.kind is Kind.NUMBER:
        return "4", 4
    if question.kind in (Kind.CHOICE, Kind.CHOICES):
        code, label = list((question.choices or {}).items())[-1]
        return label, code if question.kind is Kind.CHOICE else [code]
    return f"About {name}", f"About {name}"


Given = dict[str, str | list[dict[str, str]]]


def answers_of(host: str, form: str) -> tuple[Given, dict[str, Any]]:
    """Typed answers by the host's key, and the canonical values they stand for."""
    given: Given = {}
    expected: dict[str, Any] = {}
    for name, question in FORMS[form].questions.items():
        if question.kind is Kind.YES_NO_BY_NAME:
            continue
        rule = profile(host).forms[form].fields[name]
        if question.kind is Kind.ROWS:
            columns = {c: q for c, q in (question.columns or {}).items() if c in rule.columns}
            numbered = {c: r for c, r in rule.columns.items() if r.row_number}
            asked = {c: q for c, q in columns.items() if c not in numbered}
            cells = {key_of(rule.columns[c]): typed(c, q)[0] for c, q in asked.items()}
            grid = key_of(rule.rows_of) if rule.rows_of else name
            given[grid] = [cells]
            row = {c: typed(c, q)[1] for c, q in asked.items()}
            expected[name] = [{**row, **dict.fromkeys(numbered, "1")}]
        else:
            given[key_of(rule)], value = typed(name, question)
            expected[name] = not value if rule.invert else value
    return given, expected


def shared(host: str, form: str) -> set[str]:
    """Fields that read an answer another field reads too: an id and its name, a code's digit."""
    rules = profile(host).forms[form].fields
    keys = {name: key_of(rule) for name, rule in rules.items() if not rule.columns}
    return {name for name, key in keys.items() if list(keys.values()).count(key) > 1}


def flat(given: Given, template: Any) -> Any:
    out: dict[str, Any] = {
        "eventType": "FORM_COMPLETED", "formStatus": "Completed", "formTemplate": template,
    }  # fmt: skip
    for key, value in given.items():
        rows = value if isinstance(value, list) else []
        for cells in rows:
            out.update({column.replace("{n}", "1"): each for column, each in cells.items()})
        if isinstance(value, str):
            out[key] = value
    return out


def _coded(given: Given) -> Iterator[dict[str, Any]]:
    for key, value in given.items():
        if isinstance(value, str):
            yield {"questionUserCode": key, "shortText": value}
            continue
        for cells in value:
            for column, each in cells.items():
                yield {
                    "questionUserCode": key, "row": 1, "column": column, "lookup": {"text": each},
                }  # fmt: skip


def question_code(given: Given, template: Any) -> Any:
    return {
        "workflowStep": {"status": "COMPLETED", "stepType": {"id": template}},
        "subjects": [{"subjectTypeCode": "PER", "personId": 1}],
        "form": {"answers": list(_coded(given))},
    }


def dataverse(given: Given, template: Any) -> Any:
    pairs = [
        {"key": key, "value": value if isinstance(value, str) else json.dumps(value)}
        for key, value in given.items()
    ]
    target = {"Attributes": [{"key": "statuscode", "value": {"Value": 100000002}}]}
    return {
        "MessageName": "Update",
        "PrimaryEntityName": template,
        "InputParameters": [{"key": "Target", "value": target}],
        "PostEntityImages": [{"key": "PostImage", "value": {"Attributes": pairs}}],
    }


def _items(given: Given) -> Iterator[dict[str, Any]]:
    for key, value in given.items():
        if isinstance(value, str):
            yield {"linkId": key, "answer": [{"valueString": value}]}
            continue
        for cells in value:
            yield {"linkId": key, "item": list(_items(dict(cells)))}


def fhir(given: Given, template: Any) -> Any:
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": template,
        "item": [{"linkId": "top", "item": list(_items(given))}],
    }


def sandbox(given: Given, template: Any) -> Any:
    form = {"type": template, "status": "completed"}
    return {"event": "form.completed", "form": form, "answers": given}


WRITERS = {
    "flat": flat,
    "question-code": question_code,
    "dataverse": dataverse,
    "fhir": fhir,
    "sandbox": sandbox,
}


@pytest.mark.parametrize(("host", "form"), CASES)
def test_every_field_is_reached_by_its_key(host: str, form: str) -> None:
    given, expected = answers_of(host, form)
    got = reading(host, WRITERS[host](given, TEMPLATES[host][form]))
    wanted = {name: each for name, each in expected.items() if name not in shared(host, form)}
    assert [fault for fault in got.faults if fault.field in wanted] == []
    assert {name: got.values.get(name) for name in wanted} == wanted
    assert got.also_recorded == ()


def ways(code: str, label: str) -> list[Answer]:
    return [
        Answer("", code),
        Answer("", code.upper()),
        Answer("", label),
        Answer("", f"{label.upper()}. (See the guidance.)"),
        Answer("", "no such code", words=label),
    ]


@pytest.mark.parametrize(("host", "form"), CASES)
def test_every_choice_is_known_by_its_code_and_by_its_label(host: str, form: str) -> None:
    wrong = [
        (name, answer.value, answer.words)
        for name, question, rule in choices_of(host, form)
        for code, label in (question.choices or {}).items()
        for answer in ways(code, label)
        if choose(name, question, rule, answer) != code
    ]
    assert wrong == []


@pytest.mark.parametrize(("host", "form"), CASES)
def test_every_code_of_a_map_leads_to_its_choice(host: str, form: str) -> None:
    wrong = [
        (name, key)
        for name, question, rule in choices_of(host, form)
        for key, code in rule.map.items()
        if "*" not in key and choose(name, question, rule, Answer("", key)) != code
    ]
    assert wrong == []


def choices_of(host: str, form: str) -> Iterator[tuple[str, Question, Rule]]:
    rules = profile(host).forms[form].fields
    for name, question in FORMS[form].questions.items():
        if question.kind is Kind.ROWS:
            for column, each in (question.columns or {}).items():
                if each.choices and column in rules[name].columns:
                    yield column, each, rules[name].columns[column]
        elif question.choices:
            yield name, question, rules[name]
