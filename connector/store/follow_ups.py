"""Follow-ups: tasks that wait for their day, with the effect each will become."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, exists, select, update

from connector.model import Effect, EffectKind, FollowUp, Inbox, Task
from connector.store.effects import Effects
from connector.store.rows import insert_once, new_id, open_json, place, seal_json
from connector.store.submission_row import asked_by
from connector.store.tables import effect, follow_up
from connector.vault import Vault


class FollowUpState(StrEnum):
    """Where a follow-up stands. `planned` waits for its day; `open` is in an inbox."""

    PLANNED = "planned"
    OPEN = "open"
    DONE = "done"
    DONE_LATE = "done_late"
    MISSED = "missed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


_NOT_OPENED = (
    FollowUpState.PLANNED.value,
    FollowUpState.CANCELLED.value,
    FollowUpState.SUPERSEDED.value,
)


@dataclass(frozen=True)
class FollowUpRow:
    """One follow-up without its texts.

    `scheduled_for` is the due date it was made with and never changes; `due_on` may be moved.
    """

    id: str
    host: str
    person_id: str
    task: str
    rule: str
    reference: str
    submission_id: str
    scheduled_for: date
    opens_on: date
    due_on: date
    state: FollowUpState
    inbox: Inbox
    reason: str
    created_at: datetime


_COLUMNS = [column for column in follow_up.c if column.name != "content"]
_OPENING = (
    select(*_COLUMNS)
    .where(follow_up.c.state == FollowUpState.PLANNED.value)
    .order_by(follow_up.c.opens_on, follow_up.c.created_at, follow_up.c.id)
)


_became_an_effect = exists().where(effect.c.reference == follow_up.c.reference)


class FollowUps:
    """The follow-ups within one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def plan(self, submission_id: str, host: str, planned: FollowUp, now: datetime) -> bool:
        """Keep a task for its day; False where its reference is kept already."""
        row_id = new_id("fup")
        values = self._values(row_id, submission_id, planned) | {
            "id": row_id,
            "host": host,
            "person_id": planned.person_id,
            "reference": planned.reference,
            "created_at": now,
        }
        return insert_once(self._connection, follow_up, values)

    def renew(self, submission_id: str, planned: FollowUp) -> bool:
        """Have a kept task wait again, as a later form plans it; False once it was opened."""
        found = self._connection.scalar(
            select(follow_up.c.id).where(
                follow_up.c.reference == planned.reference,
                follow_up.c.state.in_(_NOT_OPENED),
                ~_became_an_effect,
            )
        )
        if found is None:
            return False
        values = self._values(found, submission_id, planned) | {"reason": ""}
        changed = update(follow_up).where(follow_up.c.id == found).values(**values)
        return self._connection.execute(changed).rowcount == 1

    def opening(self, today: date, limit: int = 200) -> list[FollowUpRow]:
        """Planned follow-ups whose day has come, however long ago, earliest first."""
        return self._rows(_OPENING.where(follow_up.c.opens_on <= today).limit(limit))

    def opening_for(self, submission_id: str, today: date) -> list[FollowUpRow]:
        """Those of one submission whose day has come, earliest first."""
        mine = follow_up.c.submission_id == submission_id
        return self._rows(_OPENING.where(mine, follow_up.c.opens_on <= today))

    def open(self, follow_up_id: str) -> bool:
        """It is on its way into the inbox; False where it was not waiting any more."""
        return self._leave_planned(FollowUpState.OPEN, "", follow_up.c.id == follow_up_id) == 1

    def open_as_effect(self, row: FollowUpRow, effects: Effects, now: datetime) -> bool:
        """Owe the host its task and mark it open; False where it was not waiting any more.

        Raises KeyProblem where its content does not open.
        """
        kept = self.content(row.id)
        if kept is None or not self.open(row.id):
            return False
        effects.add(row.submission_id, row.host, kept.effect, now=now, follow_up_id=row.id)
        return True

    def cancel_person(
        self,
        host: str,
        person_id: str,
        reason: str,
        now: datetime,
        keep: Collection[str] = (),
        form_type: str | None = None,
        form_id: str | None = None,
    ) -> int:
        """Cancel what still waits for a person, apart from the references to keep; how many.

        With `form_type`, only what forms of that type asked for; with `form_id`, what that form
        asked for in any of its versions.
        """
        told = f"{reason} ({now.date().isoformat()})"
        return self._leave_planned(
            FollowUpState.CANCELLED,
            told,
            follow_up.c.host == host,
            follow_up.c.person_id == person_id,
            follow_up.c.reference.not_in(keep),
            follow_up.c.submission_id.in_(asked_by(form_type, form_id)),
        )

    def cancel_task(self, host: str, person_id: str, task: str, reason: str) -> int:
        """Cancel one task of a person that still waits (DC-03); how many."""
        mine = (follow_up.c.host == host, follow_up.c.person_id == person_id)
        return self._leave_planned(FollowUpState.CANCELLED, reason, *mine, follow_up.c.task == task)

    def take_back(self, reference: str, reason: str) -> None:
        """Cancel a task that was opened, together with its effect."""
        mine = update(follow_up).where(follow_up.c.reference == reference)
        self._connection.execute(mine.values(state=FollowUpState.CANCELLED.value, reason=reason))

    def is_taken_back(self, reference: str) -> bool:
        """Whether this task was opened and cancelled after that: its reference is used up."""
        cancelled = follow_up.c.state == FollowUpState.CANCELLED.value
        return self._is_kept(reference, cancelled, _became_an_effect)

    def is_kept(self, reference: str) -> bool:
        """Whether a task of this reference is known, wherever it stands."""
        return self._is_kept(reference)

    def get(self, follow_up_id: str) -> FollowUpRow | None:
        """One follow-up without its texts."""
        rows = self._rows(select(*_COLUMNS).where(follow_up.c.id == follow_up_id))
        return rows[0] if rows else None

    def content(self, follow_up_id: str) -> FollowUp | None:
        """The task and its effect; None once emptied. KeyProblem where it does not open."""
        sealed = self._connection.scalar(
            select(follow_up.c.content).where(follow_up.c.id == follow_up_id)
        )
        kept = open_json(self._vault, sealed, _place(follow_up_id))
        return None if kept is None else _from_json(kept)

    def listing(self, host: str | None = None, person_id: str | None = None) -> list[FollowUpRow]:
        """All follow-ups, or those of a host or a person, by the day they open."""
        query = select(*_COLUMNS).order_by(follow_up.c.opens_on, follow_up.c.task, follow_up.c.id)
        if host is not None:
            query = query.where(follow_up.c.host == host)
        if person_id is not None:
            query = query.where(follow_up.c.person_id == person_id)
        return self._rows(query)

    def _values(self, row_id: str, submission_id: str, planned: FollowUp) -> dict[str, Any]:
        task = planned.task
        return {
            "submission_id": submission_id,
            "task": task.task,
            "rule": task.rule,
            "scheduled_for": task.due_on,
            "opens_on": task.opens_on,
            "due_on": task.due_on,
            "state": FollowUpState.PLANNED.value,
            "inbox": task.inbox.value,
            "content": seal_json(self._vault, _to_json(planned), _place(row_id)),
        }

    def _leave_planned(self, state: FollowUpState, reason: str, *which: Any) -> int:
        waiting = follow_up.c.state == FollowUpState.PLANNED.value
        changed = update(follow_up).where(waiting, *which).values(state=state.value, reason=reason)
        return self._connection.execute(changed).rowcount

    def _is_kept(self, reference: str, *which: Any) -> bool:
        query = select(follow_up.c.id).where(follow_up.c.reference == reference, *which)
        return self._connection.scalar(query) is not None

    def _rows(self, query: Any) -> list[FollowUpRow]:
        return [
            FollowUpRow(
                **{
                    **each,
                    "state": FollowUpState(each["state"]),
                    "inbox": Inbox(each["inbox"]),
                }
            )
            for each in self._connection.execute(query).mappings()
        ]


def _place(row_id: str) -> str:
    return place("follow_up", row_id, "content")


def _to_json(kept: FollowUp) -> dict[str, Any]:
    task = asdict(kept.task) | {
        "opens_on": kept.task.opens_on.isoformat(),
        "due_on": kept.task.due_on.isoformat(),
    }
    effect = {**vars(kept.effect), "content": dict(kept.effect.content)}
    identity = {"person_id": kept.person_id, "reference": kept.reference}
    return {"task": task, "effect": effect, **identity}


def _from_json(kept: dict[str, Any]) -> FollowUp:
    task = kept["task"]
    task |= {
        "inbox": Inbox(task["inbox"]),
        "opens_on": date.fromisoformat(task["opens_on"]),
        "due_on": date.fromisoformat(task["due_on"]),
    }
    effect = kept["effect"]
    effect |= {"kind": EffectKind(effect["kind"])}
    return FollowUp(Task(**task), kept["person_id"], kept["reference"], Effect(**effect))
