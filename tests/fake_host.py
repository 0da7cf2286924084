"""A case record system in memory that does as it is told, and a store with one form in it."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from made_once import store_in

from connector.casework import Desk
from connector.clock import Duties
from connector.dispatch import Dispatcher
from connector.errors import OutcomeUnknown
from connector.model import Effect, EffectKind
from connector.policy import DEFAULTS
from connector.profiles import ENGLAND, Configuration
from connector.store import Store
from connector.vault import Vault, new_key_text

START = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)


@dataclass
class Timepiece:
    """A clock that stands still until it is moved on."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def move_on(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class FakeHost:
    """Keeps what is written. `next_…` hold what it does instead, once each.

    An exception is raised without doing anything; a callable is called with the fake itself.
    """

    idempotency: str = "B"
    settle_seconds: float = 2.0
    longest_call_seconds: float = 60.0
    held: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    next_writes: deque[Any] = field(default_factory=deque)
    next_looks: deque[Any] = field(default_factory=deque)
    next_cancels: deque[Any] = field(default_factory=deque)
    cancelled: list[tuple[str, str]] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    updated: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    kinds: list[EffectKind] = field(default_factory=list)
    _lock: Any = field(default_factory=Lock)

    def write(self, kind: EffectKind, variables: Mapping[str, Any]) -> str:
        with self._lock:
            self.writes.append(variables["reference"])
            self.kinds.append(kind)
            told = self.next_writes.popleft() if self.next_writes else None
        if isinstance(told, Exception):
            raise told
        if told is not None:
            return told(self, variables)
        return self.keep(variables)

    def find(self, kind: EffectKind, variables: Mapping[str, Any]) -> tuple[str, ...]:
        self.looks.append(variables["reference"])
        told = self.next_looks.popleft() if self.next_looks else None
        if isinstance(told, Exception):
            raise told
        return self.ids(variables["reference"])

    def cancel(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        assert kind is EffectKind.TASK
        told = self.next_cancels.popleft() if self.next_cancels else None
        if isinstance(told, Exception):
            raise told
        self.cancelled.append((variables["remote_id"], variables["reason"]))

    def reassign(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        assert kind is EffectKind.TASK
        told = self.next_cancels.popleft() if self.next_cancels else None
        if isinstance(told, Exception):
            raise told
        self.moved.append((variables["remote_id"], variables["inbox"]["id"]))

    def update(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        assert kind is EffectKind.TASK
        told = self.next_cancels.popleft() if self.next_cancels else None
        if isinstance(told, Exception):
            raise told
        self.updated.append((variables["remote_id"], variables))

    def keep(self, variables: Mapping[str, Any]) -> str:
        with self._lock:
            self.held.append((variables["reference"], variables))
            return f"H{len(self.held)}"

    def ids(self, reference: str) -> tuple[str, ...]:
        return tuple(f"H{n}" for n, (kept, _) in enumerate(self.held, 1) if kept == reference)


def work_then(error: Exception) -> Callable[[FakeHost, Mapping[str, Any]], str]:
    """The host does the work and then answers badly."""

    def do(host: FakeHost, variables: Mapping[str, Any]) -> str:
        host.keep(variables)
        raise error

    return do


LOST = OutcomeUnknown("The host did not answer in time.")


def effect(reference: str = "lcf-1", kind: EffectKind = EffectKind.TASK, **over: Any) -> Effect:
    values: dict[str, Any] = {
        "step": f"{kind.value} {reference}",
        "person_id": "P1",
        "position": 1,
        "content": {"title": "Ring Zephyrine about the flat"},
    }
    return Effect(kind=kind, reference=reference, **(values | over))


@dataclass
class Case:
    """A store on disk, a clock to move, a host to instruct and the dispatcher between them."""

    store: Store
    now: Timepiece = field(default_factory=Timepiece)
    host: FakeHost = field(default_factory=FakeHost)
    rendered: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.store, {"sandbox": self.host}, self.render, self.now)  # type: ignore[dict-item]

    @property
    def desk(self) -> Desk:
        return a_desk(self.store, self.now)

    def duties(self, **over: Any) -> Duties:
        """A worker's, with nothing waiting and nothing to retain unless told otherwise."""
        return duties(self.store, self.dispatcher, self.now, **over)

    def render(self, content: Mapping[str, Any]) -> bytes:
        self.rendered.append(content)
        return b"%PDF-1.7 summary no. " + str(len(self.rendered)).encode()

    def owe(self, *effects: Effect, host: str = "sandbox", form: str = "form-1") -> str:
        with self.store.transaction() as tx:
            kept = tx.submissions.keep(host, form, b"{}", self.now())
            for each in effects:
                tx.effects.add(kept.submission_id, host, each, now=self.now())
        return kept.submission_id

    def rows(self) -> dict[str, Any]:
        """Every effect of the form by its reference."""
        with self.store.transaction() as tx:
            kept = tx.submissions.keep("sandbox", "form-1", b"{}", self.now())
            return {row.reference: row for row in tx.effects.of_submission(kept.submission_id)}

    def row(self, reference: str = "lcf-1") -> Any:
        return self.rows()[reference]

    def step(self, reference: str = "lcf-1") -> Any:
        """One step with one effect; the row afterwards."""
        self.dispatcher.perform(self.row(reference).id)
        return self.row(reference)

    def tries(self, reference: str = "lcf-1") -> list[tuple[str, str]]:
        with self.store.transaction() as tx:
            attempts = tx.effects.attempts(self.row_id(reference, tx))
        return [(each["kind"], each["result"]) for each in attempts]

    def row_id(self, reference: str, tx: Any) -> str:
        kept = tx.submissions.keep("sandbox", "form-1", b"{}", self.now())
        rows = tx.effects.of_submission(kept.submission_id)
        return next(row.id for row in rows if row.reference == reference)


def a_desk(store: Store, now: Callable[[], datetime]) -> Desk:
    """The desk of a council with the packaged policy and no profiles."""
    return Desk(store, Configuration(Path(), {}, DEFAULTS, ""), ENGLAND, now)


def duties(
    store: Store, dispatcher: Dispatcher, now: Callable[[], datetime], **over: Any
) -> Duties:
    """A worker's duties of which a test says only what it is about."""
    values: dict[str, Any] = {
        "store": store,
        "dispatcher": dispatcher,
        "desk": a_desk(store, now),
        "process_waiting": lambda: 0,
        "retain": lambda: None,
        "now": now,
    }
    return Duties(**(values | over))


def open_store(folder: Path, key: str | None = None) -> Store:
    return store_in(folder, Vault.from_text(key or new_key_text()))
