"""What the worker is given to do its work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from connector.casework.desk import Desk
from connector.dispatch import Dispatcher
from connector.store import Store
from connector.store.leading import ALWAYS, Leads


@dataclass(frozen=True)
class Duties:
    """What the worker is given. `tick_seconds` is the length of the shortest tick.

    `process_waiting` settles a few submissions and says how many, 0 when none is left; `retain`
    empties what has been kept long enough. `watch` is the real time, where `now` is rehearsed;
    `wall` is the clock whose leaps ring what was missed, where `now` is a database's. `leads`:
    whether this worker is the one of several that makes the rounds; `owner`: which one it is.
    """

    store: Store
    dispatcher: Dispatcher
    desk: Desk
    process_waiting: Callable[[], int]
    retain: Callable[[], object]
    now: Callable[[], datetime]
    tick_seconds: float = 1.0
    watch: Callable[[], datetime] | None = None
    wall: Callable[[], datetime] | None = None
    leads: Leads = ALWAYS
    owner: str = "worker"
