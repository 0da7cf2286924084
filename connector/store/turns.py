"""Taking turns: threads of one process write in the order in which they asked."""

from collections import deque
from threading import Lock


class Turns:
    """A lock that is handed to whoever has waited longest, so that nobody waits far too long.

    A plain lock goes to whichever thread happens to run: fine on average, bad for the slowest
    webhook in a hundred.
    """

    def __init__(self) -> None:
        self._changing = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def acquire(self, seconds: float) -> bool:
        """Wait for a turn, at most so long; False where it did not come."""
        with self._changing:
            if not self._taken:
                self._taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            return mine.acquire(timeout=seconds) or self._came_late(mine)
        except BaseException:  # interrupted: the turn must not be handed to someone who has left
            if self._came_late(mine):
                self.release()
            raise

    def release(self) -> None:
        """Hand the turn to the next, if there is one."""
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _came_late(self, mine: Lock) -> bool:
        """Whether the turn came in the very moment in which the waiting ended."""
        with self._changing:
            if mine not in self._waiting:
                return True
            self._waiting.remove(mine)
            return False
