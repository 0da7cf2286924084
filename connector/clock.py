"""The clock of the worker: what is done how often, all of it in `TICKS`.

APScheduler only rings; what is due stands in our tables. Every tick may run at any time, any
number of times. One that fails is logged and tried again at its next ring; the others go on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from connector.casework.daily import ROUNDS, Daily
from connector.casework.desk import Desk
from connector.casework.forgetting import forget_the_ended
from connector.casework.visiting import visit_hosts
from connector.dispatch import Dispatcher, drain
from connector.errors import ChangedMeanwhile, OutOfOrder
from connector.store import Store
from connector.store.database import ALWAYS, Leads
from connector.store.heartbeats import LEADER, WORKER

FREQUENT = 60
"""Ticks that ring more often than this, in seconds, have to work for the heartbeat to go on."""

LEAP = timedelta(minutes=1)
"""A tick later than this did not ring late: the time leapt."""

GONE = timedelta(days=1)
"""A worker that showed no sign of life for so long is not looked for any more."""

_ROUNDS = 1000

_log = structlog.get_logger(__name__)


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


@dataclass(frozen=True)
class Tick:
    """One duty. `seconds` between two rings, None for the shortest tick; `wakes`: what follows."""

    name: str
    seconds: float | None
    run: Callable[["Clock"], int]
    wakes: str = ""


class Clock:
    """Rings until it is stopped. `stop` ends long turns after the effect in hand."""

    def __init__(self, duties: Duties, stop: Event, ticks: Sequence[Tick] | None = None) -> None:
        self.duties = duties
        self.stop = stop
        self.ticks = TICKS if ticks is None else ticks
        self._good_turns: dict[str, datetime] = {}
        self._failing: dict[str, datetime] = {}
        self._rung: dict[str, datetime] = {}
        self._turns = ThreadPoolExecutor(len(self.ticks))
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


def process_submissions(clock: Clock) -> int:
    """Understand what was received and plan what it asks for."""
    settled = 0
    for _ in range(_ROUNDS):
        if clock.stop.is_set() or not clock.duties.leads.held():
            break
        now_settled = clock.duties.process_waiting()
        if not now_settled:
            break
        settled += now_settled
        clock.progress("submissions")
        clock.wake("effects")
    if settled:
        clock.wake("follow ups")  # what an event planned for today is not to wait
    return settled


def open_follow_ups(clock: Clock) -> int:
    """Whatever the day asks for (London): open, assume done, tell the manager, end; each once."""
    return sum(make_round(clock, each) for each in ROUNDS)


def make_round(clock: Clock, daily: Daily) -> int:
    """One of the daily rounds, until nothing is left to do; one that fails is passed over."""
    duties, done, passed = clock.duties, 0, 0
    silent: set[str] = set()
    while not clock.stop.is_set() and duties.leads.held():
        with duties.store.transaction() as tx:
            due = daily.due(tx, duties.desk, passed)
        if daily.first(duties.desk, due, silent, lambda: clock.progress("follow ups")):
            continue  # what the hosts said may have changed what is due
        for each in due:
            if _one(duties, daily, each):
                done += 1
            else:
                passed += 1
        if not due:
            break
        clock.progress("follow ups")
    return done


def _one(duties: Duties, daily: Daily, each: Any) -> bool:
    """One follow-up in a transaction of its own; what is wrong with it does not stop the round."""
    try:
        with duties.store.transaction() as tx:
            return daily.act(tx, duties.desk, each)
    except ChangedMeanwhile:
        return False  # a worker was faster: looked at again in the next round
    except OutOfOrder:
        raise
    except Exception as error:  # noqa: BLE001 - the follow-ups of everybody else are due too
        _log.error("follow-up not opened", tick=daily.name, exc_info=error)
        return False


def perform_effects(clock: Clock) -> int:
    """Send what is owed to the hosts and look for what is unknown, until nothing is due."""
    return drain(clock.duties.dispatcher, clock.stop, lambda: clock.progress("effects"))


def reap_leases(clock: Clock) -> int:
    """Effects whose owner fell silent while sending are unknown from now on."""
    now = clock.duties.now()
    with clock.duties.store.side_by_side() as tx:
        return tx.effects.expire(now)


def beat(clock: Clock) -> int:
    """Show the moment at which every tick was still known to work, and which one was the worst.

    Of several workers each has a sign of its own; the common one is that of whoever fares best.
    """
    at, worst = clock.last_good_turn()
    duties = clock.duties
    leads = duties.leads.held()
    with duties.store.side_by_side() as tx:
        if not duties.store.shared:
            tx.heartbeats.beat(WORKER, at, worst)
            return 0
        tx.heartbeats.beat(f"{WORKER} {duties.owner}", at, worst)
        tx.heartbeats.beat_where_newer(WORKER, at, worst)
        if leads:
            tx.heartbeats.beat(LEADER, at, duties.owner)
    return 0


def visit(clock: Clock) -> int:
    """Make the rounds at the hosts; however slow they are, only this tick waits for them."""
    leads = clock.duties.leads
    return visit_hosts(clock.duties.desk, lambda: not clock.stop.is_set() and leads.held())


def retain(clock: Clock) -> int:
    """Empty what has been kept long enough, and forget whose last follow-up has ended."""
    clock.duties.retain()
    forget_the_ended(clock.duties.desk)
    with clock.duties.store.side_by_side() as tx:
        tx.heartbeats.forget(clock.duties.now() - GONE)
    return 0


def led(turn: Callable[[Clock], int]) -> Callable[[Clock], int]:
    """A duty that of several workers only the leader has; harmless if two think they lead."""

    def by_the_leader(clock: Clock) -> int:
        return turn(clock) if clock.duties.leads.held() else 0

    return by_the_leader


TICKS = (
    Tick("submissions", None, led(process_submissions), wakes="effects"),
    Tick("effects", None, perform_effects),
    Tick("follow ups", 15, led(open_follow_ups), wakes="effects"),
    Tick("leases", 15, led(reap_leases), wakes="effects"),
    Tick("heartbeat", 5, beat),
    Tick("hosts", FREQUENT, led(visit), wakes="submissions"),
    Tick("retention", 24 * 60 * 60, led(retain)),
)
