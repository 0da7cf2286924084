"""What can go wrong with a write, how often, and which one strikes next."""

import random
import time
from collections import Counter
from collections.abc import Mapping
from email.utils import formatdate
from threading import Lock
from types import MappingProxyType

LATE_SECONDS = 1.2
"""How long after its 504 a late commit is done."""

STALE_SECONDS = 1.5
"""How far behind a replica is, at most. Later than late commit and this no write appears."""

HANG_SECONDS = 1.8
"""How long a hanging answer takes: longer than the connector waits for it."""

WRITES: Mapping[str, float] = MappingProxyType(
    {
        "work then 500": 4,
        "work then 502": 4,
        "work then 504": 4,
        "work then hang": 5,
        "work then reset": 8,
        "503 without work": 12,
        "late commit after 504": 8,
        "empty 2xx": 3,
        "web page as 2xx": 3,
        "half of the JSON": 3,
        "answer breaks off": 3,
        "429": 6,
    }
)
"""Faults of a write and their weights."""

READS: Mapping[str, float] = MappingProxyType({"read 502": 10, "stale replica": 15})
"""Faults of a read, in hundredths of all reads."""


class Faults:
    """Draws what goes wrong next, and counts it. `share` of all writes go wrong; 0 for none."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - what goes wrong, not a secret
        self._lock = Lock()
        self._share = 0.0
        self.counted: Counter[str] = Counter()

    def misbehave(self, share: float) -> None:
        """Let this share of all writes go wrong from now on."""
        self._share = share

    def of_write(self) -> str | None:
        """The fault that strikes this write, or None."""
        with self._lock:
            if self._random.random() >= self._share:
                return None
            return self._struck(self._random.choices(list(WRITES), list(WRITES.values()))[0])

    def of_read(self, name: str) -> bool:
        """Whether this fault strikes this read."""
        with self._lock:
            if not self._share or self._random.random() >= READS.get(name, 0) / 100:
                return False
            return bool(self._struck(name))

    def behind(self) -> float:
        """How many seconds behind a replica is."""
        with self._lock:
            return self._random.uniform(0.2, STALE_SECONDS)

    def retry_after(self) -> str:
        """What a host writes into Retry-After: numbers, dates and nonsense (reliability E7)."""
        soon = formatdate(time.time() + 1, usegmt=True)
        with self._lock:
            return self._random.choice(["0", "1", soon, "-5", "in a moment"])

    def _struck(self, name: str) -> str:
        self.counted[name] += 1
        return name
