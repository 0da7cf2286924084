"""What each kind of event says: its words for people, what it cannot do without, what is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.events import EVENT_FIELDS, EventKind
from schemas import Kind, Question


@dataclass(frozen=True)
class Contents:
    """One kind of event.

    Of each group in `needs` at least one field must be known. `also` is read where it is there.
    `occurred_at` is always needed; `person_id` and `reason` are always read.
    """

    said: str
    needs: tuple[tuple[str, ...], ...]
    also: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        """Every field that is looked at; what else a message has does not matter."""
        needed = (name for group in self.needs for name in group)
        return frozenset(("occurred_at", "person_id", "reason", *needed, *self.also))


_TASK = ("task_reference", "task_id")
_ROLES = ("worker_id", "manager_id", "team_id")

CONTENTS: Mapping[EventKind, Contents] = {
    EventKind.TASK_COMPLETED: Contents("a task was completed", (_TASK,), ("done_on", "result")),
    EventKind.TASK_CANCELLED: Contents("a task was cancelled", (_TASK,)),
    EventKind.TASK_REASSIGNED: Contents(
        "a task was given to somebody else", (_TASK,), (*_ROLES, "worker_name")
    ),
    EventKind.ROLES_CHANGED: Contents(
        "the worker, manager or team changed", (("person_id",), _ROLES), ("worker_name",)
    ),
    EventKind.WORKER_LEFT: Contents("a worker left", (("worker_id",),), ("worker_name",)),
    EventKind.PERSON_DIED: Contents("a death was recorded", (("person_id",),), ("died_on",)),
    EventKind.DEATH_CORRECTED: Contents("a death had been recorded by mistake", (("person_id",),)),
    EventKind.PERSON_MERGED: Contents(
        "a record was merged into another", (("person_id",), ("new_person_id",))
    ),
    EventKind.PERSON_RESTRICTED: Contents(
        "access to a record changed", (("person_id",), ("restricted",))
    ),
    EventKind.FORM_REOPENED: Contents("a form was opened again", (("form_id",),)),
    EventKind.FORM_WITHDRAWN: Contents("a form was withdrawn", (("form_id",),)),
    EventKind.SUPPORT_REQUESTED: Contents(
        "a young person asked for support",
        (("person_id",),),
        ("requested_on", "previous_pa_id", "manager_id", "team_id"),
    ),
}

KIND = Question(
    "What happened", Kind.CHOICE, choices={kind.value: each.said for kind, each in CONTENTS.items()}
)

_KINDS = {
    "occurred_at": Kind.MOMENT,
    "done_on": Kind.DAY,
    "died_on": Kind.DAY,
    "requested_on": Kind.DAY,
    "restricted": Kind.YES_NO,
    "result": Kind.CHOICE,
}
_RESULTS = {
    "no_change": "No change",
    "change_needed": "Change needed",
    "attempted": "Attempted",
}

EVENT_QUESTIONS: Mapping[str, Question] = {
    name: Question(
        name, _KINDS.get(name, Kind.TEXT), choices=_RESULTS if name == "result" else None
    )
    for name in EVENT_FIELDS
}
"""Every field of an event, and what kind of value it is."""

LONGEST: Mapping[str, int] = {
    "person_id": 36,
    "new_person_id": 36,
    "form_id": 100,
    "worker_id": 100,
    "manager_id": 100,
    "team_id": 100,
    "previous_pa_id": 100,
    "task_id": 200,
    "task_reference": 200,
}
"""How long an id may be, as on a form."""
