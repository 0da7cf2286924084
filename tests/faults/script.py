"""What goes wrong at the live host, as a test says."""

from collections import Counter, deque


class Script:
    """What goes wrong next, as a test says: names of `chaos.acts.ACTS`, `""` for nothing.

    `received`: how many writes have come.
    """

    def __init__(self) -> None:
        self.writes: deque[str] = deque()
        self.reads: deque[str] = deque()
        self.wishes: deque[str] = deque()
        self.seconds_behind = 3600.0
        self.received = 0
        self.counted: Counter[str] = Counter()

    def of_write(self) -> str | None:
        """The fault that strikes this write, or None."""
        self.received += 1
        return self.writes.popleft() if self.writes else None

    def of_read(self, name: str) -> bool:
        """Whether this fault strikes this read."""
        if not self.reads or self.reads[0] != name:
            return False
        self.reads.popleft()
        return True

    def behind(self) -> float:
        """How many seconds behind a replica is."""
        return self.seconds_behind

    def retry_after(self) -> str:
        """What the host writes into Retry-After."""
        return self.wishes.popleft() if self.wishes else "1"
