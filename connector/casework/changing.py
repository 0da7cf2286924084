"""Applying what a form changed: tasks are planned, moved, or taken back in the host."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from connector.comparing import Change, Comparison, compare
from connector.dates import london_date
from connector.model import Task
from connector.plan import base_key, cancellation
from connector.policy.stops import ASKED_ANEW, NO_LONGER_NEEDED
from connector.store import Transaction
from connector.store.effect_row import EffectState
from connector.store.follow_up_row import STANDING, FollowUpRow, FollowUpState

NO_LONGER_LATE = "The task that was late is done."


@dataclass(frozen=True)
class Cause:
    """What makes changes: a delivery, the form in it if there is one, and when."""

    submission_id: str
    host: str
    now: datetime
    form_id: str | None = None
    done_on: date | None = None


def texts_of(tx: Transaction, rows: Sequence[FollowUpRow], form_id: str) -> dict[str, Task]:
    """The tasks of a form whose words matter, by row: lists, and actions. Raises KeyProblem."""
    read = {
        row.id: tx.follow_ups.content(row.id)
        for row in rows
        if row.stands and row.form_id == form_id and row.task in ASKED_ANEW | {"T20"}
    }
    return {row_id: kept.task for row_id, kept in read.items() if kept}


def apply(
    tx: Transaction, cause: Cause, rows: Sequence[FollowUpRow], case: Comparison
) -> tuple[Change, ...]:
    """Make the changes a form asks for; what they were.

    What goes on in an inbox, with another date or for another role, is left to `moving`, which
    knows what the host can do.
    """
    changes = compare(case)
    by_id = {row.id: row for row in rows}
    for change in changes:
        row = by_id.get(change.row or "")
        if row is None:
            _plan(tx, cause, change)
        else:
            _change(tx, cause, change, row)
    return changes


def _plan(tx: Transaction, cause: Cause, change: Change) -> None:
    if change.follow_up is not None:
        by = change.replaced_by if change.way == "passed over" else None
        tx.follow_ups.plan(
            cause.submission_id, cause.host, change.follow_up, cause.now, replaced_by=by
        )


def _change(tx: Transaction, cause: Cause, change: Change, row: FollowUpRow) -> None:
    planned = row.is_planned
    if planned and change.follow_up is not None and change.way in {"kept", "moved"}:
        tx.follow_ups.renew(row, cause.submission_id, change.follow_up)
    elif change.way == "done":
        finish_row(tx, cause, row, cause.done_on or row.due_on, change.reason)
    elif change.way == "cancelled":
        _leave(tx, cause, change, row)


def _leave(tx: Transaction, cause: Cause, change: Change, row: FollowUpRow) -> None:
    if change.replaced_by:
        state, by = FollowUpState.SUPERSEDED, change.replaced_by
    else:
        state, by = FollowUpState.CANCELLED, None
    end(tx, cause, row, state, change.reason or NO_LONGER_NEEDED, replaced_by=by)


def end(
    tx: Transaction,
    cause: Cause,
    row: FollowUpRow,
    state: FollowUpState,
    reason: str,
    *,
    done_on: date | None = None,
    replaced_by: str | None = None,
) -> bool:
    """A task stands no more and is taken back in the host; False where it stood no more already."""
    if not closed_there(tx, cause, row, state, reason, done_on=done_on, replaced_by=replaced_by):
        return False
    take_back(tx, cause, row, reason)
    return True


def closed_there(
    tx: Transaction,
    cause: Cause,
    row: FollowUpRow,
    state: FollowUpState,
    reason: str,
    *,
    done_on: date | None = None,
    replaced_by: str | None = None,
) -> bool:
    """A task stands no more, as its host knows; with it goes the notice that it is overdue.

    False where it stood no more already.
    """
    left = tx.follow_ups.leave(row, state, reason, done_on=done_on, replaced_by=replaced_by)
    if left:
        told = reason or NO_LONGER_LATE
        end_notice(tx, cause, row, FollowUpState.DONE, told, london_date(cause.now))
    return left


def end_notice(
    tx: Transaction,
    cause: Cause,
    row: FollowUpRow,
    state: FollowUpState,
    reason: str,
    done_on: date | None = None,
) -> None:
    """The manager need not hear any more that a task is overdue."""
    for notice in tx.follow_ups.listing(row.host, row.person_id, STANDING, "T12"):
        if base_key(notice.period_key) == row.id:
            end(tx, cause, notice, state, reason, done_on=done_on)


def finish_row(tx: Transaction, cause: Cause, row: FollowUpRow, done_on: date, reason: str) -> bool:
    """A task was done, as a form shows; it is taken out of the inbox too."""
    state = done_state(row, done_on)
    return end(tx, cause, row, state, reason, done_on=done_on)


def done_state(row: FollowUpRow, done_on: date) -> FollowUpState:
    """Done, or done late."""
    return FollowUpState.DONE if done_on <= row.due_on else FollowUpState.DONE_LATE


def take_back(tx: Transaction, cause: Cause, row: FollowUpRow, reason: str) -> None:
    """What was never sent never will be; what is or may be in the host is cancelled there."""
    effect = tx.effects.by_reference(row.reference)
    if effect is None or effect.state is EffectState.CANCELLED:
        return
    if effect.last_sent is not None or effect.state is EffectState.CONFIRMED:
        on_its_way = effect.lease_until if effect.state is EffectState.INTENT else None
        known = {
            "task_effect": effect.id,
            "remote_id": effect.remote_id,
            "reason": reason,
            "sent_until": max(cause.now, on_its_way or cause.now).isoformat(),
        }
        content = tx.effects.content(effect.id) | known
        owed = cancellation(row.host, row.person_id, effect.step, effect.reference, content)
        tx.effects.add(cause.submission_id, row.host, owed, now=cause.now)
    if effect.state is not EffectState.CONFIRMED:
        tx.effects.cancel(effect, reason, cause.now)
