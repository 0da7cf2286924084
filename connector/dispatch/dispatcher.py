"""One step with one effect: send it, or look for what an earlier try left in the host.

No database transaction is open while the host is spoken to. The intent is committed before the
request leaves; whatever comes back is judged in `verdicts` and written down under our fence.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from connector.dispatch import advice, verdicts, waits
from connector.dispatch.gateway import HostGateway
from connector.dispatch.leases import LEASE, has_room_to_send
from connector.dispatch.preparing import (
    Prepared,
    RenderDocument,
    at_hand,
    prepare,
    state_of_its_task,
)
from connector.dispatch.task_changes import CHANGES, change_task
from connector.dispatch.verdicts import Attempt, Health
from connector.errors import Declined, KeyProblem, NotSent
from connector.store import Store, Transaction
from connector.store.effect_row import EffectRow, EffectState, TryKind, Turn

PROBE = timedelta(seconds=60)
"""While a host is down, one probe at a time, for at most this long."""

_Result = TypeVar("_Result")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Dispatcher:
    """What it takes to perform effects. `render_document` is given the effect's content.

    Any number may be at work on one shared database, each under an `owner` of its own. `now` is
    the clock of the leases: the database's where it is shared.
    """

    store: Store
    hosts: Mapping[str, HostGateway]
    render_document: RenderDocument
    now: Callable[[], datetime]
    owner: str = "worker"
    lease: timedelta = LEASE

    def perform(self, effect_id: str) -> bool:
        """Take the next step with an effect; False where it is not ours to take now.

        Every ending is in the ledger afterwards. Raises only where the database is out of order;
        the lease then brings the effect back.
        """
        row, ready = self._take(effect_id)
        if row is None:
            return False
        gateway = self.hosts.get(row.host)
        if gateway is None:
            self._park(row, advice.unknown_host(row.host))
        elif ready is not None:
            self._write(row, gateway, ready.variables)
        elif verdicts.needs_a_look(row, self.now()):
            self._look(row, gateway)
        else:
            self._make_and_write(row, gateway)
        return True

    def _take(self, effect_id: str) -> tuple[EffectRow | None, Prepared | None]:
        """Claim an effect; where all it needs is at hand, note the intent in the same commit."""
        now = self.now()
        with self.store.side_by_side() as tx:
            row = tx.effects.claim(effect_id, self.owner, now + self.lease, now)
            if row is None:
                return None, None
            if not _may_call(tx, row.host, now):
                tx.effects.release(row)
                return None, None
            if _waits_for_its_task(tx, row, now):
                return None, None
            if row.host not in self.hosts or verdicts.needs_a_look(row, now):
                return row, None
            with suppress(KeyProblem):  # told when the document is made
                ready = at_hand(tx, row)
                if ready is not None:
                    return tx.effects.intend(row, now + self.lease, now), ready
            return row, None

    def _make_and_write(self, row: EffectRow, gateway: HostGateway) -> None:
        try:
            prepared = prepare(self.store, row, self.render_document)
        except KeyProblem:
            self._park(row, advice.unreadable())
            return
        except Exception as error:  # noqa: BLE001 - whatever a renderer raises parks this one only
            _log.error("document not made", effect=row.id, host=row.host, exc_info=error)
            self._park(row, advice.not_rendered(error))
            return
        sending = self._intend(row, prepared)
        if sending is None:
            _log.warning("effect taken over", effect=row.id, host=row.host)
        else:
            self._write(sending, gateway, prepared.variables)

    def _intend(self, row: EffectRow, prepared: Prepared) -> EffectRow | None:
        now = self.now()
        with self.store.side_by_side() as tx:
            sending = tx.effects.intend(row, now + self.lease, now)
            if sending is not None and prepared.made is not None:
                tx.documents.keep(row.id, str(prepared.variables.get("name", "")), prepared.made)
            return sending

    def _write(self, row: EffectRow, gateway: HostGateway, variables: Mapping[str, Any]) -> None:
        started = self.now()
        if not has_room_to_send(row, gateway, started):
            unsent = Turn(TryKind.SEND, EffectState.PLANNED, started, started, advice.HANDED_BACK)
            self._record(row, replace(unsent, burns_nothing=True))
            return
        if row.kind in CHANGES:
            changed = change_task(gateway, row.kind, variables)
            self._settle(row, gateway, started, changed, verdicts.after_changing)
            return
        result: str | Exception
        try:
            result = gateway.write(row.kind, variables)
        except Exception as error:  # noqa: BLE001 - it may have been raised after the sending
            result = error
        self._settle(row, gateway, started, result, verdicts.after_sending)

    def _look(self, row: EffectRow, gateway: HostGateway) -> None:
        started = self.now()
        settled = verdicts.without_looking(_attempt(row, gateway, started, started, 0))
        if settled is not None:
            self._record(row, settled)
            return
        result: Sequence[str] | Exception
        try:
            prepared = prepare(self.store, row, self.render_document)
            result = tuple(gateway.find(row.kind, prepared.variables))
        except Exception as error:  # noqa: BLE001 - without an answer nothing is sent again
            result = error
        self._settle(row, gateway, started, result, verdicts.after_looking)

    def _settle(
        self,
        row: EffectRow,
        gateway: HostGateway,
        started: datetime,
        result: _Result,
        judge: Callable[[Attempt, _Result], Turn],
    ) -> None:
        ended = self.now()
        health = verdicts.health_of(result)
        with self.store.side_by_side() as tx:
            before = tx.host_states.failures(row.host)
            failures = 0 if health is Health.ANSWERED else before + (health is Health.FAILED)
            tried = _attempt(row, gateway, started, ended, failures)
            turn = judge(replace(tried, last_answer=tx.effects.last_answer(row.id)), result)
            ours = tx.effects.record(row, turn)
            if not ours and _may_have_doubled(row, result):
                tx.effects.check_soon(row.id, ended)
            _note_health(tx, row.host, health, ended)
        _report(row, turn, ours)

    def _park(self, row: EffectRow, message: str) -> None:
        now = self.now()
        self._record(row, Turn(TryKind.SEND, EffectState.PARKED, now, now, message))

    def _record(self, row: EffectRow, turn: Turn) -> None:
        with self.store.side_by_side() as tx:
            ours = tx.effects.record(row, turn)
        _report(row, turn, ours)


def _attempt(
    row: EffectRow, gateway: HostGateway, started: datetime, ended: datetime, failures: int
) -> Attempt:
    settle = timedelta(seconds=gateway.settle_seconds)
    return Attempt(row, gateway.idempotency, settle, started, ended, failures)


def _may_call(tx: Transaction, host: str, now: datetime) -> bool:
    """Whether a host may be called: always while it is up, one call at a time while it is down."""
    if tx.host_states.failures(host) < waits.DOWN_AFTER:
        return True
    return tx.host_states.may_probe(host, now + PROBE, now)


def _waits_for_its_task(tx: Transaction, row: EffectRow, now: datetime) -> bool:
    """A file waits until its task is in the host, and is not sent where that never will be."""
    task = state_of_its_task(tx, row)
    if task in (None, EffectState.CONFIRMED):
        return False
    if task is EffectState.CANCELLED:
        tx.effects.cancel(row, advice.TASK_NOT_WANTED, now)
    else:
        tx.effects.put_off(row, now + waits.BETWEEN_LOOKS)
    return True


def _may_have_doubled(row: EffectRow, result: object) -> bool:
    """Whether something may have been made in the host that another worker has made as well."""
    return row.kind not in CHANGES and not isinstance(result, NotSent | Declined)


def _note_health(tx: Transaction, host: str, health: Health, now: datetime) -> None:
    """Keep the count of failures in a row, and how long a host that is down is left alone."""
    before = tx.host_states.failures(host)
    if health is Health.ANSWERED and before:
        tx.host_states.answered(host)
        if before >= waits.DOWN_AFTER:
            _log.info("host answers again", host=host, failures=before)
    if health is Health.FAILED:
        failures = tx.host_states.failed(host)
        wait = waits.probe_after(failures)
        if wait:
            tx.host_states.leave_alone(host, now + wait)
        if failures == waits.DOWN_AFTER:
            _log.warning("host down", host=host, failures=failures)


def _report(row: EffectRow, turn: Turn, ours: bool) -> None:
    facts = {"effect": row.id, "host": row.host, "kind": row.kind.value, "state": turn.state.value}
    if not ours:
        _log.warning("effect taken over", **facts)
    elif turn.state is EffectState.PARKED:
        _log.error("effect parked", http_status=turn.http_status, **facts)
    else:
        _log.info("effect tried", attempt=turn.kind.value, http_status=turn.http_status, **facts)
