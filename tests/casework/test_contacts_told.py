"""When a young person was last tried and last reached, whatever order the forms come in."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from connector.casework.contacts_told import CONTACTED, REACHED, told_of_contacts
from connector.judging import Judged
from connector.model import CompletedForm, Decision, WriteBack
from connector.people import Person
from schemas import AnnualContactOutcome, Envelope, FamilyRequest, Post21Assessment

AT = datetime(2026, 10, 28, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 29, 12, 0, tzinfo=UTC)
NOBODY = Person()


def form(answers: Any, form_id: str = "Y1", at: datetime = AT, status: str = "") -> Judged:
    """A form completed at a moment that led to a status."""
    envelope = Envelope(submission_id=form_id, completed_at=at)
    status = status or "closed_annual_contact"
    decision = Decision("", status, "", WriteBack(status, "", ""), (), (), False)
    return Judged(CompletedForm(envelope, answers), decision)


def yearly(on: date | None, reached: str) -> AnnualContactOutcome:
    return AnnualContactOutcome(contacted_on=on, reached=reached)


def days(person: Person) -> tuple[str | None, str | None]:
    return person.text(CONTACTED), person.text(REACHED)


def test_an_attempt_is_a_contact_but_nobody_was_reached() -> None:
    told = told_of_contacts(NOBODY, form(yearly(date(2026, 10, 27), "left_message")), AT)
    assert days(told) == ("2026-10-27", None)


def test_whoever_answers_was_reached_and_an_attempt_a_year_on_leaves_that() -> None:
    first = told_of_contacts(NOBODY, form(yearly(date(2025, 10, 27), "yes")), AT)
    then = told_of_contacts(first, form(yearly(date(2026, 10, 27), "no"), "Y2", LATER), LATER)
    assert days(then) == ("2026-10-27", "2025-10-27")


def test_taking_part_in_an_assessment_counts_and_refusing_does_not() -> None:
    partly = Post21Assessment(took_part="partly", assessment_date=date(2026, 2, 12))
    assert days(told_of_contacts(NOBODY, form(partly), AT)) == ("2026-02-12", "2026-02-12")
    refused = replace(partly, took_part="no_refused")
    assert told_of_contacts(NOBODY, form(refused), AT) == NOBODY


def test_a_contact_that_is_told_late_does_not_hide_a_later_one() -> None:
    known = told_of_contacts(NOBODY, form(yearly(date(2026, 10, 27), "yes")), AT)
    late = form(yearly(date(2025, 10, 27), "yes"), "Y0", LATER)
    assert told_of_contacts(known, late, LATER) == known


def test_a_form_corrects_itself_and_takes_back_what_it_said() -> None:
    wrong = told_of_contacts(NOBODY, form(yearly(date(2026, 10, 27), "yes")), AT)
    right = form(yearly(date(2026, 10, 26), "no"), at=LATER)
    assert days(told_of_contacts(wrong, right, LATER)) == ("2026-10-26", None)
    gone = form(yearly(date(2026, 10, 27), "yes"), at=LATER, status="withdrawn")
    assert days(told_of_contacts(wrong, gone, LATER)) == (None, None)


def test_a_form_that_needs_attention_and_other_forms_tell_nothing() -> None:
    unclear = form(yearly(date(2026, 10, 27), "yes"), status="needs_attention")
    assert told_of_contacts(NOBODY, unclear, AT) == NOBODY
    assert told_of_contacts(NOBODY, form(FamilyRequest()), AT) == NOBODY


def test_a_blank_day_is_the_day_the_form_was_completed() -> None:
    assert days(told_of_contacts(NOBODY, form(yearly(None, "yes")), AT))[0] == "2026-10-28"
