"""What the worker does how often, all of it in `TICKS`.

Every tick may run at any time, any number of times: what is due stands in our tables.
"""

from collections.abc import Callable
from datetime import timedelta

from connector.casework.forgetting import forget_the_ended
from connector.casework.visiting import visit_hosts
from connector.clock.ringing import FREQUENT, Clock, Tick
from connector.clock.rounds import open_follow_ups
from connector.dispatch import drain
from connector.store.heartbeats import LEADER, WORKER

FORGOTTEN_AFTER = timedelta(days=1)
"""A worker that showed no sign of life for so long is not looked for any more."""

MOST_BATCHES = 1000
"""Batches of submissions in one turn; the next turn goes on from there."""


def process_submissions(clock: Clock) -> int:
    """Understand what was received and plan what it asks for."""
    settled = 0
    for _ in range(MOST_BATCHES):
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
        tx.heartbeats.forget(clock.duties.now() - FORGOTTEN_AFTER)
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
