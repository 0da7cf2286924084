"""The effect ledger: every write owed to the host, and what became of each try.

Every change shows the fence its owner was given when it claimed the row. A runner whose lease was
taken over meanwhile shows an old fence, changes nothing, and is told so (False). Casework, which
decides from what it read, is undone as a whole instead (ChangedMeanwhile) and tried again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, select, text, update

from connector.errors import ChangedMeanwhile
from connector.model import Effect
from connector.store import attempts
from connector.store.due import CAN_BE_TAKEN, IN_TURN, alone_with_its_person, ready
from connector.store.effect_row import EffectRow, EffectState, Resolution, TryKind, Turn
from connector.store.finding_effects import FindsEffects, place_of
from connector.store.restorations import Restorations
from connector.store.rows import id_of, insert_once, seal_json
from connector.store.tables import effect
from connector.vault import Vault

STOPPED_WHILE_SENDING = "The worker stopped while this was being sent."

_log = structlog.get_logger(__name__)

_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}

# One at a time looks whether a person is free; whoever comes second goes on to somebody else.
_LOOKS_AT_A_PERSON = text("SELECT pg_try_advisory_xact_lock(hashtext(:host), hashtext(:person))")


class Effects(FindsEffects):
    """The ledger within one transaction: owed, tried, settled; and found."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        super().__init__(connection, vault)
        self._restorations = Restorations(connection)

    def add(
        self,
        submission_id: str,
        host: str,
        effect_owed: Effect,
        *,
        now: datetime,
        follow_up_id: str | None = None,
    ) -> bool:
        """Owe the host this write; False where its reference is owed or done already.

        What may have been sent after a backup that was put back is unknown, and not planned.
        """
        row_id = id_of("eff", effect_owed.reference)
        values = {
            "id": row_id,
            "submission_id": submission_id,
            "host": host,
            "person_id": effect_owed.person_id,
            "kind": effect_owed.kind.value,
            "step": effect_owed.step,
            "reference": effect_owed.reference,
            "position": effect_owed.position,
            "state": EffectState.PLANNED.value,
            "content": self._sealed(row_id, effect_owed.content),
            "follow_up_id": follow_up_id,
            "created_at": now,
        }
        values |= self._restorations.doubts(effect_owed.kind, submission_id, follow_up_id, now)
        return insert_once(self._connection, effect, values)

    def claim(self, effect_id: str, owner: str, until: datetime, now: datetime) -> EffectRow | None:
        """Take one effect until `until` under a new fence; None where it is not to be had now.

        An effect waits until those before it on the same form and person have been started once;
        whether they succeeded does not matter (design section 5, order of writing). An outcome
        waits until every older one of the person is written or parked. Of one person, one write at
        a time is in anybody's hands. Nobody waits here for another worker.
        """
        if not self._first_at_its_person(effect_id):
            return None
        wanted = effect.c.id == effect_id, ready(now), IN_TURN, alone_with_its_person(now)
        free = select(effect.c.id).where(*wanted).with_for_update(skip_locked=True)
        if self._connection.scalar(free) is None:
            return None
        self._connection.execute(
            update(effect)
            .where(effect.c.id == effect_id)
            .values(fence=effect.c.fence + 1, lease_owner=owner, lease_until=until)
        )
        return self.get(effect_id)

    def release(self, row: EffectRow) -> None:
        """Give back an effect that was claimed, as if nobody had."""
        self._change(row, dict(_FREE))

    def put_off(self, row: EffectRow, until: datetime) -> None:
        """Give back an effect whose time has not come, without a try."""
        self._change(row, {**_FREE, "not_before": until})

    def intend(self, row: EffectRow, until: datetime, now: datetime) -> EffectRow | None:
        """Note that the request is about to leave; commit before sending. None: do not send.

        The lease begins anew here, so that all of it is left for the request.
        """
        changes: dict[str, Any] = {
            "attempts": row.attempts + 1,
            "misses": 0,
            "first_sent": row.first_sent or now,
            "last_sent": now,
            "lease_until": until,
        }
        planned = effect.c.state == EffectState.PLANNED.value
        if not self._change(row, changes | {"state": EffectState.INTENT.value}, planned):
            return None
        return replace(row, state=EffectState.INTENT, **changes)

    def record(self, row: EffectRow, turn: Turn) -> bool:
        """Write down what a try led to and give the effect back; False for a stale runner."""
        values: dict[str, Any] = {
            **_FREE,
            "state": turn.state.value,
            "not_before": turn.not_before,
            "reason": "" if turn.state is EffectState.CONFIRMED else turn.message,
        }
        if turn.state is EffectState.CONFIRMED:
            values |= {"settled_at": turn.ended_at, "check_at": turn.check_at}
        if turn.remote_id:
            values["remote_id"] = turn.remote_id
        if turn.missed:
            values["misses"] = effect.c.misses + 1
        if turn.kind is TryKind.SEND and turn.state is EffectState.UNKNOWN:
            values["last_sent"] = turn.ended_at
        if turn.burns_nothing:
            values["attempts"] = max(0, row.attempts - 1)
        if not self._change(row, values):
            return False
        attempts.append(self._connection, row.id, turn)
        return True

    def expire(self, now: datetime) -> int:
        """Whoever held a lease that has run out is gone: what it was sending is unknown."""
        return self._abandon(effect.c.lease_until <= now, now)

    def take_over(self, now: datetime) -> int:
        """Take every effect from its owner, who is known to be dead (the worker lock is ours)."""
        interrupted = self._abandon(effect.c.state == EffectState.INTENT.value, now)
        self._connection.execute(
            update(effect)
            .where(effect.c.lease_owner.is_not(None), effect.c.state.in_(CAN_BE_TAKEN))
            .values(fence=effect.c.fence + 1, **_FREE)
        )
        return interrupted

    def resolve(self, effect_id: str, resolution: Resolution, now: datetime) -> bool:
        """Settle a parked effect as a person says; False where it is not parked.

        What was seen in the host is looked for once more before it is sent again: never a third.
        Raises ChangedMeanwhile.
        """
        row = self.get(effect_id)
        if row is None or row.state is not EffectState.PARKED:
            return False
        state, afresh = EffectState.CONFIRMED, dict[str, Any]()
        if resolution is Resolution.AGAIN:
            state = EffectState.UNKNOWN if row.remote_id else EffectState.PLANNED
            afresh = {"first_sent": None, "attempts": 0, "misses": 0}
        row = self._fence_off(row, afresh)
        message = f"A person settled this: {resolution.value}."
        return self.record(row, Turn(TryKind.RESOLVE, state, now, now, message))

    def remap(self, host: str, person_id: str, into: str) -> None:
        """A record went into another one: what is still owed is owed to that one."""
        mine = update(effect).where(effect.c.host == host, effect.c.person_id == person_id)
        self._connection.execute(mine.values(person_id=into))

    def rewrite(self, row: EffectRow, content: Mapping[str, Any]) -> bool:
        """Give a write other variables before it is sent; False where it is on its way already."""
        unsent = effect.c.state == EffectState.PLANNED.value, effect.c.last_sent.is_(None)
        return self._change(row, {"content": self._sealed(row.id, content)}, *unsent)

    def renew(self, row: EffectRow, content: Mapping[str, Any]) -> None:
        """Keep what a task says now: whatever of it is sent from now on says the same."""
        renewed = update(effect).where(effect.c.id == row.id)
        self._connection.execute(renewed.values(content=self._sealed(row.id, content)))

    def cancel(self, row: EffectRow, reason: str, now: datetime) -> None:
        """Never send this from now on: whoever has it in hand shows an old fence.

        Raises ChangedMeanwhile.
        """
        cancelled = {"state": EffectState.CANCELLED.value, "settled_at": now, "reason": reason}
        self._fence_off(row, {**_FREE, **cancelled, "not_before": None})

    def park_confirmed(self, row: EffectRow, turn: Turn) -> None:
        """A write that counted as done needs a person after all. Raises ChangedMeanwhile."""
        self.record(self._fence_off(row, {"check_at": None}), turn)

    def check_again(self, row: EffectRow, at: datetime | None, reason: str = "") -> bool:
        """When a confirmed write is looked up for doubles next, and what there is to say of it.

        False where it was changed meanwhile: then it is looked up as it is due.
        """
        as_it_was = effect.c.check_at == row.check_at
        return self._change(row, {"check_at": at, "reason": reason or row.reason}, as_it_was)

    def check_soon(self, effect_id: str, now: datetime) -> None:
        """A request went out late that others may have sent again meanwhile: look for doubles."""
        confirmed = effect.c.id == effect_id, effect.c.state == EffectState.CONFIRMED.value
        self._connection.execute(update(effect).where(*confirmed).values(check_at=now))

    def _sealed(self, effect_id: str, content: Mapping[str, Any]) -> bytes:
        return seal_json(self._vault, dict(content), place_of(effect_id))

    def _change(self, row: EffectRow, values: dict[str, Any], *also: ColumnElement[bool]) -> bool:
        guarded = update(effect).where(effect.c.id == row.id, effect.c.fence == row.fence, *also)
        return self._connection.execute(guarded.values(**values)).rowcount == 1

    def _abandon(self, lost: ColumnElement[bool], now: datetime) -> int:
        rows = self._being_sent(lost)
        unknown = Turn(TryKind.SEND, EffectState.UNKNOWN, now, now, STOPPED_WHILE_SENDING)
        for row in rows:
            turn = replace(unknown, started_at=row.last_sent or now, not_before=now)
            self.record(self._fence_off(row, {}), turn)
            _log.warning("write interrupted", effect=row.id, host=row.host, owner=row.lease_owner)
        return len(rows)

    def _fence_off(self, row: EffectRow, values: dict[str, Any]) -> EffectRow:
        """Make every earlier owner of the row a stale one.

        Raises ChangedMeanwhile where the row is not what it was when it was read.
        """
        if not self._change(row, {"fence": row.fence + 1, **values}):
            raise ChangedMeanwhile("A write was taken up meanwhile; this is tried again.")
        return replace(row, fence=row.fence + 1)

    def _first_at_its_person(self, effect_id: str) -> bool:
        """Whether no other transaction is looking for work of the same person just now."""
        if self._connection.dialect.name != "postgresql":
            return True
        row = self.get(effect_id)
        if row is None:
            return False
        who = {"host": row.host, "person": row.person_id}
        return bool(self._connection.scalar(_LOOKS_AT_A_PERSON, who))
