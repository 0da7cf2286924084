"""The whole case summary: the box at the top, the sections, the footer (domain 4.6)."""

from collections.abc import Iterable, Sequence
from datetime import date

from connector.dates import in_words as date_in_words
from connector.model import CompletedForm, Decision, Inbox, Task
from connector.summary.blocks import Answer, Answers, Points, Section, Summary
from connector.summary.layout import LAYOUTS
from connector.summary.people import WORKER, completed_by, person
from connector.summary.sections import sections
from connector.summary.words import form_day, in_words
from schemas import (
    FORMS,
    AnnualContactOutcome,
    FamilyRequest,
    Post21Assessment,
    TailoredSupportAgreement,
)

WHAT_CHANGED = "What changed in the tasks"


def summarise(
    form: CompletedForm,
    decision: Decision,
    *,
    reference: str,
    ordinal: int,
    replaces: int | None,
    changes: Sequence[str] = (),
) -> Summary:
    """The case summary of one form as it was decided.

    `ordinal` is our own version of the document, `replaces` the earlier one that is held, or
    None. `changes` are sentences on what became of earlier tasks. Answers are whole and in the
    host's words; rule ids and codes stay out.
    """
    completed_at = form.envelope.completed_at
    title = FORMS[decision.form_type].title
    return Summary(
        title=f"{title}: case summary",
        what_this_is=_what_this_is(form, title),
        facts=Answers(tuple(_facts(form, decision, title, replaces))),
        next_steps=_next_steps(decision),
        sections=(*_changes(changes), *sections(form, decision, LAYOUTS[decision.form_type])),
        footer=_footer(form, reference, ordinal),
        completed_at=completed_at.isoformat() if completed_at else None,
    )


def _changes(changes: Sequence[str]) -> tuple[Section, ...]:
    """What became of the tasks of earlier forms, where there were any."""
    return (Section(WHAT_CHANGED, (Points(tuple(changes)),)),) if changes else ()


def _what_this_is(form: CompletedForm, title: str) -> str:
    day = form_day(form.envelope)
    when = f" completed on {date_in_words(day)}" if day else ""
    return (
        f"This is a summary of the {_inside(title)}{when}. It says what was decided, why, and what "
        "happens next. The young person can ask their worker about anything in it."
    )


def _facts(
    form: CompletedForm, decision: Decision, title: str, replaces: int | None
) -> Iterable[Answer]:
    known = (
        ("Young person", _young_person(form)),
        ("Date of birth", _day(form.envelope.date_of_birth)),
        *_outcome(form, decision),
        *_dates(form, decision),
        ("Form completed", _completed(form)),
        *_who(form, decision.form_type),
        (
            "Earlier version",
            f"Replaces version {replaces} of this {_inside(title)}" if replaces else "",
        ),
    )
    return (Answer(asked, said) for asked, said in known if said)


def _young_person(form: CompletedForm) -> str:
    """Name and record number; the number alone where the record is restricted."""
    envelope = form.envelope
    names = (
        ()
        if envelope.record_restricted
        else (
            envelope.person_first_name,
            envelope.person_last_name,
        )
    )
    number = f"record {envelope.person_id}" if envelope.person_id else ""
    known = " ".join(each for each in names if each)
    return f"{known} ({number})" if known and number else known or number[:1].upper() + number[1:]


def _outcome(form: CompletedForm, decision: Decision) -> Iterable[tuple[str, str]]:
    answers = form.answers
    if isinstance(answers, Post21Assessment) and answers.outcome:
        question = FORMS[decision.form_type].questions["outcome"]
        yield "Outcome chosen", in_words(answers.outcome, question)
    yield "Where things stand", decision.line.split(" Next: ")[0]


def _dates(form: CompletedForm, decision: Decision) -> Iterable[tuple[str, str]]:
    written = decision.write_back
    yield _own_date(form, decision)
    yield "Allocated worker until", _day(written.allocation_until)
    yield "Case closed from", _day(written.closed_on)
    yield "Can come back until", _day(written.can_return_until)


def _own_date(form: CompletedForm, decision: Decision) -> tuple[str, str]:
    """The day a form is about: the one given, else the day it was completed (R1)."""
    answers, completed = form.answers, form_day(form.envelope)
    match answers:
        case TailoredSupportAgreement():
            agreed = decision.write_back.agreement_date or answers.agreement_date
            return "Date of the agreement", _day(agreed)
        case Post21Assessment():
            return "Date of the assessment", _day(answers.assessment_date or completed)
        case AnnualContactOutcome():
            return "Date of the contact", _day(answers.contacted_on or completed)
        case FamilyRequest():
            return "Date of the request", _day(answers.requested_on or completed)


def _who(form: CompletedForm, form_type: str) -> Iterable[tuple[str, str]]:
    envelope = form.envelope
    worker = person(envelope.allocated_worker_name, envelope.allocated_worker_id)
    yield WORKER[form_type].capitalize(), worker
    yield "Manager", person(envelope.manager_name, envelope.manager_id)
    yield "Team", envelope.team_name or ""


def _completed(form: CompletedForm) -> str:
    day = form_day(form.envelope)
    parts = (date_in_words(day) if day else "", completed_by(form))
    return " by ".join(each for each in parts if each)


def _next_steps(decision: Decision) -> Points:
    steps = tuple(_step(task, WORKER[decision.form_type]) for task in decision.tasks)
    return Points(steps or ("Nothing more is planned from this form.",))


def _step(task: Task, worker: str) -> str:
    whose = {Inbox.WORKER: worker, Inbox.MANAGER: "manager", Inbox.TEAM: "team"}[task.inbox]
    return f"By {date_in_words(task.due_on)}: {task.title} ({whose})"


def _footer(form: CompletedForm, reference: str, ordinal: int) -> tuple[str, ...]:
    envelope = form.envelope
    numbers = (
        f"Record {envelope.person_id}" if envelope.person_id else "",
        f"Form {envelope.submission_id}, form version {envelope.submission_version}",
        f"Summary version {ordinal}",
        f"Reference {reference}",
    )
    on = "on " if form_day(envelope) else "by "
    made_from = f"Made from the form completed {on}{_completed(form)}"
    return ". ".join(each for each in numbers if each), made_from


def _day(day: date | None) -> str:
    return date_in_words(day) if day else ""


def _inside(title: str) -> str:
    """A form's title in the middle of a sentence."""
    return title[:1].lower() + title[1:]
