"""Finding effects in the ledger: one, those of a submission or a step, and what came of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from connector.model import EffectKind
from connector.store import attempts
from connector.store.effect_row import SETTLED, EffectRow, EffectState
from connector.store.rows import open_json, place
from connector.store.tables import effect, follow_up
from connector.vault import Vault

_COLUMNS = [column for column in effect.c if column.name != "content"]
_ALL = select(*_COLUMNS)


class FindsEffects:
    """The ledger within one transaction, to be read."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def get(self, effect_id: str) -> EffectRow | None:
        """One effect without its content."""
        return self._first(effect.c.id == effect_id)

    def by_reference(self, reference: str) -> EffectRow | None:
        """The write of this external reference, without its content."""
        return self._first(effect.c.reference == reference)

    def by_remote_id(self, host: str, remote_id: str) -> EffectRow | None:
        """The task that has this id in the host."""
        a_task = effect.c.kind == EffectKind.TASK.value
        return self._first(effect.c.host == host, effect.c.remote_id == remote_id, a_task)

    def of_submission(self, submission_id: str) -> list[EffectRow]:
        """What one submission owes the host, in the order of writing."""
        mine = _ALL.where(effect.c.submission_id == submission_id)
        return self._rows(mine.order_by(effect.c.position, effect.c.created_at, effect.c.id))

    def of_step(self, host: str, person_id: str, step: str) -> list[EffectRow]:
        """Every write of this step a person has had, oldest first."""
        mine = effect.c.host == host, effect.c.person_id == person_id, effect.c.step == step
        return self._rows(_ALL.where(*mine).order_by(effect.c.created_at, effect.c.id))

    def documents_waiting_for_a_person(self, limit: int, offset: int = 0) -> list[EffectRow]:
        """Case summaries that wait for a person, and nobody was asked to attach them (DC-34)."""
        asked = select(follow_up.c.id).where(
            follow_up.c.task == "T11", follow_up.c.period_key == effect.c.id
        )
        parked = (
            effect.c.state == EffectState.PARKED.value,
            effect.c.kind == EffectKind.DOCUMENT.value,
            effect.c.remote_id.is_(None),  # else it is there, perhaps twice
        )
        query = _ALL.where(*parked, ~asked.exists()).order_by(effect.c.created_at, effect.c.id)
        return self._rows(query.limit(limit).offset(offset))

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

    def count_like(self, host: str, person_id: str, step: str) -> int:
        """How many writes of this step a person has had."""
        mine = effect.c.host == host, effect.c.person_id == person_id, effect.c.step == step
        found: int = self._connection.scalar(select(func.count()).where(*mine)) or 0
        return found

    def content(self, effect_id: str) -> dict[str, Any]:
        """The variables of one effect, empty once emptied; KeyProblem where it does not open."""
        sealed = self._connection.scalar(select(effect.c.content).where(effect.c.id == effect_id))
        return open_json(self._vault, sealed, place_of(effect_id)) or {}

    def last_answer(self, effect_id: str) -> int | None:
        """The HTTP status the last write was answered with, if it was."""
        return attempts.last_answer(self._connection, effect_id)

    def attempts(self, effect_id: str) -> list[dict[str, Any]]:
        """Every try with one effect, first to last: kind, times, result, status and message."""
        return attempts.listing(self._connection, effect_id)

    def to_check_for_doubles(self, host: str, now: datetime, limit: int) -> list[EffectRow]:
        """Confirmed writes that are to be looked up once more, the longest waiting first."""
        mine = effect.c.host == host, effect.c.state == EffectState.CONFIRMED.value
        due = _ALL.where(effect.c.check_at <= now, *mine)
        return self._rows(due.order_by(effect.c.check_at, effect.c.id).limit(limit))

    def _being_sent(self, *which: ColumnElement[bool]) -> list[EffectRow]:
        """Kept for this transaction; those another one has in hand are left to it."""
        sent = _ALL.where(effect.c.state == EffectState.INTENT.value, *which)
        return self._rows(sent.with_for_update(skip_locked=True))

    def _first(self, *which: ColumnElement[bool]) -> EffectRow | None:
        rows = self._rows(_ALL.where(*which))
        return rows[0] if rows else None

    def _rows(self, query: Any) -> list[EffectRow]:
        return [_row(each) for each in self._connection.execute(query).mappings()]


def _row(found: Any) -> EffectRow:
    kinds = {"kind": EffectKind(found["kind"]), "state": EffectState(found["state"])}
    return EffectRow(**{**found, **kinds})


def place_of(effect_id: str) -> str:
    """The place the variables of an effect are sealed to."""
    return place("effect", effect_id, "content")
