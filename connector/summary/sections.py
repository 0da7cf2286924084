"""The sections of a case summary: the layout of a form filled with its answers."""

from collections.abc import Iterable, Mapping

from connector.model import CompletedForm, Decision, Severity
from connector.summary.blocks import Answer, Answers, Block, InNote, Points, Section
from connector.summary.grids import grid
from connector.summary.layout import (
    REFERENCES,
    SAID_IF_BLANK,
    THIRD_PARTIES,
    WHO_TOOK_PART,
    Part,
)
from connector.summary.people import people
from connector.summary.words import NOT_ANSWERED, answered, in_words, name_in_words
from schemas import FORMS, Kind, Question

Questions = Mapping[str, Question]

_FOR_WHOM = "For the worker and the manager to look at."


def sections(
    form: CompletedForm, decision: Decision, layout: tuple[Part, ...]
) -> tuple[Section, ...]:
    """Every section with something in it, in the order of domain 4.6.

    No answer is dropped: a field the layout does not name stands under "Other answers".
    """
    questions = FORMS[decision.form_type].questions
    written = [_section(form, questions, part) for part in layout]
    placed = {name for part in layout for name in part.all_fields}
    last = (
        _points_to_check(decision),
        _section(form, questions, Part("Other answers", _others(questions, placed))),
        _also_recorded(form),
        _reference_numbers(form, questions),
    )
    return tuple(each for each in (*written, *last) if each.blocks or each.parts)


def _section(form: CompletedForm, questions: Questions, part: Part) -> Section:
    first = people(form) if part.heading == WHO_TOOK_PART else ()
    parts = tuple(_section(form, questions, each) for each in part.parts)
    return Section(
        part.heading,
        _blocks(form, questions, part.fields, first),
        tuple(each for each in parts if each.blocks),
    )


def _blocks(
    form: CompletedForm,
    questions: Questions,
    names: tuple[str, ...],
    first: tuple[Answer, ...] = (),
) -> tuple[Block, ...]:
    grids = [name for name in names if questions[name].kind is Kind.ROWS]
    listed = [name for name in names if name not in grids]
    if not first and not any(answered(getattr(form.answers, name)) for name in names):
        return ()
    found: list[Block] = [
        block for name in grids for block in grid(form, _asked(form, name, questions[name]))
    ]
    answers = first + tuple(
        answer for name in listed for answer in _answers(form, name, questions[name])
    )
    return (*found, Answers(answers)) if answers else tuple(found)


def _answers(form: CompletedForm, name: str, question: Question) -> Iterable[Answer]:
    value = getattr(form.answers, name)
    in_note = THIRD_PARTIES.get(name, InNote.WHOLE)
    if question.kind is Kind.YES_NO_BY_NAME:
        for each, said in value.items():
            asked = form.labels.get(f"{name}.{each}", name_in_words(each))
            yield Answer(asked, in_words(said, question), in_note)
    elif answered(value):
        yield Answer(_asked(form, name, question), in_words(value, question), in_note)
    elif name in SAID_IF_BLANK:
        yield Answer(_asked(form, name, question), NOT_ANSWERED)


def _asked(form: CompletedForm, name: str, question: Question) -> str:
    """The host's own words, else ours; below an area's heading ours do not name the area again."""
    if name in form.labels or not name.startswith("area_"):
        return form.labels.get(name, question.label)
    words = question.label.rpartition(": ")[2]
    return words[:1].upper() + words[1:]


def _others(questions: Questions, placed: set[str]) -> tuple[str, ...]:
    return tuple(name for name in questions if name not in placed | REFERENCES)


def _points_to_check(decision: Decision) -> Section:
    shown = [each for each in decision.problems if each.severity is not Severity.INFO]
    messages = tuple(dict.fromkeys(each.message for each in shown))
    return Section("Points to check", (Points(messages, _FOR_WHOM),) if messages else ())


def _also_recorded(form: CompletedForm) -> Section:
    answers = tuple(
        Answer(each.question, each.answer, InNote.WITHOUT_CONTACTS) for each in form.also_recorded
    )
    return Section("Also recorded", (Answers(answers),) if answers else ())


def _reference_numbers(form: CompletedForm, questions: Questions) -> Section:
    envelope = form.envelope
    host_numbers = (
        ("Form number", envelope.submission_id),
        ("Form version", envelope.submission_version),
        ("Case number", envelope.case_id),
        ("NHS number", envelope.nhs_number),
    )
    answers = tuple(Answer(asked, number) for asked, number in host_numbers if number) + tuple(
        answer
        for name in questions
        if name in REFERENCES
        for answer in _answers(form, name, questions[name])
    )
    return Section("Reference numbers", (Answers(answers),) if answers else ())
