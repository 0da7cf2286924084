"""Work at several hosts side by side, so that one that hangs holds up no other."""

import time
from collections.abc import Callable, Iterable, Mapping
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
        going_on = True
        while going_on:
            for host in () if stop.is_set() else due():
                if host not in at_work and rests_until.get(host, 0) <= time.monotonic():
                    at_work[host] = threads.submit(work, host)
            wait(at_work.values(), LOOK_AGAIN, FIRST_COMPLETED)
            ended = {host: at_work.pop(host).result() for host in _ended(at_work)}
            resting = time.monotonic() + LOOK_AGAIN
            rests_until |= {host: 0 if steps else resting for host, steps in ended.items()}
            done += sum(ended.values())
            going_on = bool(at_work) or any(ended.values())
    return done


def _ended(at_work: Mapping[str, Future[int]]) -> list[str]:
    return [host for host, turn in at_work.items() if turn.done()]
