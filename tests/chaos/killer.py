"""Kills and pauses processes at random, and starts again what was killed."""

import random
import signal
import time
from dataclasses import dataclass, field
from threading import Event, Thread

from .council import HAS_DONE_SOMETHING, Council


@dataclass(frozen=True)
class Habits:
    """Seconds between two blows and of a pause; the share of blows that pause, or hit a web."""

    life: tuple[float, float] = (0.15, 0.5)
    pause: tuple[float, float] = (0.2, 1.5)
    pauses: float = 0.25
    webs: float = 0.06


@dataclass
class Killer:
    """One blow after the other for some `seconds`, at whoever has got to work since the last one.

    `deaths` names those that ended although nobody killed them.
    """

    council: Council
    habits: Habits
    seconds: float
    seed: int
    kills: int = 0
    pauses: int = 0
    deaths: list[str] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)
    _paused: dict[str, float] = field(default_factory=dict)

    def __enter__(self) -> "Killer":
        self._thread = Thread(target=self._rage, name="killer")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _rage(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - whom to kill, not a secret
        end = time.monotonic() + self.seconds
        while not self._stop.wait(chance.uniform(*self.habits.life)) and time.monotonic() < end:
            self._wake(time.monotonic())
            name = self._victim(chance)
            if name is None:
                continue
            if chance.random() < self.habits.pauses:
                self._pause(name, chance.uniform(*self.habits.pause))
            else:
                self._kill(name)
        self._wake(float("inf"))

    def _victim(self, chance: random.Random) -> str | None:
        """A worker or, seldom, a web part. A worker has done something since it was started:
        otherwise a busy machine would only ever start them.
        """
        self._raise_the_dead()
        webs = chance.random() < self.habits.webs
        names = [*(self.council.webs if webs else self.council.workers)]
        there = [name for name in names if name not in self._paused and self._is_busy(name)]
        return chance.choice(there) if there else None

    def _is_busy(self, name: str) -> bool:
        return self.council.is_at_work(name, HAS_DONE_SOMETHING)

    def _raise_the_dead(self) -> None:
        for name, process in self.council.running.items():
            if process.poll() is not None:
                self.deaths.append(f"{name} with {process.returncode}")
                self.council.start(name)

    def _pause(self, name: str, seconds: float) -> None:
        self.council.send_signal(name, signal.SIGSTOP)
        self._paused[name] = time.monotonic() + seconds
        self.pauses += 1

    def _wake(self, now: float) -> None:
        for name in [name for name, until in self._paused.items() if until <= now]:
            self.council.send_signal(name, signal.SIGCONT)
            del self._paused[name]

    def _kill(self, name: str) -> None:
        self.council.send_signal(name, signal.SIGKILL)
        self.council.start(name)
        self.kills += 1
