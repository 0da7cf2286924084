"""The clock itself: it rings each tick in its time, and knows when each last showed that it works.

One that fails is logged and tried again at its next ring; the others go on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from connector.clock.duties import Duties

FREQUENT = 60
"""Ticks that ring more often than this, in seconds, have to work for the heartbeat to go on."""

LEAP = timedelta(minutes=1)
"""A tick later than this did not ring late: the time leapt."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Tick:
    """One duty. `seconds` between two rings, None for the shortest tick; `wakes`: what follows."""

    name: str
    seconds: float | None
    run: Callable[["Clock"], int]
    wakes: str = ""


class Clock:
    """Rings its ticks until it is stopped. `stop` ends long turns after the effect in hand."""

    def __init__(self, duties: Duties, stop: Event, ticks: Sequence[Tick] = ()) -> None:
        self.duties = duties
        self.stop = stop
        self.ticks = ticks
        self._good_turns: dict[str, datetime] = {}
        self._failing: dict[str, datetime] = {}
        self._rung: dict[str, datetime] = {}
        self._turns = ThreadPoolExecutor(max(1, len(ticks)))
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": self._turns},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Ring every tick now, then each in its own time."""
        # A tick that is still at work when it should ring again is no cause for a warning.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        started = self._watch()
        for tick in self.ticks:
            self._good_turns[tick.name] = started
            self._scheduler.add_job(
                self.ring,
                "interval",
                [tick],
                id=tick.name,
                seconds=tick.seconds or self.duties.tick_seconds,
                next_run_time=datetime.now(UTC),
            )
        self._scheduler.start()

    def ring(self, tick: Tick) -> None:
        """One turn of a tick; an error in it is logged by its class and place."""
        self._rung[tick.name] = self._wall()
        try:
            done = tick.run(self)
        except Exception as error:  # noqa: BLE001 - the other ticks, and the next turn, go on
            _log.error("tick failed", tick=tick.name, exc_info=error)
            self._failed(tick)
            return
        self.progress(tick.name)
        if done and tick.wakes:
            self.wake(tick.wakes)

    def progress(self, name: str) -> None:
        """A tick is alive: it ended well, or got something done within a long turn."""
        self._good_turns[name] = self._watch()
        self._failing.pop(name, None)

    def _failed(self, tick: Tick) -> None:
        """One that rings seldom is tried again within the minute, and shown as failing until then.

        Else a database that was locked for a moment would put the nightly retention off by a day.
        """
        self._failing.setdefault(tick.name, self._watch())
        if (tick.seconds or 0) > FREQUENT:
            self.wake(tick.name, timedelta(seconds=FREQUENT))

    def _watch(self) -> datetime:
        return (self.duties.watch or self.duties.now)()

    def _wall(self) -> datetime:
        return (self.duties.wall or self.duties.now)()

    def last_good_turn(self) -> tuple[datetime, str]:
        """When the worst of the ticks last showed that it works, and which one that is.

        A frequent one has to have good turns; one that rings seldom only must not fail.
        """
        frequent = [tick.name for tick in self.ticks if (tick.seconds or 0) < FREQUENT]
        signs = {name: self._good_turns[name] for name in frequent}
        for name, since in tuple(self._failing.items()):
            signs[name] = min(since, signs.get(name, since))
        worst = min(signs, key=lambda name: signs[name])
        return signs[worst], worst

    def wake(self, name: str, after: timedelta = timedelta()) -> None:
        """Ring this tick at once, or after so long: work is known to be there."""
        try:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC) + after)
        except JobLookupError:
            _log.debug("clock stopped", tick=name)

    def catch_up(self) -> None:
        """Ring what is overdue because time leapt: a machine that slept, a rehearsal's next day."""
        now = self._wall()
        for tick in self.ticks:
            rung = self._rung.get(tick.name)
            if rung and now - rung > timedelta(seconds=tick.seconds or 0) + LEAP:
                self.wake(tick.name)

    def finish(self) -> None:
        """Ring no more, and wait until the turns under way have ended."""
        self.stop.set()
        self._scheduler.pause()
        # The scheduler would wait with its locks held, which a turn that wakes another needs.
        self._turns.shutdown(wait=True)
        self._scheduler.shutdown(wait=False)
