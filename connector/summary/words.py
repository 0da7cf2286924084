"""Answers in the words a person reads: yes and no, choices, dates as "25 March 2026"."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from connector.dates import in_words as date_in_words
from connector.dates import london_date
from schemas import Envelope, Question

NOT_ANSWERED = "Not answered"


def form_day(envelope: Envelope) -> date | None:
    """The London date on which the form was completed (domain 1.0)."""
    if envelope.completed_at is None:
        return None
    return london_date(envelope.completed_at)


def in_words(value: object, question: Question) -> str:
    """One answer as text; a choice by its words, several choices in the order given."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return date_in_words(london_date(value))
    if isinstance(value, date):
        return date_in_words(value)
    if isinstance(value, tuple):
        return "; ".join(in_words(each, question) for each in value)
    return str((question.choices or {}).get(str(value), value))


def name_in_words(name: str) -> str:
    """A field's name as a question, for want of better: told_about_records, Told about records."""
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def answered(value: Any) -> bool:
    """False for a blank: None, empty text, no rows, no choices; a No is an answer."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and not (isinstance(value, tuple | Mapping) and not value)
