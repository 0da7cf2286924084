"""What the answer to one try means: pure judgement over what was sent and what came back.

After an ambiguous answer only these functions decide (reliability section 2): a host of class A
may be sent the same again, one of class B is looked into first, one of class C is left to a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from connector.dispatch import advice, waits
from connector.dispatch.gateway import Idempotency
from connector.dispatch.task_changes import CHANGES, TaskChange
from connector.errors import ConnectorError, Declined, HeldBack, HostError, NotSent
from connector.store.effect_row import EffectRow, EffectState, TryKind, Turn

_CONFLICT = 409
_HELD_ALREADY = (_CONFLICT, 412)


class Health(Enum):
    """What a try says about the host itself."""

    ANSWERED = "answered"
    FAILED = "failed"
    UNTOUCHED = "untouched"


@dataclass(frozen=True)
class Attempt:
    """A try that has ended. `failures`: failed calls in a row at this host, this one included.

    `last_answer`: the HTTP status the write before a look was answered with.
    """

    row: EffectRow
    idempotency: Idempotency
    settle: timedelta
    started_at: datetime
    ended_at: datetime
    failures: int = 0
    last_answer: int | None = None


def health_of(result: object) -> Health:
    """Any answer, a refusal too, shows that the host works; an error of ours shows nothing."""
    if isinstance(result, TaskChange):
        result = result.error
    if isinstance(result, Declined) or not isinstance(result, Exception):
        return Health.ANSWERED
    if isinstance(result, HostError) and result.status in _HELD_ALREADY:
        return Health.ANSWERED
    if isinstance(result, HeldBack) or not isinstance(result, HostError):
        return Health.UNTOUCHED
    return Health.FAILED


def after_sending(tried: Attempt, result: str | Exception) -> Turn:
    """A write has ended with the host's id, or with an error."""
    if isinstance(result, str):
        return _turn(tried, TryKind.SEND, EffectState.CONFIRMED, remote_id=result)
    if tried.idempotency == "A" and _status(result) in _HELD_ALREADY:
        remote_id = tried.row.remote_id or tried.row.reference
        return _turn(tried, TryKind.SEND, EffectState.CONFIRMED, result, remote_id=remote_id)
    if isinstance(result, Declined):
        return _parked(tried, advice.declined(result), result)
    if isinstance(result, ConnectorError) and not isinstance(result, HostError):
        return _parked(tried, advice.setup(result), result)
    if isinstance(result, NotSent):
        return _later(tried, result)
    return _ambiguous(tried, result)


def after_looking(tried: Attempt, result: Sequence[str] | Exception) -> Turn:
    """A look-up by reference has ended with what it found, or with an error."""
    if isinstance(result, Exception):
        return _looked_in_vain(tried, result)
    if len(result) == 1:
        return _turn(tried, TryKind.LOOK_UP, EffectState.CONFIRMED, remote_id=result[0])
    if result:
        alarm = advice.copies(tried.row.reference, len(result))
        return _turn(tried, TryKind.LOOK_UP, EffectState.PARKED, message=alarm, remote_id=result[0])
    return _absent(tried)


def after_changing(tried: Attempt, tried_so_far: TaskChange) -> Turn:
    """A task was to be taken back or moved. Done as well where it is closed, gone, or never was."""
    error, ids = tried_so_far.error, tried_so_far.ids
    if isinstance(error, Declined):
        message = advice.change_it_yourself(tried.row.kind, error, tried_so_far.reference, ids)
        return _parked(tried, message, error)
    if isinstance(error, ConnectorError) and not isinstance(error, HostError):
        return _parked(tried, advice.setup(error), error)
    if error is not None:
        return _later(tried, error)
    window_over = tried_so_far.sent_until + tried.settle
    if not ids and tried.ended_at < window_over:
        message = advice.NOTHING_TO_CHANGE_YET
        return _turn(tried, TryKind.LOOK_UP, EffectState.PLANNED, None, message, window_over)
    return _turn(tried, TryKind.SEND, EffectState.CONFIRMED, remote_id=ids[0] if ids else None)


def needs_a_look(row: EffectRow, now: datetime) -> bool:
    """Unknown, or found absent so long ago that it may have appeared since."""
    if row.state is EffectState.UNKNOWN:
        return True
    absent_since = row.not_before if row.misses else None
    return absent_since is not None and now - absent_since > waits.A_LOOK_COUNTS_FOR


def without_looking(tried: Attempt) -> Turn | None:
    """How an unknown effect is settled where a search is of no use; None where one is needed."""
    changes = tried.row.kind in CHANGES
    # With a look behind it that nobody made, it is in doubt only because a backup was put back.
    hardly_there = tried.idempotency == "C" and tried.row.misses > 0
    if changes or hardly_there or tried.idempotency == "A":
        safe = advice.CHANGING_TWICE_IS_HARMLESS if changes else advice.SENDING_AGAIN_IS_SAFE
        safe = advice.HARDLY_THERE if hardly_there else safe
        return _turn(
            tried,
            TryKind.LOOK_UP,
            EffectState.PLANNED,
            message=safe,
            not_before=tried.ended_at,
        )
    if tried.idempotency == "C":
        message = f"{tried.row.reason} {advice.ASK_A_PERSON}".strip()
        return _turn(tried, TryKind.LOOK_UP, EffectState.PARKED, message=message)
    return None


