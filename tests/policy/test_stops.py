"""What a later form does to the tasks earlier forms asked for (1.8 "stops", R5, R8, DS-20)."""

from datetime import date

import pytest

from connector.policy.stops import (
    AGREEMENT,
    ASSESSED,
    ASSESSMENT,
    CASE_CLOSED,
    CASE_OPEN,
    CONTACTED,
    LATER_AGREEMENT,
    LATER_ASSESSMENT,
    NO_LONGER_FITS,
    NO_LONGER_NEEDED,
    REQUEST,
    TOOK_EFFECT,
    YEARLY,
    Applied,
    stopped_by,
)
from connector.policy.words import STATUS_WORDS, TASK_TITLES

ACTIVE = Applied(AGREEMENT, "tailored_support_active")
UNFIT = Applied(AGREEMENT, "criteria_no_longer_met")
OPEN = Applied(ASSESSMENT, "open")
REFERRED = Applied(ASSESSMENT, "awaiting_manager")
CLOSED = Applied(ASSESSMENT, "closed_annual_contact", closes=True)
PLANNED = Applied(ASSESSMENT, "closure_planned")
CONTACT = Applied(YEARLY, "closed_annual_contact")
FORMS = (AGREEMENT, ASSESSMENT, YEARLY, REQUEST)


def test_only_known_statuses_take_effect() -> None:
    assert {status for each in TOOK_EFFECT.values() for status in each} <= set(STATUS_WORDS)
    assert set(TOOK_EFFECT) == set(FORMS)


@pytest.mark.parametrize("status", ["on_hold", "needs_attention", "withdrawn", "not_agreed"])
@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_not_in_force_took_no_effect(form: str, status: str) -> None:
    assert not Applied(form, status).took_effect


def reasons(later: Applied) -> set[str | None]:
    """Why tasks stop, whichever they are and whatever asked for them."""
    return {stopped_by(later, task, form) for task in TASK_TITLES for form in (*FORMS, None)}


@pytest.mark.parametrize(
    ("later", "reason"),
    [
        (Applied(REQUEST, "ended_deceased"), NO_LONGER_NEEDED),
        (CLOSED, CASE_CLOSED),
        (Applied(REQUEST, "request_agreed"), None),
        (Applied(YEARLY, "on_hold"), None),
    ],
    ids=["a death", "a closing", "a request", "a contact on hold"],
)
def test_some_forms_stop_everything_or_nothing(later: Applied, reason: str | None) -> None:
    assert reasons(later) == {reason}


@pytest.mark.parametrize(
    ("later", "task", "asked_by", "reason"),
    [
        (ACTIVE, "T01", AGREEMENT, LATER_AGREEMENT),
        (ACTIVE, "T02", AGREEMENT, LATER_AGREEMENT),
        (ACTIVE, "T27", AGREEMENT, LATER_AGREEMENT),
        (ACTIVE, "T05", AGREEMENT, LATER_AGREEMENT),
        (ACTIVE, "T03", AGREEMENT, LATER_AGREEMENT),
        (ACTIVE, "T08", AGREEMENT, None),
        (ACTIVE, "T06", AGREEMENT, None),
        (ACTIVE, "T28", AGREEMENT, None),
        (ACTIVE, "T20", ASSESSMENT, None),
        (ACTIVE, "T30", ASSESSMENT, None),
        (ACTIVE, "T09", None, None),
        (UNFIT, "T01", AGREEMENT, NO_LONGER_FITS),
        (UNFIT, "T02", AGREEMENT, NO_LONGER_FITS),
        (UNFIT, "T27", AGREEMENT, NO_LONGER_FITS),
        (UNFIT, "T05", AGREEMENT, NO_LONGER_FITS),
        (UNFIT, "T06", AGREEMENT, None),
        (UNFIT, "T20", ASSESSMENT, None),
        (OPEN, "T08", AGREEMENT, ASSESSED),
        (OPEN, "T09", None, ASSESSED),
        (OPEN, "T01", AGREEMENT, None),
        (OPEN, "T21", ASSESSMENT, LATER_ASSESSMENT),
        (OPEN, "T10", ASSESSMENT, LATER_ASSESSMENT),
        (OPEN, "T22", ASSESSMENT, LATER_ASSESSMENT),
        (OPEN, "T25", ASSESSMENT, LATER_ASSESSMENT),
        (OPEN, "T20", ASSESSMENT, None),
        (OPEN, "T26", ASSESSMENT, None),
        (OPEN, "T30", ASSESSMENT, CASE_OPEN),
        (OPEN, "T30", YEARLY, CASE_OPEN),
        (REFERRED, "T30", YEARLY, CASE_OPEN),
        (PLANNED, "T30", ASSESSMENT, LATER_ASSESSMENT),
        (PLANNED, "T01", AGREEMENT, None),
        (CONTACT, "T30", ASSESSMENT, CONTACTED),
        (CONTACT, "T30", YEARLY, CONTACTED),
        (CONTACT, "T20", ASSESSMENT, None),
        (CONTACT, "T09", None, None),
    ],
)
def test_what_stops_by_a_later_form_and_what_goes_on(
    later: Applied, task: str, asked_by: str | None, reason: str | None
) -> None:
    assert stopped_by(later, task, asked_by) == reason


@pytest.mark.parametrize("status", ["on_hold", "on_hold_closure_questions"])
def test_an_assessment_on_hold_was_made_all_the_same(status: str) -> None:
    held = Applied(ASSESSMENT, status)
    assert stopped_by(held, "T08", AGREEMENT) == ASSESSED
    assert stopped_by(held, "T21", ASSESSMENT) is None
    assert stopped_by(held, "T30", ASSESSMENT) is None


@pytest.mark.parametrize("status", ["needs_attention", "withdrawn"])
def test_an_assessment_with_errors_or_withdrawn_stops_nothing(status: str) -> None:
    wrong = Applied(ASSESSMENT, status)
    assert [stopped_by(wrong, task, AGREEMENT) for task in ("T08", "T09", "T01")] == [None] * 3


@pytest.mark.parametrize(
    ("on", "reason"),
    [(date(2026, 3, 31), None), (date(2026, 4, 1), ASSESSED), (None, ASSESSED)],
)
def test_an_assessment_before_the_window_does_not_stand_for_the_one_before_21(
    on: date | None, reason: str | None
) -> None:
    later = Applied(ASSESSMENT, "open", on=on)
    assert stopped_by(later, "T08", AGREEMENT, date(2026, 4, 1)) == reason
