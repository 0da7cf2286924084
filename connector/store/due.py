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


def _none_before_it() -> ColumnElement[bool]:
    """What is written before it, of the same form and person, has been started once."""
    earlier = effect.alias("earlier")
    unstarted = select(earlier.c.id).where(
        earlier.c.submission_id == effect.c.submission_id,
        earlier.c.person_id == effect.c.person_id,
        earlier.c.position < effect.c.position,
        earlier.c.state == EffectState.PLANNED.value,
        earlier.c.first_sent.is_(None),
    )
    return ~unstarted.correlate(effect).exists()


def _no_older_outcome() -> ColumnElement[bool]:
    """Written in the wrong order, the older outcome would be what the record shows (R10)."""
    before = effect.alias("before")
    at_once = before.c.created_at == effect.c.created_at
    older_outcome = select(before.c.id).where(
        before.c.host == effect.c.host,
        before.c.person_id == effect.c.person_id,
        before.c.kind == EffectKind.OUTCOME.value,
        or_(
            before.c.created_at < effect.c.created_at,
            and_(at_once, before.c.position < effect.c.position),
        ),
        before.c.state.in_((*CAN_BE_TAKEN, EffectState.INTENT.value)),
    )
    no_outcome = effect.c.kind != EffectKind.OUTCOME.value
    return or_(no_outcome, ~older_outcome.correlate(effect).exists())


IN_TURN = and_(_none_before_it(), _no_older_outcome())


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
