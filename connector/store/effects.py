"""The effect ledger: every write owed to the host, and what became of each try.

Every change shows the fence its owner was given when it claimed the row. A runner whose lease was
taken over meanwhile shows an old fence, changes nothing, and is told so (False).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from connector.model import Effect, EffectKind
from connector.store.due import CAN_BE_TAKEN, IN_TURN, ready
from connector.store.effect_row import SETTLED, EffectRow, EffectState, Resolution, TryKind, Turn
from connector.store.rows import insert_once, new_id, open_json, place, seal_json
from connector.store.tables import attempt, effect, follow_up, submission
from connector.vault import Vault

STOPPED_WHILE_SENDING = "The worker stopped while this was being sent."

_COLUMNS = [column for column in effect.c if column.name != "content"]
_ALL = select(*_COLUMNS)
_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}


class Effects:
    """The ledger within one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(
        self,
        submission_id: str,
        host: str,
        effect_owed: Effect,
        *,
        now: datetime,
        follow_up_id: str | None = None,
    ) -> bool:
        """Owe the host this write; False where its reference is owed or done already."""
        row_id = new_id("eff")
        where = place("effect", row_id, "content")
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
            "content": seal_json(self._vault, dict(effect_owed.content), where),
            "follow_up_id": follow_up_id,
            "created_at": now,
        }
        return insert_once(self._connection, effect, values)

    def due(self, now: datetime, limit: int = 200) -> list[EffectRow]:
        """Whatever can be tried now, oldest submission first, then in the order of writing.

        Planned effects and unknown ones to look up; none of a host that is known to be down.
        """
        found = self._connection.execute(
            _ALL.join(submission, submission.c.id == effect.c.submission_id)
            .where(ready(now))
            .order_by(
                submission.c.received_at,
                submission.c.id,
                effect.c.position,
                effect.c.created_at,  # what a replay corrects comes after what it corrects
            )
            .limit(limit)
        )
        return [_row(each) for each in found.mappings()]

    def claim(self, effect_id: str, owner: str, until: datetime, now: datetime) -> EffectRow | None:
        """Take one effect until `until` under a new fence; None where it is not to be had now.

        An effect waits until those before it on the same form and person have been started once;
        whether they succeeded does not matter (design section 5, order of writing). An outcome
        waits until every older one of the person is written or parked.
        """
        taken = self._connection.execute(
            update(effect)
            .where(effect.c.id == effect_id, ready(now), IN_TURN)
            .values(fence=effect.c.fence + 1, lease_owner=owner, lease_until=until)
        )
        return self.get(effect_id) if taken.rowcount else None

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
            values |= {"remote_id": turn.remote_id or row.remote_id, "settled_at": turn.ended_at}
        if turn.missed:
            values["misses"] = effect.c.misses + 1
        if turn.kind is TryKind.SEND and turn.state is EffectState.UNKNOWN:
            values["last_sent"] = turn.ended_at
        if not self._change(row, values):
            return False
        self._append(row.id, turn)
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
        """Settle a parked effect as a person says; False where it is not parked."""
        row = self.get(effect_id)
        if row is None or row.state is not EffectState.PARKED:
            return False
        again = resolution is Resolution.AGAIN
        state = EffectState.PLANNED if again else EffectState.CONFIRMED
        afresh = {"first_sent": None, "attempts": 0, "misses": 0} if again else {}
        row = self._fence_off(row, afresh)
        message = f"A person settled this: {resolution.value}."
        return self.record(row, Turn(TryKind.RESOLVE, state, now, now, message))

    def by_reference(self, reference: str) -> EffectRow | None:
        """The write of this external reference, without its content."""
        found = self._connection.execute(_ALL.where(effect.c.reference == reference))
        row = found.mappings().first()
        return None if row is None else _row(row)

    def documents_waiting_for_a_person(self, limit: int, offset: int = 0) -> list[EffectRow]:
        """Case summaries that wait for a person, and nobody was asked to attach them (DC-34)."""
        asked = select(follow_up.c.id).where(
            follow_up.c.task == "T11", follow_up.c.period_key == effect.c.id
        )
        parked = (
            effect.c.state == EffectState.PARKED.value,
            effect.c.kind == EffectKind.DOCUMENT.value,
        )
        query = _ALL.where(*parked, ~asked.exists()).order_by(effect.c.created_at, effect.c.id)
        found = self._connection.execute(query.limit(limit).offset(offset))
        return [_row(each) for each in found.mappings()]

    def by_remote_id(self, host: str, remote_id: str) -> EffectRow | None:
        """The task that has this id in the host."""
        found = self._connection.execute(
            _ALL.where(
                effect.c.host == host,
                effect.c.remote_id == remote_id,
                effect.c.kind == EffectKind.TASK.value,
            )
        )
        row = found.mappings().first()
        return None if row is None else _row(row)

    def unsure_of_tasks(self, host: str) -> bool:
        """Whether a task may be in the host whose id there is not known yet."""
        states = [each.value for each in (EffectState.INTENT, EffectState.UNKNOWN)]
        tasks = effect.c.host == host, effect.c.kind == EffectKind.TASK.value
        found = select(effect.c.id).where(*tasks, effect.c.state.in_(states)).limit(1)
        return self._connection.scalar(found) is not None

    def is_unsettled(self, host: str, person_id: str, step: str | None = None) -> bool:
        """Whether anything, or a write of this step, is still owed to the host for a person."""
        open_ones = select(effect.c.id).where(
            effect.c.host == host,
            effect.c.person_id == person_id,
            effect.c.state.not_in(SETTLED),
        )
        if step is not None:
            open_ones = open_ones.where(effect.c.step == step)
        return self._connection.scalar(open_ones.limit(1)) is not None

    def remap(self, host: str, person_id: str, into: str) -> None:
        """A record went into another one: what is still owed is owed to that one."""
        mine = update(effect).where(effect.c.host == host, effect.c.person_id == person_id)
        self._connection.execute(mine.values(person_id=into))

    def count_like(self, host: str, person_id: str, step: str) -> int:
        """How many writes of this step a person has had."""
        mine = effect.c.host == host, effect.c.person_id == person_id, effect.c.step == step
        found: int = self._connection.scalar(select(func.count()).where(*mine)) or 0
        return found

    def rewrite(self, row: EffectRow, content: Mapping[str, Any]) -> bool:
        """Give a write other variables before it is sent; False where it is on its way already."""
        sealed = seal_json(self._vault, dict(content), place("effect", row.id, "content"))
        unsent = effect.c.state == EffectState.PLANNED.value, effect.c.last_sent.is_(None)
        return self._change(row, {"content": sealed}, *unsent)

    def renew(self, row: EffectRow, content: Mapping[str, Any]) -> None:
        """Keep what a task says now: whatever of it is sent from now on says the same."""
        sealed = seal_json(self._vault, dict(content), place("effect", row.id, "content"))
        renewed = update(effect).where(effect.c.id == row.id)
        self._connection.execute(renewed.values(content=sealed))

    def cancel(self, row: EffectRow, reason: str, now: datetime) -> None:
        """Never send this from now on: whoever has it in hand shows an old fence."""
        cancelled = {"state": EffectState.CANCELLED.value, "settled_at": now, "reason": reason}
        self._fence_off(row, {**_FREE, **cancelled, "not_before": None})

    def get(self, effect_id: str) -> EffectRow | None:
        """One effect without its content."""
        found = self._connection.execute(_ALL.where(effect.c.id == effect_id))
        row = found.mappings().first()
        return None if row is None else _row(row)

    def of_submission(self, submission_id: str) -> list[EffectRow]:
        """What one submission owes the host, in the order of writing."""
        found = self._connection.execute(
            _ALL.where(effect.c.submission_id == submission_id).order_by(
                effect.c.position, effect.c.created_at, effect.c.id
            )
        )
        return [_row(each) for each in found.mappings()]

    def content(self, effect_id: str) -> dict[str, Any]:
        """The variables of one effect, empty once emptied; KeyProblem where it does not open."""
        sealed = self._connection.scalar(select(effect.c.content).where(effect.c.id == effect_id))
        return open_json(self._vault, sealed, place("effect", effect_id, "content")) or {}

    def attempts(self, effect_id: str) -> list[dict[str, Any]]:
        """Every try with one effect, first to last: kind, times, result, status and message."""
        found = self._connection.execute(
            select(attempt).where(attempt.c.effect_id == effect_id).order_by(attempt.c.n)
        )
        return [dict(each) for each in found.mappings()]

    def _change(self, row: EffectRow, values: dict[str, Any], *also: ColumnElement[bool]) -> bool:
        guarded = update(effect).where(effect.c.id == row.id, effect.c.fence == row.fence, *also)
        return self._connection.execute(guarded.values(**values)).rowcount == 1

    def _abandon(self, lost: ColumnElement[bool], now: datetime) -> int:
        intents = effect.c.state == EffectState.INTENT.value
        found = self._connection.execute(_ALL.where(intents, lost))
        rows = [_row(each) for each in found.mappings().all()]
        for row in rows:
            began = row.last_sent or now
            self.record(
                self._fence_off(row, {}),
                Turn(
                    TryKind.SEND,
                    EffectState.UNKNOWN,
                    began,
                    now,
                    STOPPED_WHILE_SENDING,
                    not_before=now,
                ),
            )
        return len(rows)

    def _fence_off(self, row: EffectRow, values: dict[str, Any]) -> EffectRow:
        """Make every earlier owner of the row a stale one."""
        self._change(row, {"fence": row.fence + 1, **values})
        return replace(row, fence=row.fence + 1)

    def _append(self, effect_id: str, turn: Turn) -> None:
        so_far = select(func.coalesce(func.max(attempt.c.n), 0) + 1)
        self._connection.execute(
            attempt.insert().values(
                id=new_id("try"),
                effect_id=effect_id,
                n=so_far.where(attempt.c.effect_id == effect_id).scalar_subquery(),
                kind=turn.kind.value,
                started_at=turn.started_at,
                ended_at=turn.ended_at,
                result=turn.state.value,
                http_status=turn.http_status,
                message=turn.message,
            )
        )


def _row(found: Any) -> EffectRow:
    return EffectRow(
        **{
            **found,
            "kind": EffectKind(found["kind"]),
            "state": EffectState(found["state"]),
        }
    )
