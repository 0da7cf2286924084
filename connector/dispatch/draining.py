"""Perform whatever is due until nothing is: a few persons at a time, each in order."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import structlog

from connector.dispatch.dispatcher import Dispatcher
from connector.store.effect_row import EffectRow

BATCH = 200
THREADS = 2
"""As many as a profile lets call at once where it does not say (`rate: concurrency`)."""

_log = structlog.get_logger(__name__)


def drain(dispatcher: Dispatcher, stop: Event, progress: Callable[[], None]) -> int:
    """Take step after step until nothing is due or `stop` is set; how many steps were taken.

    The effects of one person are performed one after the other, in order; different persons side
    by side. `progress` is called after each step. An effect in hand is always finished.
    """
    taken = 0
    while not stop.is_set():
        with dispatcher.store.transaction() as tx:
            due = tx.effects.due(dispatcher.now(), BATCH)
        steps = _perform_all(dispatcher, due, stop, progress)
        taken += steps
        if not steps:
            break
    return taken


def _perform_all(
    dispatcher: Dispatcher, due: Iterable[EffectRow], stop: Event, progress: Callable[[], None]
) -> int:
    persons = defaultdict[tuple[str, str], list[str]](list)
    for row in due:
        persons[row.host, row.person_id].append(row.id)

    def perform_in_order(effects: list[str]) -> int:
        return sum(_perform(dispatcher, each, progress) for each in effects if not stop.is_set())

    if len(persons) < 2:
        return sum(map(perform_in_order, persons.values()))
    with ThreadPoolExecutor(THREADS, "effects") as threads:
        return sum(threads.map(perform_in_order, persons.values()))


def _perform(dispatcher: Dispatcher, effect_id: str, progress: Callable[[], None]) -> bool:
    """One that fails in an unforeseen way keeps its lease and does not hold up the others."""
    try:
        done = dispatcher.perform(effect_id)
    except Exception as error:  # noqa: BLE001 - the next one is tried all the same
        _log.error("effect failed", effect=effect_id, exc_info=error)
        return False
    progress()
    return done
