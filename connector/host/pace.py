"""No more requests than the host takes: so many at a time, so many a minute."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from connector.errors import HeldBack
from connector.mapping.outbound import Rate

PATIENCE = 5.0
_MINUTE = 60.0


class Pace:
    """Hands out turns. A wait longer than `patience` seconds is handed back as HeldBack."""

    def __init__(self, rate: Rate, patience: float = PATIENCE) -> None:
        self._per_minute = rate.per_minute
        self._slots = threading.BoundedSemaphore(rate.concurrency)
        self._patience = patience
        self._lock = threading.Lock()
        self._started: deque[float] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, keep it for the time of one request."""
        if not self._slots.acquire(timeout=self._patience):
            raise HeldBack("The connector is busy with this host; nothing was sent.")
        try:
            time.sleep(self._wait())
            yield
        finally:
            self._slots.release()

    def _wait(self) -> float:
        """Seconds to wait; the turn is booked for the end of them."""
        if self._per_minute is None:
            return 0.0
        with self._lock:
            now = time.monotonic()
            while self._started and self._started[0] <= now - _MINUTE:
                self._started.popleft()
            wait = 0.0
            if len(self._started) >= self._per_minute:
                wait = max(0.0, self._started[-self._per_minute] + _MINUTE - now)
            if wait > self._patience:
                raise HeldBack(
                    "The host takes no more requests this minute; nothing was sent.",
                    retry_after=wait,
                )
            self._started.append(now + wait)
            return wait
