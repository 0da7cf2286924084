"""The values that cross a boundary. All frozen; no behaviour beyond reading themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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


class Inbox(StrEnum):
    """Whose inbox in the host a task is put into."""

    WORKER = "worker"
    MANAGER = "manager"
    TEAM = "team"


class FaultKind(StrEnum):
    """Why a typed answer could not be understood."""

    NOT_A_DATE = "not a date"
    UNKNOWN_CHOICE = "unknown choice"
    WRONG_KIND = "wrong kind"
    SEVERAL = "several answers"


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
    notes: tuple["Problem", ...] = ()


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
    """

    active_agreement: bool = False
    active_is_this_form: bool = False
    case_open: bool | None = None
    assessed_on: date | None = None
    clocks: Mapping[str, date] = field(default_factory=dict)
    deceased: bool = False
    replaces_version: int | None = None
    social_media_permitted: bool = False


@dataclass(frozen=True)
class Task:
    """One follow-up for one inbox (domain 1.8), with its dates already worked out.

    `occurrence` tells two tasks of one id apart for one person: the action for T20, the form for
    T90, else empty. `because` says which answer and rule made it and how the date came about.
    `text` is what the person who opens it reads. `done_by` says what closes it.

    `role` is whom it is for, whoever that turns out to be (`inbox` and `assignee` are who it was
    when the form came); `named`: the assignee was chosen, not looked up by role. `counted_from` is
    the day a recurring task is counted from. `late_on` is the day the manager is told that it is
    overdue, where that is not some working days after the due date. `wanted_on` is the due date
    before it was moved to a working day, or because it had passed.
    """

    task: str
    rule: str
    title: str
    inbox: Inbox
    assignee: str | None
    opens_on: date
    due_on: date
    because: str
    text: str = ""
    occurrence: str = ""
    done_by: str = ""
    role: Inbox = Inbox.WORKER
    named: bool = False
    counted_from: date | None = None
    late_on: date | None = None
    wanted_on: date | None = None


class EffectKind(StrEnum):
    """One kind of write in the host, in the order they are made; or a task that is taken back,
    a file put onto a task, a task put into another inbox, or given another date."""

    OUTCOME = "outcome"
    CASE_NOTE = "case_note"
    DOCUMENT = "document"
    TASK = "task"
    CANCELLATION = "cancellation"
    TASK_DOCUMENT = "task_document"
    REASSIGNMENT = "reassignment"
    UPDATE = "update"


@dataclass(frozen=True)
class Effect:
    """One write owed to the host, as data.

    `reference` is the deterministic external reference (design section 5); `step` names it within
    its form ("outcome", "task T20 3f2a…"); `position` orders the effects of one form. `content`
    holds the variables a profile's templates may use, JSON kinds only.
    """

    kind: EffectKind
    step: str
    reference: str
    person_id: str
    position: int
    content: Mapping[str, Any]


@dataclass(frozen=True)
class FollowUp:
    """A task waiting for its day: it becomes `effect` when `opens_on` has come.

    `period_key` tells it apart from every other task of this id and person: the form that asks
    for it, the action, and which time round it is; never its dates. `form_type` and `form_id` are
    None where no form asks for it.
    """

    task: Task
    person_id: str
    reference: str
    effect: Effect
    period_key: str = ""
    form_type: str | None = None
    form_id: str | None = None


@dataclass(frozen=True)
class WriteBack:
    """The outcome as written to the host's record (design section 5). None is left out."""

    status: str
    line: str
    form: str
    agreement_date: date | None = None
    visiting_pattern: str | None = None
    criteria_met: tuple[str, ...] | None = None
    allocation_until: date | None = None
    worker_role: str | None = None
    closed_on: date | None = None
    can_return_until: date | None = None
    next_review_on: date | None = None
    next_contact_on: date | None = None
    reasons: tuple[str, ...] | None = None
    warnings: tuple[str, ...] | None = None
    connector_reference: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The flat object of the contract: ISO dates, lists, keys without a value left out."""
        out: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value is None:
                continue
            if isinstance(value, date):
                value = value.isoformat()
            out[each.name] = list(value) if isinstance(value, tuple) else value
        return out


@dataclass(frozen=True)
class Decision:
    """What the rules ask for: `decide`'s whole answer for one person on one form.

    `records_outcome`: False when only the line is written (an E). `attaches_summary`: a case
    summary and a case note are due. `cancels_open_tasks`: every open task the connector made for
    this person is to be cancelled (died, withdrawn, closed). `turns_on`: the day from which the
    status is another one by itself. `writes_record`: False where it is not sure whose record it is
    (EN-07): then nothing is written but the task to put that right.
    """

    form_type: str
    status: str
    line: str
    write_back: WriteBack
    problems: tuple[Problem, ...]
    tasks: tuple[Task, ...]
    attaches_summary: bool
    cancels_open_tasks: bool = False
    turns_on: date | None = None
    writes_record: bool = True
    stops_on: date | None = None
    stops_because: str = ""
