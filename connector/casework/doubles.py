"""The second look: whatever was written is looked up once more, so that a double is noticed.

No lease keeps a worker that was paused, or a host that works late, from making a second copy
(reliability section 2, E3 and G3). What is found twice is closed where the host can, else a person
is told; what is gone is never sent again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from connector.casework.desk import Desk
from connector.casework.registers import Register
from connector.dispatch import advice
from connector.dispatch.preparing import to_look_up
from connector.dispatch.waits import HORIZON, LAST_LOOK
from connector.errors import Declined, HostError, KeyProblem
from connector.mapping.outbound import Operation
from connector.model import Effect, EffectKind
from connector.plan import copy_taken_back
from connector.store import Transaction
from connector.store.effect_row import EffectRow, EffectState, TryKind, Turn

DOUBLES, GONE = "doubles found", "gone from the host"
"""How many there ever were at each host; kept where the rounds are."""

MOST = 50
"""Looks at one host in one round."""

TRY_AGAIN = timedelta(hours=1)

_log = structlog.get_logger(__name__)


def look_for_doubles(
    desk: Desk, host: str, register: Register, going_on: Callable[[], bool] = lambda: True
) -> int:
    """Look up what is due for it at one host; how many were found there more than once.

    A host that is down is left alone, and asked again when it works.
    """
    found = 0
    for row in _due(desk, host):
        if not going_on():
            break
        try:
            found += _look(desk, register, row)
        except (HostError, KeyProblem) as error:
            _look_later(desk, row, error)
            if isinstance(error, HostError) and not isinstance(error, Declined):
                break
    return found


def _due(desk: Desk, host: str) -> list[EffectRow]:
    now = desk.now()
    with desk.store.side_by_side() as tx:
        if tx.host_states.is_left_alone(host, now):
            return []
        return tx.effects.to_check_for_doubles(host, now, MOST)


def _look(desk: Desk, register: Register, row: EffectRow) -> bool:
    """Whether a second copy was found that nobody knew of. Raises HostError and KeyProblem."""
    if not _can_be_found(desk, row):
        with desk.store.side_by_side() as tx:
            tx.effects.check_again(row, None)
        return False
    with desk.store.side_by_side() as tx:
        variables = to_look_up(tx, row)
    began = desk.now()
    ids = register.find(row.kind, variables)
    if len(ids) > 1:
        with desk.store.transaction() as tx:
            return _several(tx, desk, row, ids, began)
    with desk.store.side_by_side() as tx:
        _one_or_none(tx, desk, row, ids)
    return False


def _one_or_none(tx: Transaction, desk: Desk, row: EffectRow, ids: Sequence[str]) -> None:
    at = _next_look(row, desk.now())
    if tx.effects.check_again(row, at) and not ids and at is None:
        # Closed, deleted or written over: what people did in the host is not undone.
        _count(tx, row.host, GONE, desk.now())
        _log.info("host does not hold it any more", effect=row.id, host=row.host, kind=row.kind)


def _several(
    tx: Transaction, desk: Desk, row: EffectRow, ids: Sequence[str], began: datetime
) -> bool:
    """The copies the ledger does not know are closed, or the write waits for a person."""
    if row != tx.effects.get(row.id):
        return False  # changed meanwhile: it is looked up in the next round
    closings = _closings(tx, row, ids, began)
    if not closings:
        tx.effects.check_again(row, _next_look(row, desk.now()))
        return False
    if row.remote_id in ids and _can_be_closed(desk, row):
        _close(tx, desk, row, closings)
    else:
        alarm = advice.copies(row.reference, len(ids))
        turn = Turn(TryKind.LOOK_UP, EffectState.PARKED, began, desk.now(), alarm)
        tx.effects.park_confirmed(row, turn)
    _count(tx, row.host, DOUBLES, desk.now())
    _log.error("double found in the host", effect=row.id, host=row.host, count=len(ids))
    return True


def _closings(
    tx: Transaction, row: EffectRow, ids: Sequence[str], now: datetime
) -> dict[str, Effect]:
    """What closes each copy, by its number in the host; without those that are owed already."""
    copies = [each for each in ids if each != row.remote_id]
    closings = {each: _closing(tx, row, each, now) for each in copies}
    return {
        copy: owed
        for copy, owed in closings.items()
        if tx.effects.by_reference(owed.reference) is None
    }


def _close(tx: Transaction, desk: Desk, row: EffectRow, closings: Mapping[str, Effect]) -> None:
    now = desk.now()
    for owed in closings.values():
        tx.effects.add(row.submission_id, row.host, owed, now=now)
    alarm = advice.closing_copies(row.reference, tuple(closings))
    tx.effects.check_again(row, _next_look(row, now), alarm)


def _look_later(desk: Desk, row: EffectRow, error: Exception) -> None:
    now = desk.now()
    patient = row.settled_at is not None and now - row.settled_at < HORIZON
    with desk.store.side_by_side() as tx:
        tx.effects.check_again(row, now + TRY_AGAIN if patient else None)
    level = _log.warning if patient else _log.error
    level("double not looked for", effect=row.id, host=row.host, exc_info=error)


def _next_look(row: EffectRow, now: datetime) -> datetime | None:
    """The last look is a day after it was written."""
    last = (row.settled_at or now) + LAST_LOOK
    return last if now < last else None


def _closing(tx: Transaction, row: EffectRow, copy: str, now: datetime) -> Effect:
    known = {
        "task_effect": row.id,
        "remote_id": copy,
        "reason": f"A second copy of {row.reference} that was made by mistake.",
        "sent_until": now.isoformat(),
    }
    content = tx.effects.content(row.id) | known
    return copy_taken_back(row.host, row.person_id, row.step, row.reference, content, copy)


def _count(tx: Transaction, host: str, name: str, now: datetime) -> None:
    tx.persons.round_made(host, name, now, tx.persons.rounds(name).get(host, 0) + 1)


def _operation(desk: Desk, row: EffectRow) -> Operation | None:
    profile = desk.configuration.hosts.get(row.host)
    return profile.outbound.operation(row.kind) if profile else None


def _can_be_found(desk: Desk, row: EffectRow) -> bool:
    operation = _operation(desk, row)
    return operation is not None and operation.find is not None


def _can_be_closed(desk: Desk, row: EffectRow) -> bool:
    operation = _operation(desk, row)
    return row.kind is EffectKind.TASK and operation is not None and operation.cancel is not None
