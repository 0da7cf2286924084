"""The worker: a process with a clock. On an embedded database a lock that dies with it keeps it to
one; on a shared one any number work side by side, and one of them leads."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import structlog
from filelock import FileLock, Timeout

from connector.clock import TICKS, Clock, Duties, Tick
from connector.errors import SetupProblem

EX_TEMPFAIL = 75

# Not every system lets a signal interrupt an endless wait.
_WAKES_AFTER = 0.2

_log = structlog.get_logger(__name__)


class WorkerAlreadyRuns(SetupProblem):
    """Another worker holds the lock; this one leaves with `exit_code`."""

    exit_code = EX_TEMPFAIL


def run(duties: Duties, stop: Event, *, lock: Path, ticks: Sequence[Tick] = TICKS) -> None:
    """Work until `stop` is set, or SIGTERM or SIGINT comes; the effect in hand is finished first.

    On an embedded database, effects an earlier worker was sending when it died are unknown from
    now on: the lock proves that it is dead. On a shared one, their lease has to run out first.
    Raises WorkerAlreadyRuns where another worker is at work on the same embedded database.
    """
    with ExitStack() as ending:
        interrupted = 0
        if not duties.store.shared:
            ending.enter_context(_only_one(lock))
        ending.enter_context(_stopped_by_signals(stop))
        if not duties.store.shared:
            with duties.store.transaction() as tx:
                interrupted = tx.effects.take_over(duties.now())
        _log.info("worker started", count=interrupted, owner=duties.owner)
        _ring(Clock(duties, stop, ticks))
        _log.info("worker stopped", owner=duties.owner)


def _ring(clock: Clock) -> None:
    clock.start()
    try:
        while not clock.stop.wait(_WAKES_AFTER):
            clock.catch_up()
    finally:
        clock.finish()
        clock.duties.leads.give_up()


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(lock)
    try:
        held.acquire(blocking=False)
    except Timeout:
        raise WorkerAlreadyRuns(
            f"Another worker is already at work on this data (it holds {lock}). "
            "One is enough: stop it first if you want this one to take its place."
        ) from None
    try:
        yield
    finally:
        held.release()


@contextmanager
def _stopped_by_signals(stop: Event) -> Iterator[None]:
    """Only the main thread may take signals; elsewhere whoever made `stop` sets it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {each: signal.signal(each, ask_to_stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