def _ambiguous(tried: Attempt, error: Exception) -> Turn:
    if tried.idempotency == "C":
        return _parked(tried, f"{advice.plain(error)} {advice.ASK_A_PERSON}", error)
    if tried.idempotency == "A":
        return _later(tried, error)
    return _turn(
        tried, TryKind.SEND, EffectState.UNKNOWN, error, advice.plain(error), tried.ended_at
    )


def _later(tried: Attempt, error: Exception) -> Turn:
    if _is_spent(tried):
        return _parked(tried, advice.gave_up(error), error)
    wait = waits.honour(_wish(error), waits.back_off(tried.row.attempts))
    due = tried.ended_at + wait
    return _turn(tried, TryKind.SEND, EffectState.PLANNED, error, advice.plain(error), due)


def _looked_in_vain(tried: Attempt, error: Exception) -> Turn:
    """No look-up, no resend: look again later, and tell a person in the end (reliability E4)."""
    will_pass = isinstance(error, HostError) and not isinstance(error, Declined)
    patience = waits.HORIZON if will_pass else waits.PATIENCE
    if tried.ended_at - _last_sent(tried) > patience:
        message = advice.unsearched(error)
        return _turn(tried, TryKind.LOOK_UP, EffectState.PARKED, error, message)
    wait = waits.honour(_wish(error), waits.back_off(max(1, tried.failures)))
    due = tried.ended_at + wait
    return _turn(tried, TryKind.LOOK_UP, EffectState.UNKNOWN, error, advice.plain(error), due)


def _absent(tried: Attempt) -> Turn:
    """Two looks, the second after the settle window, before it is sent again."""
    window_over = _last_sent(tried) + tried.settle
    if tried.row.misses == 0 or tried.ended_at < window_over:
        apart = max(
            min(tried.settle, waits.BETWEEN_LOOKS), waits.before_resending(tried.row.attempts)
        )
        look_again = max(window_over, tried.ended_at + apart)
        turn = _turn(
            tried, TryKind.LOOK_UP, EffectState.UNKNOWN, None, advice.ABSENT_ONCE, look_again
        )
    elif tried.last_answer == _CONFLICT:
        # It is not there, so the host meant that somebody changed the record: theirs stays (E10).
        turn = _turn(tried, TryKind.LOOK_UP, EffectState.PARKED, None, advice.CONFLICT)
    elif _is_spent(tried):
        message = advice.never_arrived(tried.row.attempts)
        turn = _turn(tried, TryKind.LOOK_UP, EffectState.PARKED, None, message)
    else:
        turn = _turn(
            tried, TryKind.LOOK_UP, EffectState.PLANNED, None, advice.ABSENT_TWICE, tried.ended_at
        )
    return replace(turn, missed=True)


def _is_spent(tried: Attempt) -> bool:
    row = tried.row
    return waits.is_spent(row.attempts, row.first_sent, tried.failures, tried.ended_at)


def _last_sent(tried: Attempt) -> datetime:
    return tried.row.last_sent or tried.started_at


def _parked(tried: Attempt, message: str, error: Exception) -> Turn:
    return _turn(tried, TryKind.SEND, EffectState.PARKED, error, message)


def _turn(
    tried: Attempt,
    kind: TryKind,
    state: EffectState,
    error: Exception | None = None,
    message: str = "",
    not_before: datetime | None = None,
    remote_id: str | None = None,
) -> Turn:
    confirmed = state is EffectState.CONFIRMED
    return Turn(
        kind,
        state,
        tried.started_at,
        tried.ended_at,
        message,
        http_status=_status(error),
        remote_id=remote_id,
        not_before=not_before,
        check_at=_first_check(tried, kind) if confirmed else None,
        burns_nothing=kind is TryKind.SEND and not confirmed and _is_no_fault_of_its(tried, error),
    )


def _is_no_fault_of_its(tried: Attempt, error: Exception | None) -> bool:
    """Whether it failed like every other write: the host is down, or we held it back ourselves."""
    return tried.failures >= waits.DOWN_AFTER or isinstance(error, HeldBack)


def _first_check(tried: Attempt, kind: TryKind) -> datetime | None:
    """When a confirmed write is looked up for doubles: soon where more than one request may have
    left for the host, else a day later. None where there is nothing to look for."""
    row = tried.row
    if row.kind in CHANGES or tried.idempotency == "C":
        return None
    left_once = kind is TryKind.SEND and row.first_sent == row.last_sent
    return tried.ended_at + (waits.LAST_LOOK if left_once else tried.settle)


def _status(error: Exception | None) -> int | None:
    return error.status if isinstance(error, HostError) else None


def _wish(error: Exception) -> float | None:
    return error.retry_after if isinstance(error, HostError) else None
