"""Work at several hosts side by side, so that one that hangs holds up no other."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event

MOST_HOSTS = 16
LOOK_AGAIN = 0.5
"""Seconds after which it is seen what else has come, while some hosts are still at work."""


def host_by_host(due: Callable[[], Iterable[str]], work: Callable[[str], int], stop: Event) -> int:
    """Work at every host that is due until none is, or `stop` is set; what was done, added up.

    A host for which something comes while another one hangs is served at once. One with which
    nothing could be done rests for a moment.
    """
    done = 0
    at_work: dict[str, Future[int]] = {}
    rests_until: dict[str, float] = {}
    with ThreadPoolExecutor(MOST_HOSTS, "hosts") as threads:
        while True:
            for host in [host for host, turn in at_work.items() if turn.done()]:
                steps = at_work.pop(host).result()
                rests_until[host] = 0 if steps else time.monotonic() + LOOK_AGAIN
                done += steps
            for host in () if stop.is_set() else due():
                if host not in at_work and rests_until.get(host, 0) <= time.monotonic():
                    at_work[host] = threads.submit(work, host)
            if not at_work:
                return done
            wait(at_work.values(), LOOK_AGAIN, FIRST_COMPLETED)
