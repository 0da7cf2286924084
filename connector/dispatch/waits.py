"""How long to wait: pure numbers for the back-off, a host's own wish and a host that is down.

tenacity's wait strategies are used as functions of the number of the try; nothing sleeps here.
"""

import math
from datetime import datetime, timedelta

from tenacity import RetryCallState, Retrying, wait_exponential, wait_random
from tenacity.wait import wait_base

LONGEST_WAIT = 15 * 60
"""Seconds between two tries of one effect, at most."""

HORIZON = timedelta(hours=120)
"""Unattended retries go on for five days: the longest bank-holiday weekend and a day."""

SEND_BUDGET = 20
"""Sends of one effect while its host works for others; then a person looks at it."""

PATIENCE = timedelta(hours=24)
"""How long a search that the host refuses is tried again before a person is told."""

BETWEEN_LOOKS = timedelta(seconds=30)
"""Two looks that both count are this far apart, or one settle window if that is shorter."""

A_LOOK_COUNTS_FOR = timedelta(minutes=5)
"""An older look is not enough to send again. Longer than a turn of the worker with a slow host:
else it would look and look, and never send."""

LAST_LOOK = timedelta(hours=24)
"""A request that was lost on its way may work so late: then a second copy appears."""

DOWN_AFTER = 3
"""Failures in a row after which a host counts as down and is only probed."""

_BETWEEN_TRIES = wait_exponential(multiplier=2, max=LONGEST_WAIT)
_BETWEEN_PROBES = wait_exponential(multiplier=2, max=120)
_JITTER = wait_random(0.8, 1.0)


def back_off(tries: int) -> timedelta:
    """The wait after the `tries`-th try of an effect: 2 s doubling to 15 min, up to 20 % less."""
    return timedelta(seconds=_jittered(_BETWEEN_TRIES, tries))


def before_resending(sends: int) -> timedelta:
    """The wait before the look that allows sending again; none more the first time."""
    return timedelta(0) if sends <= 1 else back_off(sends)


def probe_after(failures: int) -> timedelta | None:
    """The wait before a host is tried again after `failures` in a row; None while it is up."""
    if failures < DOWN_AFTER:
        return None
    return timedelta(seconds=_jittered(_BETWEEN_PROBES, failures - DOWN_AFTER + 1))


def honour(retry_after: float | None, base: timedelta) -> timedelta:
    """The host's Retry-After, kept between `base` and twice `base` (reliability E7)."""
    if retry_after is None or not math.isfinite(retry_after):
        return base
    wish = min(max(retry_after, base.total_seconds()), 2 * base.total_seconds())
    return timedelta(seconds=wish)


def is_spent(attempts: int, first_sent: datetime | None, failures: int, now: datetime) -> bool:
    """Whether a person has to look now. Time in which the host is down burns no sends."""
    if first_sent is not None and now - first_sent > HORIZON:
        return True
    return attempts >= SEND_BUDGET and failures < DOWN_AFTER


def _jittered(strategy: wait_base, tries: int) -> float:
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = max(1, tries)
    return strategy(state) * _JITTER(state)
