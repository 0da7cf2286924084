"""DC-05 and DC-06: somebody who asks for support again is assessed, by whom and by when."""

from datetime import date

import pytest
from agreement_cases import WORKING, policy
from yearly_contact_cases import FORM_DAY, a_contact

from connector.model import Inbox
from connector.policy.case import Case, Wanted
from connector.policy.placing import placed
from connector.policy.returner import support_requested
from connector.policy.settings import DEFAULTS, PolicySettings


def a_case(as_of: date = FORM_DAY, settings: PolicySettings = DEFAULTS) -> Case:
    return Case(a_contact(), settings, WORKING, as_of)


def asked(day: date, previous_pa_id: str | None = "7781") -> Wanted:
    return support_requested(a_case(), day, previous_pa_id)


@pytest.mark.rules("DC-05")
def test_the_previous_adviser_assesses_a_returner() -> None:
    wanted = placed(a_case(), asked(FORM_DAY))
    assert (wanted.task, wanted.rule) == ("T09", "DC-05")
    assert wanted.title == "Assess a returner"
    assert (wanted.inbox, wanted.assignee) == (Inbox.WORKER, "7781")
    assert (wanted.opens_on, wanted.due_on) == (FORM_DAY, date(2026, 11, 10))
    assert wanted.because == (
        "They asked for support on 27 October 2026. Where possible, the previous personal adviser"
        " does the assessment. 10 working days after 27 October 2026 is 10 November 2026."
    )


@pytest.mark.rules("DC-05", "DC-06")
@pytest.mark.parametrize("nobody", [None, ""])
def test_without_a_previous_adviser_the_teams_duty_worker_does(nobody: str | None) -> None:
    wanted = placed(a_case(), asked(FORM_DAY, nobody))
    assert (wanted.inbox, wanted.assignee) == (Inbox.TEAM, "42")
    assert "the duty worker does the assessment" in wanted.because


@pytest.mark.rules("DC-07")
def test_working_days_are_counted_from_the_request() -> None:
    # Good Friday and Easter Monday do not count
    assert asked(date(2026, 3, 27)).due == date(2026, 4, 14)
    four = a_case(settings=policy(post21={"returner_target_working_days": "4"}))
    assert support_requested(four, FORM_DAY, None).due == date(2026, 11, 2)


def test_a_request_that_was_left_lying_is_due_on_the_next_working_day() -> None:
    wanted = placed(a_case(), asked(date(2026, 6, 1)))
    assert wanted.due_on == date(2026, 10, 28)


@pytest.mark.rules("DC-02")
@pytest.mark.parametrize(
    ("day", "task", "rule"),
    [(date(2028, 4, 17), "T09", "DC-05"), (date(2028, 4, 18), "T32", "DC-02")],
)
def test_from_25_on_they_are_told_who_else_can_help(day: date, task: str, rule: str) -> None:
    wanted = asked(day)
    assert (wanted.task, wanted.rule) == (task, rule)
