"""Perform whatever is due until nothing is: hosts side by side, a few persons of each at a time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import structlog

from connector.dispatch.dispatcher import Dispatcher
from connector.dispatch.host_by_host import host_by_host

BATCH = 200
THREADS = 2
"""As many as a profile lets call at once where it does not say (`rate: concurrency`)."""

_log = structlog.get_logger(__name__)


def drain(dispatcher: Dispatcher, stop: Event, progress: Callable[[], None]) -> int:
    """Take step after step until nothing is due or `stop` is set; how many steps were taken.

    The effects of one person are performed one after the other, in order; different persons, and
    different hosts, side by side. `progress` is called after each step. An effect in hand is
    always finished.
    """

    def hosts() -> Sequence[str]:
        now = dispatcher.now()
        with dispatcher.store.side_by_side() as tx:
            return tx.work_due.hosts(now)

    return host_by_host(hosts, lambda host: _drain_host(dispatcher, host, stop, progress), stop)


def perform_in_order(
    dispatcher: Dispatcher, effects: Sequence[str], stop: Event, progress: Callable[[], None]
) -> int:
    """Take a step with each effect of one person; how many were taken before `stop` was set."""
    return sum(_perform(dispatcher, each, progress) for each in effects if not stop.is_set())


def _drain_host(
    dispatcher: Dispatcher, host: str, stop: Event, progress: Callable[[], None]
) -> int:
    taken, steps = 0, 1
    while steps and not stop.is_set():
        now = dispatcher.now()
        with dispatcher.store.side_by_side() as tx:
            persons = tx.work_due.writes(host, now, BATCH)
        steps = _perform_all(dispatcher, persons, stop, progress)
        taken += steps
    return taken


def _perform_all(
    dispatcher: Dispatcher,
    persons: Sequence[Sequence[str]],
    stop: Event,
    progress: Callable[[], None],
) -> int:
    def perform(effects: Sequence[str]) -> int:
        return perform_in_order(dispatcher, effects, stop, progress)

    if len(persons) < 2:
        return sum(map(perform, persons))
    with ThreadPoolExecutor(THREADS, "effects") as threads:
        return sum(threads.map(perform, persons))


def _perform(dispatcher: Dispatcher, effect_id: str, progress: Callable[[], None]) -> bool:
    """One that fails in an unforeseen way keeps its lease and does not hold up the others."""
    try:
        done = dispatcher.perform(effect_id)
    except Exception as error:  # noqa: BLE001 - the next one is tried all the same
        _log.error("effect failed", effect=effect_id, exc_info=error)
        return False
    progress()
    return done
