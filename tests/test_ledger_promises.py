"""Whatever a host answers and whenever a worker dies: nothing is doubled, and nothing is lost."""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fake_host import LOST, Timepiece, effect, open_store
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connector.dispatch import Dispatcher, waits
from connector.errors import Declined, NotSent
from connector.model import EffectKind
from connector.store import Store
from connector.store.effect_row import EffectRow, EffectState

SETTLE = timedelta(seconds=90)
STALE = timedelta(seconds=30)
"""A late commit and a replica that is behind fit into the settle window together."""

WRITES = (
    "done",
    "done, then a bad answer",
    "lost",
    "done later",
    "not sent",
    "busy",
    "worker dies before sending",
    "worker dies after sending",
)
AMBIGUOUS = frozenset(WRITES) - {"done", "not sent", "busy"}
"""What the ledger cannot tell from one another."""

LOOKS = ("true", "behind", "fails", "worker dies looking")
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

_numbers = count(1)


class Killed(BaseException):
    """The worker is gone: nothing of ours runs any more."""


@dataclass
class Host:
    """Answers each write and each look-up as told, then well. Notes every moment."""

    idempotency: str
    now: Timepiece
    next_writes: deque[str]
    next_looks: deque[str]
    settle_seconds: float = SETTLE.total_seconds()
    longest_call_seconds: float = 60.0
    made_at: list[datetime] = field(default_factory=list)
    writes: list[tuple[datetime, str]] = field(default_factory=list)
    misses: list[datetime] = field(default_factory=list)

    def write(self, kind: EffectKind, variables: Mapping[str, Any]) -> str:
        told = self.next_writes.popleft() if self.next_writes else "done"
        self.writes.append((self.now(), told))
        if told in ("not sent", "busy"):
            raise NotSent(told, status=429 if told == "busy" else None, retry_after=3600.0)
        if self.idempotency == "A" and self.made_at:
            raise Declined("It is here.", status=409)
        late = SETTLE - STALE if told == "done later" else timedelta(0)
        if told not in ("lost", "worker dies before sending"):
            self.made_at.append(self.now() + late)
        if told.startswith("worker dies"):
            raise Killed
        if told != "done":
            raise LOST
        return str(len(self.made_at))

    def find(self, kind: EffectKind, variables: Mapping[str, Any]) -> tuple[str, ...]:
        told = self.next_looks.popleft() if self.next_looks else "true"
        if told == "fails":
            raise NotSent("The host cannot be searched.")
        if told == "worker dies looking":
            raise Killed
        seen = self.now() - (STALE if told == "behind" else timedelta(0))
        found = tuple(str(n) for n, at in enumerate(self.made_at, 1) if at <= seen)
        if not found:
            self.misses.append(self.now())
        return found

    def cancel(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        raise AssertionError("nothing is cancelled here")

    reassign = update = cancel


@dataclass
class Ledger:
    """One write in a ledger, and any number of workers that die."""

    store: Store
    host: Host
    now: Timepiece
    name: str = field(default_factory=lambda: f"host {next(_numbers)}")

    def __post_init__(self) -> None:
        self.reference = f"lcf-{self.name}"
        with self.store.transaction() as tx:
            kept = tx.submissions.keep(self.name, "form", b"{}", self.now())
            owed = effect(self.reference)
            tx.effects.add(kept.submission_id, self.name, owed, now=self.now())

    @property
    def row(self) -> EffectRow:
        with self.store.transaction() as tx:
            found = tx.effects.by_reference(self.reference)
        assert found
        return found

    def step(self, seconds: float) -> None:
        """A worker does what there is to do, after some time."""
        self.now.move_on(seconds)
        with self.store.side_by_side() as tx:
            tx.effects.expire(self.now())
        gateways: Any = {self.name: self.host}
        with suppress(Killed):
            Dispatcher(self.store, gateways, lambda _: b"", self.now).perform(self.row.id)

    def to_the_end(self) -> EffectRow:
        """From now on all is well: until the write is done, or waits for a person."""
        for _ in range(100):
            if self.row.state in (EffectState.CONFIRMED, EffectState.PARKED):
                return self.row
            self.step(waits.A_LOOK_COUNTS_FOR.total_seconds())
        raise AssertionError("the write waits for ever")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


writes = st.lists(st.sampled_from(WRITES), max_size=6)
looks = st.lists(st.sampled_from(LOOKS), max_size=8)
pauses = st.lists(st.sampled_from([0, 1, 20, 45, 100, 700]), max_size=20)


@QUICK
@example(["done later"], [], [0, 0, 45, 0])
@example(["lost", "lost"], ["true", "fails", "true"], [0, 0, 100, 0, 0, 100, 0])
@example(["done, then a bad answer"], ["behind", "true"], [0, 1, 45, 0])
@given(writes, looks, pauses)
def test_a_host_that_can_be_searched_has_each_write_exactly_once(
    store: Store, writes: list[str], looks: list[str], pauses: list[int]
) -> None:
    now = Timepiece()
    ledger = Ledger(store, Host("B", now, deque(writes), deque(looks)), now)
    for pause in pauses:
        ledger.step(pause)
    assert ledger.to_the_end().state is EffectState.CONFIRMED
    assert len(ledger.host.made_at) == 1
    assert_looked_twice_before_each_resend(ledger.host)


def assert_looked_twice_before_each_resend(host: Host) -> None:
    """Two misses after the last unclear answer, the second when the settle window was over."""
    for (before, answer), (sent, _) in zip(host.writes, host.writes[1:], strict=False):
        misses = [at for at in host.misses if before <= at <= sent]
        if answer in AMBIGUOUS:
            assert len(misses) >= 2
            assert misses[-1] >= before + SETTLE


@QUICK
@given(writes, pauses)
def test_a_host_that_refuses_a_second_has_each_write_exactly_once(
    store: Store, writes: list[str], pauses: list[int]
) -> None:
    now = Timepiece()
    ledger = Ledger(store, Host("A", now, deque(writes), deque()), now)
    for pause in pauses:
        ledger.step(pause)
    assert ledger.to_the_end().state is EffectState.CONFIRMED
    assert len(ledger.host.made_at) == 1
    assert ledger.host.misses == []


@QUICK
@given(writes, pauses)
def test_a_host_that_can_do_neither_is_sent_nothing_after_an_unclear_answer(
    store: Store, writes: list[str], pauses: list[int]
) -> None:
    now = Timepiece()
    ledger = Ledger(store, Host("C", now, deque(writes), deque()), now)
    for pause in pauses:
        ledger.step(pause)
    end = ledger.to_the_end()
    *earlier, (_, last) = ledger.host.writes
    assert not AMBIGUOUS & {answer for _, answer in earlier}
    assert (end.state is EffectState.PARKED) is (last in AMBIGUOUS)
    assert len(ledger.host.made_at) <= 1
