"""What a host tells us besides forms: an event it sends, and what it answers when it is asked."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Literal


class EventKind(StrEnum):
    """What happened in the host. A profile says which of its events is which of these."""

    TASK_COMPLETED = "task_completed"
    TASK_CANCELLED = "task_cancelled"
    TASK_REASSIGNED = "task_reassigned"
    ROLES_CHANGED = "roles_changed"
    WORKER_LEFT = "worker_left"
    PERSON_DIED = "person_died"
    DEATH_CORRECTED = "death_corrected"
    PERSON_MERGED = "person_merged"
    PERSON_RESTRICTED = "person_restricted"
    FORM_REOPENED = "form_reopened"
    FORM_WITHDRAWN = "form_withdrawn"
    SUPPORT_REQUESTED = "support_requested"


Result = Literal["no_change", "change_needed", "attempted"]


@dataclass(frozen=True)
class Event:
    """One thing that happened, with whatever the host said of it; None where it said nothing.

    `occurred_at` carries an offset. A task is named by our `task_reference` or the host's own
    `task_id`. `done_on` is the day the work was really done, where that differs from
    `occurred_at`. `result` is how a contact ended (DS-19). `roles_changed` gives whichever of
    worker, manager and team there is now; `worker_left` names the `worker_id` who is gone;
    `person_merged` says which person (`new_person_id`) the record of `person_id` went into.
    """

    kind: EventKind
    occurred_at: datetime
    person_id: str | None = None
    task_id: str | None = None
    task_reference: str | None = None
    done_on: date | None = None
    result: Result | None = None
    reason: str | None = None
    worker_id: str | None = None
    worker_name: str | None = None
    manager_id: str | None = None
    team_id: str | None = None
    new_person_id: str | None = None
    died_on: date | None = None
    restricted: bool | None = None
    form_id: str | None = None
    requested_on: date | None = None
    previous_pa_id: str | None = None


EVENT_FIELDS = tuple(each.name for each in fields(Event) if each.name != "kind")


@dataclass(frozen=True)
class HostTask:
    """One task as the host has it now."""

    remote_id: str
    state: Literal["open", "done", "cancelled"]
    done_on: date | None = None
    result: Result | None = None
    assignee_id: str | None = None


@dataclass(frozen=True)
class HostPerson:
    """What the host's record says of a person now; None where it does not say.

    `worker_active` is False where the allocated worker has left.
    """

    date_of_birth: date | None = None
    died_on: date | None = None
    restricted: bool | None = None
    worker_id: str | None = None
    worker_active: bool | None = None
    manager_id: str | None = None
    team_id: str | None = None
    merged_into: str | None = None
