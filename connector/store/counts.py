"""How many of everything there are: numbers only, for whoever watches over the connector.

What is settled is counted along an index; only what is not, and the calls of the last minutes, is
looked at row by row, so that counting stays cheap as the years go by.
"""

from collections import Counter, defaultdict
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, case, func, select

from connector.store.due import IN_TURN, ready
from connector.store.effect_row import SETTLED, EffectState, TryKind
from connector.store.follow_up_row import IN_AN_INBOX
from connector.store.tables import (
    attempt,
    effect,
    follow_up,
    host_state,
    quarantine,
    restoration,
    submission,
)

MOST_CALLS = 2000
"""Calls whose length is looked at: the latest ones, so that a busy day costs no more."""

By = dict[tuple[str, ...], int]
"""How many, by the names of what was counted."""

_IN_AN_INBOX = [each.value for each in IN_AN_INBOX]
_UNSETTLED = [each.value for each in EffectState if each.value not in SETTLED]
_IS_PARKED = case((effect.c.state == EffectState.PARKED.value, 1), else_=0)
_SENT = [EffectState.INTENT.value, EffectState.UNKNOWN.value]
_CALLS = [TryKind.SEND.value, TryKind.LOOK_UP.value]


class Counts:
    """The counts within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def submissions(self) -> By:
        """Deliveries by host and by what people see of them."""
        counted = Counter(self._grouped(submission.c.host, submission.c.state))
        for (host, standing), number in self._not_done().items():
            counted[host, standing] += number
            counted[host, "processed"] -= number
        shown = {"processed": "done"}
        return {(host, shown.get(state, state)): n for (host, state), n in counted.items() if n}

    def quarantined(self) -> By:
        """Bodies that came under a delivery id we hold another body for, by host."""
        return self._grouped(quarantine.c.host)

    def effects(self) -> By:
        """Writes by host, kind and state."""
        return self._grouped(effect.c.host, effect.c.kind, effect.c.state)

    def oldest_effects(self) -> dict[tuple[str, ...], datetime]:
        """Since when the oldest write is owed that is not settled, by host and state.

        Of one that is under way or unknown: since when it was last sent.
        """
        columns = (effect.c.host, effect.c.state)
        last_sent = case((effect.c.state.in_(_SENT), effect.c.last_sent))
        since = func.min(func.coalesce(last_sent, effect.c.created_at))
        rows = select(*columns, since).where(effect.c.state.in_(_UNSETTLED))
        found = self._connection.execute(rows.group_by(*columns))
        return {(row[0], row[1]): row[2] for row in found}

    def due_since(self, now: datetime) -> datetime | None:
        """Since when the write has been due that has been due for longest; None where none is."""
        since = func.min(func.coalesce(effect.c.not_before, effect.c.created_at))
        # A host that is down is probed now and then; what waits for it is not forgotten.
        down = select(host_state.c.host).where(host_state.c.not_before.is_not(None))
        free = ready(now), IN_TURN, effect.c.host.not_in(down)
        found: datetime | None = self._connection.scalar(select(since).where(*free))
        return found

    def follow_ups(self) -> By:
        """Follow-ups by state."""
        return self._grouped(follow_up.c.state)

    def due_today(self, today: date) -> int:
        """Tasks in an inbox that are to be done by today."""
        return self._in_an_inbox(follow_up.c.due_on == today)

    def overdue(self, today: date) -> int:
        """Tasks in an inbox whose due date has passed."""
        return self._in_an_inbox(follow_up.c.due_on < today)

    def oldest_waiting(self) -> datetime | None:
        """When the oldest delivery came that is still to be worked on."""
        waiting = submission.c.state == "received"
        oldest = select(submission.c.received_at).where(waiting)
        found: datetime | None = self._connection.scalar(
            oldest.order_by(submission.c.received_at).limit(1)
        )
        return found

    def failures_in_a_row(self) -> dict[str, int]:
        """How many calls in a row failed, by host; a host that answers is not named."""
        rows = self._connection.execute(select(host_state.c.host, host_state.c.failures))
        return {row.host: row.failures for row in rows}

    def calls(self, since: datetime) -> By:
        """Writes and look-ups that ended since then, by host, kind and what they led to."""
        columns = (effect.c.host, attempt.c.kind, attempt.c.result)
        rows = select(*columns, func.count()).join_from(attempt, effect)
        recent = rows.where(attempt.c.ended_at >= since, attempt.c.kind.in_(_CALLS))
        found = self._connection.execute(recent.group_by(*columns))
        return {tuple(row[:3]): row[3] for row in found}

    def call_seconds(self, since: datetime) -> dict[str, list[float]]:
        """How long the latest writes that the host confirmed took, by host, shortest first."""
        rows = (
            select(effect.c.host, attempt.c.started_at, attempt.c.ended_at)
            .join_from(attempt, effect)
            .where(attempt.c.ended_at >= since, attempt.c.kind == TryKind.SEND.value)
            .where(attempt.c.started_at.is_not(None))
            .where(attempt.c.result == EffectState.CONFIRMED.value)
            .order_by(attempt.c.ended_at.desc())
        )
        found = defaultdict[str, list[float]](list)
        for host, started, ended in self._connection.execute(rows.limit(MOST_CALLS)):
            found[host].append((ended - started).total_seconds())
        return {host: sorted(lengths) for host, lengths in found.items()}

    def restored_at(self) -> datetime | None:
        """When a backup was last put back; None where none ever was."""
        latest = select(func.max(restoration.c.restored_at))
        found: datetime | None = self._connection.scalar(latest)
        return found

    def _not_done(self) -> By:
        """Processed deliveries of which something is owed: parked or working, by host."""
        owed = (
            select(effect.c.submission_id, func.max(_IS_PARKED).label("parked"))
            .where(effect.c.state.in_(_UNSETTLED))
            .group_by(effect.c.submission_id)
            .subquery()
        )
        columns = (submission.c.host, submission.c.state, owed.c.parked)
        # An outer join, so that the few writes are gone through and not all the deliveries.
        rows = select(*columns, func.count()).join_from(owed, submission, isouter=True)
        found = self._connection.execute(rows.group_by(*columns))
        return {
            (host, "parked" if parked else "working"): number
            for host, state, parked, number in found
            if state == "processed"
        }

    def _in_an_inbox(self, when: ColumnElement[bool]) -> int:
        there = select(func.count()).select_from(follow_up)
        found = self._connection.scalar(there.where(follow_up.c.state.in_(_IN_AN_INBOX), when))
        return found or 0

    def _grouped(self, *columns: ColumnElement[str]) -> By:
        rows = self._connection.execute(select(*columns, func.count()).group_by(*columns))
        return {tuple(names): int(number) for *names, number in rows}
