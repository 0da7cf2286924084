"""The host's webhooks: each story in its order, each delivery sent again until it is taken."""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Thread

import requests

from connector.profiles import load
from connector.signature import prove, secrets_of

from .council import HOST, Council
from .forms import Delivery, Story

THREADS = 6
AGAIN = 0.1
"""How often a delivery that was taken is sent a second time all the same (reliability R1)."""

PATIENCE = 180.0
"""Seconds after which a delivery that nobody takes is told as a fault."""


@dataclass
class Clients:
    """Threads that send. `taken` is what was answered with a 2xx: delivery and submission.

    `refused` is what was answered with a 4xx, or never: there is no reason for either.
    """

    council: Council
    seed: int
    taken: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    resent: int = 0

    def __post_init__(self) -> None:
        folder = self.council.folder / "mappings"
        self._how = load(folder).hosts[HOST].inbound.authentication
        self._secrets = secrets_of(self._how, self.council.environment)

    def send(self, told: Iterable[Story], seconds: float = 0) -> None:
        """Send all of these, spread over some seconds; back when each was taken."""
        waiting: Queue[Story] = Queue()
        for each in told:
            waiting.put(each)
        pace = seconds * THREADS / max(1, waiting.qsize())
        threads = [
            Thread(target=self._send, args=(waiting, pace, n), daemon=True) for n in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send(self, waiting: "Queue[Story]", pace: float, number: int) -> None:
        chance = random.Random(self.seed + number)  # noqa: S311 - when to send, not a secret
        while True:
            try:
                story = waiting.get_nowait()
            except Empty:
                return
            for delivery in story.deliveries:
                self._until_taken(delivery, chance)
                if chance.random() < AGAIN:
                    self._until_taken(delivery, chance)
            time.sleep(chance.uniform(0, 2 * pace))

    def _until_taken(self, delivery: Delivery, chance: random.Random) -> None:
        end = time.monotonic() + PATIENCE
        while not self._taken(delivery, chance.choice(list(self.council.webs.values()))):
            if time.monotonic() > end:
                self.refused.append(f"{delivery.number}: nobody took it in {PATIENCE:.0f} seconds")
                return
            self.resent += 1
            time.sleep(0.2)

    def _taken(self, delivery: Delivery, web: str) -> bool:
        proof = prove(
            self._how,
            self._secrets,
            message_id=delivery.number,
            timestamp=int(time.time()),
            body=delivery.body,
        )
        try:
            answer = requests.post(
                f"{web}/hooks/{HOST}",
                data=delivery.body,
                headers={"Content-Type": "application/json", **proof.headers},
                timeout=(1, 5),
            )
        except requests.RequestException:
            return False
        if answer.ok:
            self.taken.append((delivery.number, answer.json()["submission"]))
        elif answer.status_code < 500:
            self.refused.append(f"{delivery.number}: {answer.status_code}")
        return answer.status_code < 500
