"""Follow-ups: tasks that wait for their day, each with the effect it will become."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from connector.model import FollowUp, Inbox
from connector.store.finding_follow_ups import FindsFollowUps, place_of
from connector.store.follow_up_row import STANDING, FollowUpRow, FollowUpState, to_json
from connector.store.retention import purge_follow_ups, purge_person
from connector.store.rows import id_of, insert_once, seal_json
from connector.store.tables import follow_up


class FollowUps(FindsFollowUps):
    """The follow-ups within one transaction: planned, changed, ended; and found."""

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
        row_id = id_of("fup", planned.reference)
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

    def open(
        self, row: FollowUpRow, inbox: Inbox, assignee: str | None, escalates_on: date | None
    ) -> bool:
        """It is on its way into this inbox; False where it was not waiting any more."""
        waiting = follow_up.c.state == FollowUpState.PLANNED.value
        place = {"inbox": inbox.value, "assignee": assignee}
        values = {"state": FollowUpState.OPEN.value, "escalates_on": escalates_on}
        return self._change(row.id, values | place, waiting) == 1

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
            "content": seal_json(self._vault, to_json(planned), place_of(row_id)),
        }

    def _change(self, row_id: str, values: dict[str, Any], *also: ColumnElement[bool]) -> int:
        changed = update(follow_up).where(follow_up.c.id == row_id, *also)
        return self._connection.execute(changed.values(**values)).rowcount
