"""One follow-up as the rest of the product sees it, and how its texts are kept."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from connector.dates import in_iso
from connector.model import Effect, EffectKind, FollowUp, Inbox, Task
from connector.plan import reference_guid


class FollowUpState(StrEnum):
    """Where a follow-up stands. `planned` waits for its day; `open` is in an inbox; `missed` is
    still there, long overdue, and can still be done."""

    PLANNED = "planned"
    OPEN = "open"
    MISSED = "missed"
    DONE = "done"
    DONE_LATE = "done_late"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


IN_AN_INBOX = (FollowUpState.OPEN, FollowUpState.MISSED)
STANDING = (FollowUpState.PLANNED, *IN_AN_INBOX)
FINISHED = (FollowUpState.DONE, FollowUpState.DONE_LATE)


@dataclass(frozen=True)
class FollowUpRow:
    """One follow-up without its texts.

    `scheduled_for` is the due date it was made with and never changes; `due_on` may be moved.
    `asked_at` is when the form (or the event) that asked for it was completed. `escalates_on` is
    the day the manager is told that it is overdue. `done_on` of a cancelled one: it was cancelled
    in the host on that day. `replaced_by` is the form that took its place.
    """

    id: str
    host: str
    person_id: str
    task: str
    rule: str
    reference: str
    submission_id: str
    form_type: str | None
    form_id: str | None
    period_key: str
    scheduled_for: date
    opens_on: date
    due_on: date
    counted_from: date | None
    wanted_on: date | None
    escalates_on: date | None
    done_on: date | None
    state: FollowUpState
    role: Inbox
    inbox: Inbox
    assignee: str | None
    reason: str
    replaced_by: str | None
    looked_at: datetime | None
    created_at: datetime
    asked_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it is still to be done, now or on its day."""
        return self.state in STANDING

    @property
    def is_planned(self) -> bool:
        """Whether it waits for its day."""
        return self.state is FollowUpState.PLANNED

    @property
    def is_used_up(self) -> bool:
        """Whether this time round is over: done, or cancelled in the host (1.10)."""
        return self.done_on is not None


def row_from(found: Any) -> FollowUpRow:
    """A database row as a value."""
    kinds = {"state": FollowUpState, "role": Inbox, "inbox": Inbox}
    return FollowUpRow(**{**found, **{name: kind(found[name]) for name, kind in kinds.items()}})


def to_json(kept: FollowUp) -> dict[str, Any]:
    """A follow-up in JSON kinds."""
    task = {name: in_iso(value) for name, value in asdict(kept.task).items()}
    effect = {**vars(kept.effect), "content": dict(kept.effect.content)}
    own = {each.name: getattr(kept, each.name) for each in fields(FollowUp)}
    return own | {"task": task, "effect": effect}


IDENTITY = ("person_id", "reference", "period_key", "form_type", "form_id")
"""What a follow-up is known by: it may have been planned for a record that was merged since."""


def from_json(kept: dict[str, Any], **identity: Any) -> FollowUp:
    """What `to_json` gave, with the identity it has now.

    One kept by an earlier version lacks what that did not know.
    """
    task = kept["task"]
    dates = {n: date.fromisoformat(task[n]) for n in _DAYS if task.get(n)}
    inbox = Inbox(task["inbox"])
    places = {"inbox": inbox, "role": Inbox(task.get("role", inbox))}
    effect = Effect(**kept["effect"] | _effect_now(kept, identity))
    return FollowUp(**{**kept, **identity, "task": Task(**task | dates | places), "effect": effect})


def _effect_now(kept: dict[str, Any], identity: dict[str, Any]) -> dict[str, Any]:
    changed = {n: identity[n] for n in ("person_id", "reference") if identity[n] != kept[n]}
    words = dict(changed)
    if "reference" in changed:
        words["reference_guid"] = reference_guid(changed["reference"])
    effect = kept["effect"]
    return {**changed, "kind": EffectKind(effect["kind"]), "content": effect["content"] | words}


_DAYS = ("opens_on", "due_on", "counted_from", "late_on", "wanted_on")
