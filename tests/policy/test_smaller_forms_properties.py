"""What holds for every yearly contact and every family request, however odd the answers."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

from agreement_cases import WORKING
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.model import CompletedForm, PersonRecord, Severity
from connector.policy import DEFAULTS, decide, load_policy
from connector.policy.series import timeline
from connector.policy.words import STATUS_WORDS, TASK_TITLES
from schemas import FORMS, AnnualContactOutcome, Envelope, FamilyRequest, Kind, Question

SOCIAL = load_policy({"annual": {"social_media_enabled": "true"}})
ANY_DAY = st.one_of(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.dates(date(1900, 1, 2), date.max)
)
BY_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.sampled_from([None, "", "Something", "One\nline and\nanother"]),
    Kind.YES_NO: st.sampled_from([None, True, False]),
    Kind.DAY: st.none() | ANY_DAY,
}
CLASSES = {"annual_contact_outcome": AnnualContactOutcome, "family_request": FamilyRequest}


def _answer(question: Question) -> st.SearchStrategy[Any]:
    if question.kind is Kind.CHOICE:
        return st.sampled_from([None, *(question.choices or ())])
    return BY_KIND[question.kind]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


ENVELOPES = st.fixed_dictionaries(
    {
        "submission_id": st.just("1"),
        "person_id": st.just("2"),
        "date_of_birth": st.none() | st.dates(date(1996, 1, 1), date(2010, 12, 31)),
        "allocated_worker_id": st.sampled_from([None, "3"]),
        "manager_id": st.sampled_from([None, "4"]),
        "team_id": st.sampled_from([None, "5"]),
        "completed_by_id": st.sampled_from([None, "6"]),
        "record_restricted": st.booleans(),
        "form_status": st.sampled_from(["completed", "amended", "withdrawn"]),
        "date_of_death": st.none() | st.just(date(2026, 1, 1)),
        "completed_at": st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)).map(_noon),
    }
)
ANSWERS = {
    form: st.fixed_dictionaries({n: _answer(q) for n, q in FORMS[form].questions.items()})
    for form in CLASSES
}
RECORDS = st.builds(
    PersonRecord,
    case_open=st.sampled_from([None, True, False]),
    social_media_permitted=st.booleans(),
)
DAYS = st.dates(date(2025, 1, 1), date(2031, 12, 31))


@st.composite
def forms(draw: st.DrawFn) -> CompletedForm:
    """Any answers, now and then some of them unreadable."""
    form = draw(st.sampled_from(sorted(CLASSES)))
    answers = draw(ANSWERS[form])
    unread = draw(st.sets(st.sampled_from(sorted(answers)), max_size=2))
    answers |= dict.fromkeys(unread)
    envelope = Envelope(form_type=form, **draw(ENVELOPES))
    return CompletedForm(envelope, CLASSES[form](**answers), unreadable=frozenset(unread))


@given(forms(), DAYS, RECORDS, st.sampled_from([DEFAULTS, SOCIAL]))
@settings(max_examples=120, deadline=None)
def test_every_form_is_decided_once_with_dates_that_can_be_kept(
    form: CompletedForm, as_of: date, record: PersonRecord, policy: Any
) -> None:
    decision = decide(form, policy, WORKING, as_of, record)
    assert decision.status in STATUS_WORDS
    for task in decision.tasks:
        assert task.task in TASK_TITLES
        assert task.title.strip()
        assert "\n" not in task.title
        assert WORKING.includes(task.due_on)
        assert as_of < task.due_on
        assert as_of <= task.opens_on <= task.due_on
        assert re.fullmatch(r"(DC|DS|EN)-\d\d", task.rule)
    assert len({(t.task, t.occurrence) for t in decision.tasks}) == len(decision.tasks)
    severities = {problem.severity for problem in decision.problems}
    made = {task.task for task in decision.tasks}
    if decision.status not in {"ended_deceased", "withdrawn"}:
        assert (decision.status == "needs_attention") is (Severity.ERROR in severities)
    if decision.status in {"needs_attention", "on_hold"}:
        assert "T90" in made
        assert "T30" not in made


@given(forms(), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
@settings(max_examples=40, deadline=None)
def test_over_the_years_everything_is_due_before_25_and_at_most_a_year_apart(
    form: CompletedForm, as_of: date
) -> None:
    whole = replace(form, envelope=replace(form.envelope, date_of_birth=date(2003, 2, 28)))
    yearly = [t.due_on for t in timeline(whole, DEFAULTS, WORKING, as_of).tasks if t.task == "T30"]
    assert yearly == sorted(set(yearly))
    assert all(day < date(2028, 2, 28) for day in yearly)
    for one, following in pairwise(yearly):
        assert (following - one).days <= 366
