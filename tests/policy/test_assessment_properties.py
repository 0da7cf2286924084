"""What holds for every assessment, however odd its answers."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from assessment_cases import CLOSE, MET, OPEN, REFER, RETURNER, REVIEW, WORKING, an_assessment
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.model import CompletedForm, PersonRecord, Severity
from connector.policy import DEFAULTS, decide
from connector.policy.words import STATUS_WORDS, TASK_TITLES
from schemas import FORMS, Action, Kind, Question
from schemas.choices import ACTION_OWNER, TYPE_OF_SUPPORT

QUESTIONS = FORMS["post_21_assessment"].questions
ANY_DAY = st.one_of(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.dates(date(1900, 1, 2), date.max)
)
TEXT = st.sampled_from([None, "", "Something", "One\nline and\nanother", "council tax"])
ACTION = st.builds(
    Action,
    row_id=st.sampled_from([None, "1", "2"]),
    what=TEXT,
    who=st.sampled_from([None, *ACTION_OWNER]),
    due_on=st.none() | ANY_DAY,
    area=st.sampled_from([None, *TYPE_OF_SUPPORT]),
    done=st.sampled_from([None, True, False]),
)
BY_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: TEXT,
    Kind.YES_NO: st.sampled_from([None, True, False]),
    Kind.DAY: st.none() | ANY_DAY,
    Kind.ROWS: st.lists(ACTION, max_size=4).map(tuple),
    Kind.YES_NO_BY_NAME: st.just({}),
}


def _answer(question: Question) -> st.SearchStrategy[Any]:
    codes = list(question.choices or ())
    if question.kind is Kind.CHOICE:
        return st.sampled_from([None, *codes])
    if question.kind is Kind.CHOICES:
        return st.lists(st.sampled_from(codes), max_size=3).map(tuple)
    return BY_KIND[question.kind]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


CHANGES = st.fixed_dictionaries({}, optional={n: _answer(q) for n, q in QUESTIONS.items()})
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "date_of_birth": st.none()
        | st.dates(date(1996, 1, 1), date(2010, 12, 31))
        | st.dates(date(1900, 1, 2), date(2026, 2, 12)),
        "allocated_worker_id": st.none(),
        "manager_id": st.none(),
        "team_id": st.none(),
        "completed_by_id": st.none(),
        "record_restricted": st.just(True),
        "form_status": st.sampled_from(["completed", "amended", "withdrawn"]),
        "date_of_death": st.none() | st.just(date(2026, 1, 1)),
        "completed_at": st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(_noon),
    },
)
CASES = st.sampled_from(
    [{**who, **outcome} for who in ({}, RETURNER, REVIEW) for outcome in (CLOSE, OPEN, MET, REFER)]
)
RECORDS = st.builds(PersonRecord, case_open=st.sampled_from([None, True, False]))
DAYS = st.dates(date(2025, 1, 1), date(2031, 12, 31))


@st.composite
def forms(draw: st.DrawFn) -> CompletedForm:
    """A good assessment with some of it replaced, now and then by something unreadable."""
    changes = draw(CHANGES)
    form = an_assessment(draw(CASES), draw(ENVELOPES), changes)
    unread = draw(st.sets(st.sampled_from(list(changes)), max_size=2)) if changes else set()
    return replace(form, unreadable=frozenset(unread))


@given(forms(), DAYS, RECORDS)
@settings(max_examples=80, deadline=None)
def test_every_assessment_is_decided_once_with_dates_that_can_be_kept(
    form: CompletedForm, as_of: date, record: PersonRecord
) -> None:
    decision = decide(form, DEFAULTS, WORKING, as_of, record)
    assert decision.status in STATUS_WORDS
    for task in decision.tasks:
        assert task.task in TASK_TITLES
        assert task.title.strip()
        assert "\n" not in task.title
        assert WORKING.includes(task.due_on)
        assert as_of < task.due_on
        assert as_of <= task.opens_on <= task.due_on
        assert re.fullmatch(r"(DC|DS|EN)-\d\d", task.rule)
    assert list(decision.tasks) == sorted(decision.tasks, key=lambda t: (t.due_on, t.task))
    assert len({(t.task, t.occurrence) for t in decision.tasks}) == len(decision.tasks)


@given(forms(), DAYS, RECORDS)
@settings(max_examples=50, deadline=None)
def test_the_status_follows_the_worst_problem_listed(
    form: CompletedForm, as_of: date, record: PersonRecord
) -> None:
    decision = decide(form, DEFAULTS, WORKING, as_of, record)
    severities = {problem.severity for problem in decision.problems}
    if decision.status in {"ended_deceased", "withdrawn"}:
        return
    assert (decision.status == "needs_attention") is (Severity.ERROR in severities)
    waits = {"on_hold", "on_hold_closure_questions", "not_in_scope_age_25"}
    held = Severity.HOLD in severities and Severity.ERROR not in severities
    assert (decision.status in waits) is held
    if held:
        assert not {"T10", "T21", "T24", "T30"} & {task.task for task in decision.tasks}


@given(forms(), DAYS)
@settings(max_examples=50, deadline=None)
def test_a_restricted_record_gives_nothing_away_in_titles(form: CompletedForm, as_of: date) -> None:
    private = replace(form, envelope=replace(form.envelope, record_restricted=True))
    for task in decide(private, DEFAULTS, WORKING, as_of).tasks:
        if task.task == "T20":
            assert task.title == TASK_TITLES["T20"]
        if task.task == "T90":
            assert task.title in {"Fix the form", "Put right the form"}


@given(
    st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.dates(date(2002, 1, 1), date(2008, 12, 31))
)
@settings(max_examples=50, deadline=None)
def test_a_yearly_contact_is_never_later_than_twelve_months_after_the_closing(
    closed: date, born: date
) -> None:
    when = _noon(closed)
    changes = {
        "date_of_birth": born,
        "requested_on": closed,
        "assessment_date": closed,
        "completed_at": when,
    }
    decision = decide(an_assessment(RETURNER, CLOSE, changes), DEFAULTS, WORKING, closed)
    for task in decision.tasks:
        if task.task == "T30":
            assert closed < task.due_on <= closed + timedelta(days=366)
