"""What the hostile host holds: kept in memory, and written down line by line as it comes."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

OPEN = "open"


@dataclass(frozen=True)
class Entry:
    """One thing somebody wrote here. `since` is when it could first be found, in seconds."""

    number: str
    kind: str
    reference: str
    person: str
    since: float
    body: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As the tally shows it."""
        named = {"id": self.number, "kind": self.kind, "reference": self.reference}
        return named | {"person": self.person, **self.body}


class Held:
    """Everything the host holds. Nothing is ever merged: what is sent twice is there twice."""

    def __init__(self, journal: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._entries: dict[str, Entry] = {}
        self._numbers = count(1)
        self._lock = Lock()
        self._clock = clock
        self._journal = journal.open("a", encoding="utf-8")

    def add(self, kind: str, reference: str, person: str, body: dict[str, Any]) -> Entry:
        """One more entry, whatever is there already."""
        with self._lock:
            number = str(next(self._numbers))
            made = Entry(number, kind, reference, person, self._clock(), body)
            self._entries[number] = made
            self._write_down(made)
        return made

    def change(self, number: str, change: dict[str, Any]) -> Entry | None:
        """Change an open task; None where there is none that is open."""
        with self._lock:
            task = self._entries.get(number)
            if task is None or task.kind != "task" or task.body["state"] != OPEN:
                return None
            task.body.update(change)
            self._write_down(task)
            return task

    def remove(self, number: str) -> None:
        """A person takes it away."""
        with self._lock:
            del self._entries[number]

    def one(self, kind: str, number: str) -> Entry | None:
        """An entry by its number."""
        found = self._entries.get(number)
        return found if found and found.kind == kind else None

    def like(self, kind: str, start: str, seconds_behind: float = 0) -> list[Entry]:
        """Entries whose reference begins so, as they were some seconds ago (reliability E4)."""
        then = self._clock() - seconds_behind
        return [
            each
            for each in self.all()
            if each.kind == kind and each.reference.startswith(start) and each.since <= then
        ]

    def all(self) -> Iterable[Entry]:
        """Every entry, in the order in which they came."""
        with self._lock:
            return list(self._entries.values())

    def close(self) -> None:
        """Let go of the journal."""
        self._journal.close()

    def _write_down(self, entry: Entry) -> None:
        self._journal.write(json.dumps(entry.as_json()) + "\n")
        self._journal.flush()
