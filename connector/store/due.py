"""Which effects can be tried now, and whose turn it is: conditions for the ledger's queries."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from connector.model import EffectKind
from connector.store.effect_row import EffectState
from connector.store.tables import effect, host_state

CAN_BE_TAKEN = (EffectState.PLANNED.value, EffectState.UNKNOWN.value)


def ready(now: datetime) -> ColumnElement[bool]:
    """Planned or unknown, its wait over, nobody at it, and its host not known to be down."""
    down = select(host_state.c.host).where(host_state.c.not_before > now)
    return and_(
        effect.c.state.in_(CAN_BE_TAKEN),
        or_(effect.c.not_before.is_(None), effect.c.not_before <= now),
        or_(effect.c.lease_until.is_(None), effect.c.lease_until <= now),
        effect.c.host.not_in(down),
    )


def _in_turn() -> ColumnElement[bool]:
    earlier, before = effect.alias("earlier"), effect.alias("before")
    unstarted = select(earlier.c.id).where(
        earlier.c.submission_id == effect.c.submission_id,
        earlier.c.person_id == effect.c.person_id,
        earlier.c.position < effect.c.position,
        earlier.c.state == EffectState.PLANNED.value,
        earlier.c.first_sent.is_(None),
    )
    # Written in the wrong order, the older outcome would be what the record shows (R10).
    older_outcome = select(before.c.id).where(
        before.c.host == effect.c.host,
        before.c.person_id == effect.c.person_id,
        before.c.kind == EffectKind.OUTCOME.value,
        or_(
            before.c.created_at < effect.c.created_at,
            and_(
                before.c.created_at == effect.c.created_at,
                before.c.position < effect.c.position,
            ),
        ),
        before.c.state.in_((*CAN_BE_TAKEN, EffectState.INTENT.value)),
    )
    first = or_(
        effect.c.kind != EffectKind.OUTCOME.value, ~older_outcome.correlate(effect).exists()
    )
    return and_(~unstarted.correlate(effect).exists(), first)


IN_TURN = _in_turn()


def alone_with_its_person(now: datetime) -> ColumnElement[bool]:
    """Nobody has another write of the person in hand: one at a time, in order (R10)."""
    other = effect.alias("other")
    in_hand = select(other.c.id).where(
        other.c.host == effect.c.host,
        other.c.person_id == effect.c.person_id,
        other.c.id != effect.c.id,
        other.c.lease_until > now,
    )
    return ~in_hand.correlate(effect).exists()
