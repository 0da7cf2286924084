"""DC-03: everyone is assessed as they approach 21; an agreement is where we learn of a birthday."""

from datetime import date

import pytest
from agreement_cases import a_form, dates_of, decided, policy, task, tasks

from connector.model import Inbox, PersonRecord

FORM_DAY = date(2026, 3, 27)


@pytest.mark.rules("DC-03")
@pytest.mark.parametrize("full_service", [True, False])
def test_an_active_agreement_asks_for_the_assessment_before_21(full_service: bool) -> None:
    decision = decided(a_form(eligible_full_service=full_service, date_of_birth=date(2005, 12, 10)))
    asked = task(decision, "T08")
    assert (asked.rule, asked.inbox) == ("DC-03", Inbox.WORKER)
    assert dates_of(decision, "T08") == (date(2026, 6, 10), date(2026, 9, 10))


@pytest.mark.rules("DC-03")
@pytest.mark.parametrize(
    ("born", "dates"),
    [
        (date(2005, 9, 1), (FORM_DAY, date(2026, 6, 1))),  # the window has opened
        (date(2005, 4, 1), (FORM_DAY, date(2026, 3, 30))),  # the target has passed
        (date(2008, 2, 29), (date(2028, 9, 1), date(2028, 12, 1))),  # 21 on 1 March 2029
    ],
)
def test_it_opens_six_months_before_and_is_due_three_months_before(
    born: date, dates: tuple[date, date]
) -> None:
    assert dates_of(decided(a_form(date_of_birth=born)), "T08") == dates


@pytest.mark.rules("DC-03")
@pytest.mark.parametrize(("as_of", "asked"), [(date(2026, 4, 9), True), (date(2026, 4, 10), False)])
def test_it_is_asked_for_only_while_they_are_under_21(as_of: date, asked: bool) -> None:
    form = a_form(date_of_birth=date(2005, 4, 10))
    assert ("T08" in tasks(decided(form, as_of))) is asked


@pytest.mark.rules("DC-03")
@pytest.mark.parametrize("case_open", [True, False])
def test_someone_assessed_already_is_not_assessed_again(case_open: bool) -> None:
    decision = decided(a_form(), record=PersonRecord(case_open=case_open))
    assert "T08" not in tasks(decision)


@pytest.mark.rules("DC-03")
@pytest.mark.parametrize(
    ("assessed_on", "asked"), [(date(2026, 6, 9), True), (date(2026, 6, 10), False)]
)
def test_an_assessment_before_the_window_opened_is_not_the_one_before_21(
    assessed_on: date, asked: bool
) -> None:
    record = PersonRecord(case_open=True, assessed_on=assessed_on)
    decision = decided(a_form(date_of_birth=date(2005, 12, 10)), record=record)
    assert ("T08" in tasks(decision)) is asked


@pytest.mark.rules("DC-03")
def test_the_council_sets_window_and_target() -> None:
    settings = policy(post21={"window_opens_months": "9", "target_months_before": "1"})
    decision = decided(a_form(date_of_birth=date(2005, 12, 10)), settings=settings)
    assert dates_of(decision, "T08") == (FORM_DAY, date(2026, 11, 10))
