"""Kills and pauses processes at random, and starts again what was killed."""

import random
import signal
import time
from dataclasses import dataclass, field
from threading import Event, Thread

from .council import Council


@dataclass(frozen=True)
class Habits:
    """How long a process may work before it is struck, and how long a pause is, in seconds."""

    life: tuple[float, float] = (0.15, 0.5)
    pause: tuple[float, float] = (0.2, 1.5)
    pauses: float = 0.25
    webs: float = 0.15


@dataclass
class Killer:
    """One blow after the other. Whoever is struck has been at work for a moment."""

    council: Council
    habits: Habits
    seed: int
    kills: int = 0
    pauses: int = 0
    deaths: list[str] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)

    def __enter__(self) -> "Killer":
        self._thread = Thread(target=self._rage, name="killer")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _rage(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - whom to kill, not a secret
        since = dict.fromkeys(self.council.running, 0)
        while not self._stop.is_set():
            from_webs = chance.random() < self.habits.webs
            name = chance.choice([*(self.council.webs if from_webs else self.council.workers)])
            self._await(name, since[name])
            time.sleep(chance.uniform(*self.habits.life))
            if chance.random() < self.habits.pauses:
                self._pause(name, chance.uniform(*self.habits.pause))
            else:
                since[name] = self._kill(name)

    def _await(self, name: str, since: int) -> None:
        """What ended on its own is a death that nobody asked for; it is started again."""
        if not self.council.await_work(name, since):
            self.deaths.append(name)
            self.council.start(name)

    def _pause(self, name: str, seconds: float) -> None:
        self.council.send_signal(name, signal.SIGSTOP)
        self._stop.wait(seconds)
        self.council.send_signal(name, signal.SIGCONT)
        self.pauses += 1

    def _kill(self, name: str) -> int:
        """The length of its log when it died."""
        self.council.send_signal(name, signal.SIGKILL)
        since = self.council.log(name).stat().st_size
        self.council.start(name)
        self.kills += 1
        return since
