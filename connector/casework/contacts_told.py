"""When a young person was last tried and last reached, as forms tell it (DC-38). Pure."""

from datetime import date, datetime

from connector.dates import london_date
from connector.judging import Judged
from connector.model import CompletedForm
from connector.people import Person
from schemas import AnnualContactOutcome, Post21Assessment

CONTACTED, REACHED = "last_contact_on", "last_reached_on"
"""The facts kept: an attempt counts as a contact; being reached is kept apart."""

TOOK_PART = frozenset({"yes", "partly"})
NOTHING_COUNTS = frozenset({"needs_attention", "withdrawn"})


def told_of_contacts(person: Person, judged: Judged, at: datetime) -> Person:
    """With the contact a form tells of; `at` is when the form was completed.

    The later day counts, whichever form tells it. A form corrects what it said itself, and one
    that is withdrawn takes it back.
    """
    source = judged.form.envelope.submission_id or ""
    counts = judged.decision.status not in NOTHING_COUNTS
    days = days_told(judged.form) if counts else {}
    for name in (CONTACTED, REACHED):
        person = _with(person, name, days.get(name), source, at)
    return person


def days_told(form: CompletedForm) -> dict[str, date]:
    """The days of a contact, and of being reached, that stand on a form."""
    answers, completed = form.answers, form.envelope.completed_at
    form_day = london_date(completed) if completed else None
    if isinstance(answers, AnnualContactOutcome):
        return _days(answers.contacted_on or form_day, answers.reached == "yes")
    if isinstance(answers, Post21Assessment) and answers.took_part in TOOK_PART:
        return _days(answers.assessment_date or form_day, True)
    return {}


def _days(on: date | None, reached: bool) -> dict[str, date]:
    if on is None:
        return {}
    return {CONTACTED: on, REACHED: on} if reached else {CONTACTED: on}


def _with(person: Person, name: str, day: date | None, source: str, at: datetime) -> Person:
    known, before = person.facts.get(name), person.day(name)
    own = known is not None and known.source == source != ""
    if day is None and not (own and before):
        return person
    if day and before and before >= day and not own:
        return person
    moment = max(at, datetime.fromisoformat(known.at)) if known else at
    return person.told(moment, source, **{name: day})
