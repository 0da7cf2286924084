"""The edges of the connector: each commit that changes something, and each request to the host.

Between two edges only memory changes, so a crash anywhere is a crash at an edge. Each edge has a
name, made of what was going on, and is counted: `before commit in dispatcher._take`, the third one.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from sqlalchemy import Connection, event

KILLED = 137
CHANGES = ("INSERT", "UPDATE", "DELETE")
CALLS = ("write", "cancel", "reassign", "update")

Point = tuple[str, int]


@dataclass
class Edges:
    """Counts the edges as they are passed; ends the process at one of them, as `kill -9` does."""

    crash_at: Point | None = None
    seen: list[Point] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def passing(self, name: str) -> None:
        """An edge is passed."""
        self._counts[name] += 1
        point = (name, self._counts[name])
        if point == self.crash_at:
            os._exit(KILLED)
        self.seen.append(point)


class WatchedDatabase:
    """A database whose changing commits are edges."""

    def __init__(self, database: Any, edges: Edges) -> None:
        self._database = database
        self._edges = edges
        self._changes = 0
        event.listen(database.engine, "before_cursor_execute", self._count)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """See the database."""
        with self._watched(self._database.alone()) as connection:
            yield connection

    @contextmanager
    def beside(self) -> Iterator[Connection]:
        """See the database."""
        with self._watched(self._database.beside()) as connection:
            yield connection

    @contextmanager
    def _watched(self, begun: AbstractContextManager[Connection]) -> Iterator[Connection]:
        where, before = _at_work(sys._getframe()), self._changes
        with begun as connection:
            yield connection
            changed = self._changes > before
            if changed:
                self._edges.passing(f"before commit in {where}")
        if changed:
            self._edges.passing(f"after commit in {where}")

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._changes += statement.lstrip().startswith(CHANGES)


class WatchedHost:
    """A host whose requests that change something are edges."""

    def __init__(self, host: Any, edges: Edges) -> None:
        self._host = host
        self._edges = edges

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._host, name)
        return self._watched(name, found) if name in CALLS else found

    def _watched(self, name: str, call: Any) -> Any:
        def watched(kind: Any, variables: Mapping[str, Any]) -> Any:
            self._edges.passing(f"before request: {name} {kind.value}")
            answer = call(kind, variables)
            self._edges.passing(f"after request: {name} {kind.value}")
            return answer

        return watched


def _at_work(frame: FrameType | None) -> str:
    """Which function of the connector, above its store, opened the transaction."""
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("connector.") and not module.startswith("connector.store"):
            return f"{module.removeprefix('connector.')}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "somewhere"
