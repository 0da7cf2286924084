"""`python -m tests.bench.one_night`: one night's rounds at a host, while webhooks keep coming."""

import json
import sys
import time
from collections.abc import Callable
from threading import Event, Thread

from connector.casework import Desk
from connector.casework.gaps import people_with_gaps
from connector.casework.nightly import check
from connector.casework.polling import poll
from connector.settings import Settings
from connector.store import Store

from .figures import share_below
from .in_scope import HOST, NIGHT, Answering, desk_at

BETWEEN = 0.01
"""Seconds from one webhook to the next."""

ALONE = 3.0
"""Seconds in which webhooks come and nothing else is done."""


class Webhooks(Thread):
    """Somebody who keeps deliveries all the time, and how long the slowest one took."""

    def __init__(self, store: Store) -> None:
        super().__init__(daemon=True)
        self._store = store
        self._enough = Event()
        self.seconds: list[float] = []

    def run(self) -> None:
        """Keep one, wait a little, and so on."""
        while not self._enough.wait(BETWEEN):
            began = time.perf_counter()
            with self._store.transaction() as tx:
                tx.submissions.keep(self.name, f"w{len(self.seconds)}", b"{}", NIGHT, state="echo")
            self.seconds.append(time.perf_counter() - began)

    def end(self) -> float:
        """No more of them; the p99 in milliseconds."""
        self._enough.set()
        self.join()
        return share_below(self.seconds, 0.99) * 1000


def main() -> None:
    """Print how long each part took, how much it was, and how long a webhook had to wait."""
    settings, host = Settings.from_environment(), Answering()
    with Store.open(settings.database_url, settings.vault) as store:
        desk = desk_at(store, NIGHT, host)
        told = {"reading": _seconds(lambda: _everything_read(store))}
        webhooks = _sent(store)
        time.sleep(ALONE)
        told["alone"] = webhooks.end()
        webhooks = _sent(store)
        told["checking"] = _seconds(lambda: check(desk, HOST))
        told["looking"] = _seconds(lambda: _until_nothing_is_left(desk, host))
        told["meanwhile"] = webhooks.end()
        told["left"] = len(list(people_with_gaps(desk, HOST)))
    sys.stdout.write(json.dumps(told | {"tasks": host.asked}))


def _sent(store: Store) -> Webhooks:
    webhooks = Webhooks(store)
    webhooks.start()
    return webhooks


def _everything_read(store: Store) -> None:
    """The floor: each person's answers and follow-ups read and opened once."""
    after = ""
    while True:
        with store.transaction() as tx:
            people = tx.answers.people(HOST, after)
            for each in people:
                tx.answers.of_person(HOST, each)
                tx.follow_ups.of_person(HOST, each)
        if not people:
            return
        after = people[-1]


def _until_nothing_is_left(desk: Desk, host: Answering) -> None:
    before = -1
    while host.asked > before:
        before = host.asked
        poll(desk, HOST, host)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
