"""What a form asks for: tasks, what is written in the host, and the decision as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from connector.model.forms import Problem


class Inbox(StrEnum):
    """Whose inbox in the host a task is put into."""

    WORKER = "worker"
    MANAGER = "manager"
    TEAM = "team"


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
