"""Finding follow-ups: one, those of a person, and those whose day has come. Changes nothing."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select

from connector.model import FollowUp
from connector.store.effect_row import EffectState
from connector.store.follow_up_row import (
    IDENTITY,
    IN_AN_INBOX,
    STANDING,
    FollowUpRow,
    FollowUpState,
    from_json,
    row_from,
)
from connector.store.rows import open_json, place
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
_IN_AN_INBOX = follow_up.c.state.in_([each.value for each in IN_AN_INBOX])
_OPENING = _ALL.where(follow_up.c.state == FollowUpState.PLANNED.value, ~_FROZEN).order_by(
    follow_up.c.opens_on, follow_up.c.created_at, follow_up.c.id
)


class FindsFollowUps:
    """The follow-ups within one transaction, to be read."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

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

    def assumed_done(
        self, hosts: Collection[str], today: date, limit: int, offset: int = 0
    ) -> list[FollowUpRow]:
        """What is in an inbox of one of these hosts and was due by today, earliest first."""
        due = _ALL.where(_IN_AN_INBOX, follow_up.c.host.in_(hosts), follow_up.c.due_on <= today)
        ordered = due.order_by(follow_up.c.due_on, follow_up.c.id)
        return self._rows(ordered.limit(limit).offset(offset))

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
        query = _ALL.where(follow_up.c.host == host)
        if due_on is not None:
            query = query.where(follow_up.c.due_on == due_on)
        query = query.order_by(follow_up.c.looked_at, follow_up.c.id).limit(limit)

        def found(stale: ColumnElement[bool]) -> list[FollowUpRow]:
            # In one query SQLite would go through everything that was ever planned at this host.
            wheres = [(follow_up.c.state == each.value, stale) for each in IN_AN_INBOX]
            return [row for where in wheres for row in self._rows(query.where(*where))]

        looked = follow_up.c.looked_at
        long_ago = sorted(found(looked < before), key=lambda row: (row.looked_at or before, row.id))
        return (found(looked.is_(None)) + long_ago)[:limit]

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
        mine = _ALL.where(follow_up.c.host == host, follow_up.c.assignee == assignee, _IN_AN_INBOX)
        return self._rows(mine.order_by(follow_up.c.id))

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

    def content(self, follow_up_id: str) -> FollowUp | None:
        """The task and its effect, for the record it is on now; None once emptied.

        Raises KeyProblem where it does not open.
        """
        found = self._connection.execute(_KEPT.where(follow_up.c.id == follow_up_id)).one_or_none()
        kept = found and open_json(self._vault, found.content, place_of(follow_up_id))
        return from_json(kept, **{n: getattr(found, n) for n in IDENTITY}) if kept else None

    def _first(self, *which: ColumnElement[bool]) -> FollowUpRow | None:
        rows = self._rows(_ALL.where(*which))
        return rows[0] if rows else None

    def _rows(self, query: Any) -> list[FollowUpRow]:
        return [row_from(each) for each in self._connection.execute(query).mappings()]


def place_of(follow_up_id: str) -> str:
    """The place the texts of a follow-up are sealed to."""
    return place("follow_up", follow_up_id, "content")
