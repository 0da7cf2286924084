"""Follow-ups: tasks that wait for their day, each with the effect it will become."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select, update

from connector.model import FollowUp, Inbox
from connector.store.effect_row import EffectState
from connector.store.follow_up_row import (
    IDENTITY,
    IN_AN_INBOX,
    STANDING,
    FollowUpRow,
    FollowUpState,
    from_json,
    row_from,
    to_json,
)
from connector.store.retention import purge_follow_ups, purge_person
from connector.store.rows import insert_once, new_id, open_json, place, seal_json
from connector.store.tables import effect, follow_up, frozen_form, submission
from connector.vault import Vault

_ASKED_AT = (
    select(submission.c.completed_at)
    .where(submission.c.id == follow_up.c.submission_id)
    .scalar_subquery()
    .label("asked_at")
)
_COLUMNS = [column for column in follow_up.c if column.name != "content"]
_ALL = select(*_COLUMNS, _ASKED_AT)
_KEPT = select(follow_up.c.content, *(follow_up.c[name] for name in IDENTITY))
_FROZEN = exists().where(
    frozen_form.c.host == follow_up.c.host, frozen_form.c.form_id == follow_up.c.form_id
)
_OPENING = _ALL.where(follow_up.c.state == FollowUpState.PLANNED.value, ~_FROZEN).order_by(
    follow_up.c.opens_on, follow_up.c.created_at, follow_up.c.id
)


class FollowUps:
    """The follow-ups within one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def plan(
        self,
        submission_id: str,
        host: str,
        planned: FollowUp,
        now: datetime,
        replaced_by: str | None = None,
    ) -> bool:
        """Keep a task for its day; False where its reference or period is kept already.

        With `replaced_by`, it is kept only to be known: another form took its place already.
        """
        row_id = new_id("fup")
        state = FollowUpState.SUPERSEDED if replaced_by else FollowUpState.PLANNED
        values = self._values(row_id, submission_id, planned) | {
            "id": row_id,
            "host": host,
            "person_id": planned.person_id,
            "reference": planned.reference,
            "period_key": planned.period_key,
            "scheduled_for": planned.task.due_on,
            "created_at": now,
            "state": state.value,
            "replaced_by": replaced_by,
        }
        return insert_once(self._connection, follow_up, values)

    def renew(self, row: FollowUpRow, submission_id: str, planned: FollowUp) -> None:
        """Have a task that waits wait with new dates and texts."""
        values = self._values(row.id, submission_id, planned)
        waiting = {"state": FollowUpState.PLANNED.value, "reason": "", "replaced_by": None}
        self._change(row.id, values | waiting)

    def reword(self, row: FollowUpRow, submission_id: str, planned: FollowUp) -> None:
        """A task that is in an inbox is for another role now; its dates stay."""
        values = self._values(row.id, submission_id, planned)
        kept = ("opens_on", "due_on", "counted_from", "wanted_on", "inbox", "assignee")
        self._change(row.id, {name: v for name, v in values.items() if name not in kept})

    def redate(
        self,
        row: FollowUpRow,
        submission_id: str,
        planned: FollowUp,
        state: FollowUpState,
        escalates_on: date | None,
    ) -> None:
        """A task that is in an inbox has another date or other words; it stays in that inbox."""
        values = self._values(row.id, submission_id, planned)
        kept = {name: v for name, v in values.items() if name not in {"inbox", "assignee"}}
        self._change(row.id, kept | {"state": state.value, "escalates_on": escalates_on})

    def opening(self, today: date, limit: int = 200, offset: int = 0) -> list[FollowUpRow]:
        """Planned follow-ups whose day has come, however long ago, earliest first.

        None of a form that is being written again (1.10).
        """
        due = follow_up.c.opens_on <= today
        return self._rows(_OPENING.where(due).limit(limit).offset(offset))

    def opening_for(self, submission_id: str, today: date) -> list[FollowUpRow]:
        """Those of one submission whose day has come, earliest first."""
        mine = follow_up.c.submission_id == submission_id
        return self._rows(_OPENING.where(mine, follow_up.c.opens_on <= today))

    def open(
        self, row: FollowUpRow, inbox: Inbox, assignee: str | None, escalates_on: date | None
    ) -> bool:
        """It is on its way into this inbox; False where it was not waiting any more."""
        opened = update(follow_up).where(
            follow_up.c.id == row.id, follow_up.c.state == FollowUpState.PLANNED.value
        )
        values = {"inbox": inbox.value, "assignee": assignee, "escalates_on": escalates_on}
        return (
            self._connection.execute(
                opened.values(state=FollowUpState.OPEN.value, **values)
            ).rowcount
            == 1
        )

    def hand_over(
        self, row: FollowUpRow, inbox: Inbox, assignee: str | None, reason: str = ""
    ) -> None:
        """It is in another inbox from now on; `reason` says why, if somebody else moved it."""
        moved = {"inbox": inbox.value, "assignee": assignee, "reason": reason}
        self._change(row.id, moved)

    def leave(
        self,
        row: FollowUpRow,
        state: FollowUpState,
        reason: str = "",
        *,
        done_on: date | None = None,
        replaced_by: str | None = None,
    ) -> bool:
        """It stands no more, for this reason; False where it stood no more already."""
        standing = follow_up.c.state.in_([each.value for each in STANDING])
        values = {
            "state": state.value,
            "reason": reason,
            "done_on": done_on,
            "replaced_by": replaced_by,
        }
        return self._change(row.id, values, standing) == 1

    def miss(self, row: FollowUpRow) -> bool:
        """It is long overdue; False where it was not open."""
        still_open = follow_up.c.state == FollowUpState.OPEN.value
        return self._change(row.id, {"state": FollowUpState.MISSED.value}, still_open) == 1

    def correct(self, row: FollowUpRow, state: FollowUpState, done_on: date) -> None:
        """It was done on another day than was assumed; from now on that is known."""
        self._change(row.id, {"state": state.value, "done_on": done_on, "reason": ""})

    def look(self, row: FollowUpRow, at: datetime) -> None:
        """The host was asked about it."""
        self._change(row.id, {"looked_at": at})

    def get(self, follow_up_id: str) -> FollowUpRow | None:
        """One follow-up without its texts."""
        return self._first(follow_up.c.id == follow_up_id)

    def by_reference(self, reference: str) -> FollowUpRow | None:
        """The follow-up of this external reference."""
        return self._first(follow_up.c.reference == reference)

    def in_period(self, host: str, person_id: str, task: str, key: str) -> FollowUpRow | None:
        """The follow-up of this task and period of a person."""
        return self._first(
            follow_up.c.host == host,
            follow_up.c.person_id == person_id,
            follow_up.c.task == task,
            follow_up.c.period_key == key,
        )

    def of_person(self, host: str, person_id: str) -> list[FollowUpRow]:
        """Everything that was ever planned for a person, oldest first."""
        mine = _ALL.where(follow_up.c.host == host, follow_up.c.person_id == person_id)
        return self._rows(mine.order_by(follow_up.c.created_at, follow_up.c.id))

    def assumed_done(
        self, hosts: Collection[str], today: date, limit: int, offset: int = 0
    ) -> list[FollowUpRow]:
        """What is in an inbox of one of these hosts and was due by today, earliest first."""
        due = _ALL.where(
            follow_up.c.state.in_([each.value for each in IN_AN_INBOX]),
            follow_up.c.host.in_(hosts),
            follow_up.c.due_on <= today,
        )
        return self._rows(
            due.order_by(follow_up.c.due_on, follow_up.c.id).limit(limit).offset(offset)
        )

    def escalating(self, today: date, limit: int, offset: int = 0) -> list[FollowUpRow]:
        """What is open and so long overdue that the manager is to be told."""
        late = _ALL.where(
            follow_up.c.state == FollowUpState.OPEN.value, follow_up.c.escalates_on <= today
        )
        ordered = late.order_by(follow_up.c.escalates_on, follow_up.c.id)
        return self._rows(ordered.limit(limit).offset(offset))

    def unseen(
        self, host: str, before: datetime, limit: int, due_on: date | None = None
    ) -> list[FollowUpRow]:
        """What is in an inbox of a host that was not asked about it since `before`, longest first.

        With `due_on`, only what is due on that day.
        """
        stale = or_(follow_up.c.looked_at.is_(None), follow_up.c.looked_at < before)
        query = _ALL.where(
            follow_up.c.state.in_([each.value for each in IN_AN_INBOX]),
            follow_up.c.host == host,
            stale,
        )
        if due_on is not None:
            query = query.where(follow_up.c.due_on == due_on)
        return self._rows(query.order_by(follow_up.c.looked_at, follow_up.c.id).limit(limit))

    def about_settled_documents(self, limit: int, offset: int = 0) -> list[FollowUpRow]:
        """Requests to attach a case summary (T11) that is on the record by now, or cancelled."""
        settled = select(effect.c.id).where(
            effect.c.id == follow_up.c.period_key,
            effect.c.state.in_([EffectState.CONFIRMED.value, EffectState.CANCELLED.value]),
        )
        query = _ALL.where(
            follow_up.c.state.in_([each.value for each in STANDING]),
            follow_up.c.task == "T11",
            settled.exists(),
        )
        return self._rows(query.order_by(follow_up.c.id).limit(limit).offset(offset))

    def assigned_to(self, host: str, assignee: str) -> list[FollowUpRow]:
        """What is in somebody's inbox."""
        query = _ALL.where(
            follow_up.c.host == host,
            follow_up.c.assignee == assignee,
            follow_up.c.state.in_([each.value for each in IN_AN_INBOX]),
        )
        return self._rows(query.order_by(follow_up.c.id))

    def content(self, follow_up_id: str) -> FollowUp | None:
        """The task and its effect, for the record it is on now; None once emptied.

        Raises KeyProblem where it does not open.
        """
        found = self._connection.execute(_KEPT.where(follow_up.c.id == follow_up_id)).one_or_none()
        kept = found and open_json(self._vault, found.content, _place(follow_up_id))
        return from_json(kept, **{n: getattr(found, n) for n in IDENTITY}) if kept else None

    def listing(
        self,
        host: str | None = None,
        person_id: str | None = None,
        states: Sequence[FollowUpState] = (),
        task: str | None = None,
    ) -> list[FollowUpRow]:
        """All follow-ups, or those of a host, a person, in a state, of one task, as they open."""
        query = _ALL.order_by(follow_up.c.opens_on, follow_up.c.task, follow_up.c.id)
        wanted = {"host": host, "person_id": person_id, "task": task}
        for name, value in wanted.items():
            if value is not None:
                query = query.where(follow_up.c[name] == value)
        if states:
            query = query.where(follow_up.c.state.in_([each.value for each in states]))
        return self._rows(query)

    def remap(self, row: FollowUpRow, person_id: str, period_key: str) -> None:
        """The person's record went into another one."""
        self._change(row.id, {"person_id": person_id, "period_key": period_key})

    def purge(self, before: date) -> int:
        """Empty the texts of what ended before this day; how many there were."""
        return purge_follow_ups(self._connection, before)

    def purge_person(self, host: str, person_id: str) -> int:
        """Empty the texts of whatever of a person stands no more; how many there were."""
        return purge_person(self._connection, host, person_id)

    def _values(self, row_id: str, submission_id: str, planned: FollowUp) -> dict[str, Any]:
        task = planned.task
        return {
            "submission_id": submission_id,
            "form_type": planned.form_type,
            "form_id": planned.form_id,
            "task": task.task,
            "rule": task.rule,
            "opens_on": task.opens_on,
            "due_on": task.due_on,
            "counted_from": task.counted_from,
            "wanted_on": task.wanted_on,
            "role": task.role.value,
            "inbox": task.inbox.value,
            "assignee": task.assignee,
            "content": seal_json(self._vault, to_json(planned), _place(row_id)),
        }

    def _change(self, row_id: str, values: dict[str, Any], *also: ColumnElement[bool]) -> int:
        changed = update(follow_up).where(follow_up.c.id == row_id, *also)
        return self._connection.execute(changed.values(**values)).rowcount

    def _first(self, *which: ColumnElement[bool]) -> FollowUpRow | None:
        rows = self._rows(_ALL.where(*which))
        return rows[0] if rows else None

    def _rows(self, query: Any) -> list[FollowUpRow]:
        return [row_from(each) for each in self._connection.execute(query).mappings()]


def _place(row_id: str) -> str:
    return place("follow_up", row_id, "content")
