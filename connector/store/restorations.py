"""Restored mode: what may have been sent after a backup is looked for before it is sent (G9).

Between the backup and the moment it was put back, a connector went on writing, and the ledger does
not know of it. What was owed then is unknown from now on. What is owed later is in doubt where the
same write, by its reference, may have been owed and sent in that time:

- on the record: where its form was completed before the moment of restoring;
- a task: where it opened by that day, or would have, had its form been read at the backup;
- for a month, every other task too: a form that came in between and is gone may have asked for it.

Taking a task back, moving it or changing its date twice is harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, insert, select, update

from connector.dates import london_date
from connector.model import EffectKind
from connector.store.effect_row import EffectState
from connector.store.tables import effect, follow_up, restoration, submission

CLOCKS_DIFFER = timedelta(hours=2)
"""How far a host's clock may be from ours: one summer-time hour, mistaken, and some minutes."""

WATCHFUL = timedelta(days=30)
"""By then whatever came in between has come again, if it ever does."""

IN_DOUBT = (
    "It may have been sent after the backup that was put back: the host is looked into first."
)
SLIGHTLY = "It is hardly there already, but a backup was put back: the host is looked into first."

_HARMLESS_TWICE = (EffectKind.CANCELLATION, EffectKind.REASSIGNMENT, EffectKind.UPDATE)
_OWED = (EffectState.PLANNED, EffectState.INTENT, EffectState.UNKNOWN)


def enter_restored_mode(connection: Connection, backup_at: datetime, restored_at: datetime) -> int:
    """Note the restoration, and doubt whatever was owed at the backup; how many writes that is."""
    values = {"restored_at": restored_at, "backup_at": backup_at}
    connection.execute(insert(restoration).values(values))
    owed = update(effect).where(effect.c.state.in_([each.value for each in _OWED]))
    nobodys = {"lease_owner": None, "lease_until": None, "fence": effect.c.fence + 1}
    sent = case(
        (effect.c.state == EffectState.INTENT.value, EffectState.UNKNOWN.value),
        else_=effect.c.state,
    )
    connection.execute(owed.values(**nobodys, state=sent, not_before=None))
    doubted = owed.where(effect.c.kind.not_in([each.value for each in _HARMLESS_TWICE]))
    afresh = {"attempts": 0, "first_sent": None}
    found = connection.execute(doubted.values(**_unknown(restored_at, IN_DOUBT), **afresh))
    return found.rowcount


class Restorations:
    """The restorations of this database within one transaction. Without any, nothing is doubted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._gap: _Gap | None = None
        self._looked = False

    def doubts(
        self, kind: EffectKind, submission_id: str, follow_up_id: str | None, now: datetime
    ) -> dict[str, Any]:
        """What a new write begins with instead of `planned`, where it may be in the host already.

        With one look behind it where that is hardly so.
        """
        gap = self._last()
        if gap is None or kind in _HARMLESS_TWICE:
            return {}
        watchful = now < gap.restored_at + WATCHFUL
        asked = self._connection.execute(_FORM.where(submission.c.id == submission_id)).one()
        fresh = _is_after(asked, gap.restored_at)
        if follow_up_id is None and kind is not EffectKind.TASK:
            done_then = asked.processed_at and asked.processed_at <= gap.backup_at
            doubt = not fresh and (watchful or not done_then)
            return _unknown(gap.restored_at, IN_DOUBT) if doubt else {}
        task = self._connection.execute(_TASK.where(follow_up.c.id == follow_up_id)).one_or_none()
        if _may_have_opened(task, gap, fresh, watchful):
            return _unknown(gap.restored_at, IN_DOUBT)
        return _unknown(gap.restored_at, SLIGHTLY) | {"misses": 1} if watchful else {}

    def _last(self) -> "_Gap | None":
        if not self._looked:
            self._gap = _gap(self._connection.execute(select(restoration)).all())
            self._looked = True
        return self._gap


@dataclass(frozen=True)
class _Gap:
    """From the backup until it was put back; restorations close to each other count as one."""

    backup_at: datetime
    restored_at: datetime


def _gap(made: Sequence[Any]) -> _Gap | None:
    if not made:
        return None
    last = max(each.restored_at for each in made)
    near = [each.backup_at for each in made if each.restored_at >= last - WATCHFUL]
    return _Gap(min(near), last)


_FORM = select(submission.c.completed_at, submission.c.received_at, submission.c.processed_at)
_TASK = select(follow_up.c.opens_on, follow_up.c.created_at)


def _is_after(form: Any, restored_at: datetime) -> bool:
    """Whether a form came about after the restoration; one without its moment only much later."""
    if form.completed_at is not None:
        return bool(form.completed_at > restored_at + CLOCKS_DIFFER)
    return bool(form.received_at > restored_at + WATCHFUL)


def _may_have_opened(task: Any, gap: _Gap, fresh: bool, watchful: bool) -> bool:
    if task is None:
        return watchful
    restored_on = london_date(gap.restored_at)
    if task.opens_on <= restored_on:
        return True
    if fresh or not watchful or task.created_at <= gap.restored_at:
        return False
    # Its form was read later than the first time, and what opens after some days is as much late.
    late = (task.created_at - gap.backup_at).days + 1
    return bool(task.opens_on - timedelta(days=late) <= restored_on)


def _unknown(restored_at: datetime, why: str) -> dict[str, Any]:
    """An effect that may have been sent until the moment of restoring."""
    return {
        "state": EffectState.UNKNOWN.value,
        "last_sent": restored_at,
        "misses": 0,
        "reason": why,
    }
