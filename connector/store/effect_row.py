"""What the ledger holds of one effect, and what one try led to. Frozen values, no database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connector.model import EffectKind


class EffectState(StrEnum):
    """Where a write owed to the host stands (reliability section 2).

    planned → intent (committed before the request) → confirmed | unknown
    unknown → (found) confirmed | (absent twice, settle window over) planned | parked
    any but confirmed → cancelled (a task no longer wanted: never sent from now on)
    confirmed → parked (found more than once later, and the copies cannot be closed)
    """

    PLANNED = "planned"
    INTENT = "intent"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    PARKED = "parked"
    CANCELLED = "cancelled"


SETTLED = (EffectState.CONFIRMED.value, EffectState.CANCELLED.value)


class TryKind(StrEnum):
    """What was tried: a write, a look-up by reference, or a person's decision."""

    SEND = "send"
    LOOK_UP = "look_up"
    RESOLVE = "resolve"


class Resolution(StrEnum):
    """How a person settles a parked effect."""

    THERE = "it is there"
    AGAIN = "send again"


@dataclass(frozen=True)
class EffectRow:
    """One effect without its content. `fence` is the number its present owner must show.

    `first_sent` starts the retry horizon. `last_sent` is the latest moment at which a request of
    ours may still have been on its way: the settle window is counted from it. `check_at`: when a
    confirmed write is looked up once more for doubles.
    """

    id: str
    submission_id: str
    host: str
    person_id: str
    kind: EffectKind
    step: str
    reference: str
    position: int
    state: EffectState
    attempts: int
    misses: int
    fence: int
    lease_owner: str | None
    lease_until: datetime | None
    not_before: datetime | None
    first_sent: datetime | None
    last_sent: datetime | None
    remote_id: str | None
    reason: str
    follow_up_id: str | None
    created_at: datetime
    settled_at: datetime | None
    check_at: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """One try with an effect and the state it led to; kept as a row of `attempt`.

    `message` is plain English without payload. `missed`: a look-up answered and found nothing.
    `not_before`: when the next try is due. `check_at`: when a confirmed write is looked up once
    more for doubles. `burns_nothing`: the host was down, so the send does not count.
    """

    kind: TryKind
    state: EffectState
    started_at: datetime
    ended_at: datetime
    message: str = ""
    http_status: int | None = None
    remote_id: str | None = None
    not_before: datetime | None = None
    missed: bool = False
    check_at: datetime | None = None
    burns_nothing: bool = False
