"""A form as it was read, what is wrong with it, and what is known beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from schemas import FORMS, Envelope, EnvelopeSchema, Form, questions_of


class Severity(StrEnum):
    """How much a problem matters (domain 1.1): error, hold, warning, information."""

    ERROR = "E"
    HOLD = "H"
    WARNING = "W"
    INFO = "I"


class FaultKind(StrEnum):
    """Why a typed answer could not be understood."""

    NOT_A_DATE = "not a date"
    UNKNOWN_CHOICE = "unknown choice"
    WRONG_KIND = "wrong kind"
    SEVERAL = "several answers"
    TOO_LONG = "too long"


@dataclass(frozen=True)
class Fault:
    """One answer that could not be decoded.

    `field` is the canonical field, `actions[2].due_on` for a cell of the second kept row (rows
    count from 1). `typed` is what stood in the payload, `allowed` the words that would do.
    """

    field: str
    kind: FaultKind
    typed: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordedAnswer:
    """A question and its answer as text, printed as it was asked."""

    question: str
    answer: str


@dataclass(frozen=True)
class Problem:
    """Something to put right or to check, in plain English.

    `rule` is an id of domain.md (DS-06, DC-19, EN-03); `question` the host's own label, None
    where no question is to blame. Rule ids are for the trace, never shown to workers.
    """

    rule: str
    severity: Severity
    message: str
    question: str | None = None


@dataclass(frozen=True)
class Reading:
    """What `translate` understood of one person on one payload.

    `values` holds canonical fields of the envelope and the form together, in JSON kinds only:
    text, bool, ISO dates ("2026-03-25"), ISO date-times with offset, choice codes, lists of codes,
    lists of row objects. A blank answer is absent. `labels` maps a canonical field to the host's
    own question. `notes` are problems of the payload as a whole (EN-08).
    """

    host: str
    form_type: str
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    also_recorded: tuple[RecordedAnswer, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class CompletedForm:
    """A form as the rules see it: typed answers, and what was wrong while reading them.

    `unreadable` names the fields whose answer exists but could not be understood: they are None
    in `answers`, and a rule that needs one of them stays silent, since the problem is listed.
    """

    envelope: Envelope
    answers: Form
    problems: tuple[Problem, ...] = ()
    unreadable: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    also_recorded: tuple[RecordedAnswer, ...] = ()

    def question(self, name: str) -> str:
        """The host's own words for a canonical field, else ours."""
        if name in self.labels:
            return self.labels[name]
        form = FORMS[self.envelope.form_type].questions if self.envelope.form_type else {}
        return (form | questions_of(EnvelopeSchema))[name].label


@dataclass(frozen=True)
class PersonRecord:
    """What the connector itself already knows of a person when a form arrives.

    `active_agreement`: a tailored-support agreement is active, `active_is_this_form`: by an earlier
    version of this very form.
    `case_open`: True or False where an earlier assessment decided it, None where we know nothing.
    `assessed_on`: the day of the newest assessment held. `clocks`: for each contact of the active
    agreement, the day it is counted from (A17).
    `deceased`: they are known to have died, whatever this form says. `replaces_version`: our count
    of the version of this form that is held. `social_media_permitted`: an earlier form holds their
    permission to be contacted by social media, with a day and a name (DC-37).
    `yearly_contact_ended_on`: the day the manager ended the yearly contact (T13, DC-35).
    """

    active_agreement: bool = False
    active_is_this_form: bool = False
    case_open: bool | None = None
    assessed_on: date | None = None
    clocks: Mapping[str, date] = field(default_factory=dict)
    deceased: bool = False
    replaces_version: int | None = None
    social_media_permitted: bool = False
    yearly_contact_ended_on: date | None = None
