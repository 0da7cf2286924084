"""The second look: a copy that no lease could keep from being made is found, closed or shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_host import LOST, START, Case, FakeHost, effect, open_store, work_then
from made_once import packaged

from connector.casework import Desk
from connector.casework.doubles import DOUBLES, GONE, MOST, look_for_doubles
from connector.dispatch import LEASE, Dispatcher, waits
from connector.errors import Declined, NotSent
from connector.model import EffectKind
from connector.store.effect_row import EffectRow, EffectState, Resolution

SETTLE = 2
DAY = 24 * 3600
HOST = "sandbox"


@dataclass
class Council(Case):
    """A case with the profiles that come with the product."""

    cancels: bool = True

    @property
    def desk(self) -> Desk:
        chosen = packaged()
        profile = chosen.hosts[HOST]
        if not self.cancels:
            assert profile.outbound.task
            task = replace(profile.outbound.task, cancel=None)
            profile = replace(profile, outbound=replace(profile.outbound, task=task))
        chosen = replace(chosen, hosts={HOST: profile})
        return Desk(self.store, chosen, chosen.working, self.now)

    def look(self) -> int:
        """The round at the host."""
        return look_for_doubles(self.desk, HOST, self.host)  # type: ignore[arg-type]

    def written(self, kind: EffectKind = EffectKind.TASK) -> EffectRow:
        """One write, answered at once."""
        self.owe(effect(kind=kind))
        row: EffectRow = self.step()
        return row

    def doubled(self, kind: EffectKind = EffectKind.TASK) -> EffectRow:
        """One write, of which a copy appears later."""
        self.written(kind)
        self.host.keep({"reference": "lcf-1"})
        self.now.move_on(DAY)
        row: EffectRow = self.row()
        return row

    def look_again(self) -> int:
        with self.store.transaction() as tx:
            tx.effects.check_soon(self.row_id("lcf-1", tx), START)
        return self.look()

    def settle(self, resolution: Resolution) -> EffectRow:
        """A person has looked into the host."""
        with self.store.transaction() as tx:
            assert tx.effects.resolve(self.row_id("lcf-1", tx), resolution, self.now())
        row: EffectRow = self.row()
        return row

    def closings(self) -> list[EffectRow]:
        return [each for each in self.rows().values() if each.kind is EffectKind.CANCELLATION]

    def count(self, name: str) -> int:
        with self.store.transaction() as tx:
            return tx.persons.rounds(name).get(HOST, 0)


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    with open_store(tmp_path) as store:
        yield Council(store)


def test_a_clean_write_is_looked_up_once_a_day_later(council: Council) -> None:
    assert council.written().check_at == START + waits.LAST_LOOK
    assert council.look() == 0
    assert council.host.looks == []
    council.now.move_on(DAY)
    assert council.look() == 0
    assert council.host.looks == ["lcf-1"]
    assert council.row().check_at is None


def test_what_may_have_left_twice_is_looked_up_after_the_settle_window_and_a_day_later(
    council: Council,
) -> None:
    council.owe(effect())
    council.host.next_writes.append(work_then(LOST))
    council.step()
    found = council.step()
    assert found.check_at == START + timedelta(seconds=SETTLE)
    council.now.move_on(SETTLE)
    council.look()
    assert council.row().check_at == START + waits.LAST_LOOK


@pytest.mark.faults("E3")
def test_a_commit_later_than_the_settle_window_is_found_and_the_copy_closed(
    council: Council,
) -> None:
    """E3."""
    council.owe(effect())
    council.host.next_writes.append(LOST)
    council.step()
    council.step()
    council.now.move_on(SETTLE)
    council.step()
    ours = council.step()
    assert (ours.state, ours.remote_id, ours.attempts) == (EffectState.CONFIRMED, "H1", 2)
    late = council.host.keep({"reference": "lcf-1"})
    council.now.move_on(SETTLE)
    assert council.look() == 1
    (closing,) = council.closings()
    council.dispatcher.perform(closing.id)
    assert [remote_id for remote_id, _ in council.host.cancelled] == [late]
    assert "lcf-1" in council.host.cancelled[0][1]
    assert council.row().state is EffectState.CONFIRMED
    assert council.row().reason.startswith("ALARM: the host held 2 copies")
    assert council.count(DOUBLES) == 1


@pytest.mark.faults("G3")
def test_a_worker_that_was_paused_after_its_look_at_the_lease_is_found_out(
    council: Council,
) -> None:
    """G3: the zombie no lease can stop; the ledger is not touched, the copy is closed."""
    other = Dispatcher(council.store, {HOST: council.host}, council.render, council.now)  # type: ignore[dict-item]

    def paused(host: FakeHost, variables: Mapping[str, Any]) -> str:
        council.now.move_on(LEASE.total_seconds())
        with council.store.transaction() as tx:
            assert tx.effects.expire(council.now()) == 1
        other.perform(council.row().id)
        council.now.move_on(waits.BETWEEN_LOOKS.total_seconds())
        for _ in range(2):
            other.perform(council.row().id)
        return host.keep(variables)

    council.owe(effect())
    council.host.next_writes.append(paused)
    council.step()
    assert (council.row().state, council.row().remote_id) == (EffectState.CONFIRMED, "H1")
    assert council.row().check_at == council.now(), "the stale runner asks for a look at once"
    assert council.look() == 1
    (closing,) = council.closings()
    council.dispatcher.perform(closing.id)
    assert [remote_id for remote_id, _ in council.host.cancelled] == ["H2"]


def test_copies_that_are_closed_already_are_no_new_alarm(council: Council) -> None:
    council.doubled()
    assert council.look_again() == 1
    assert council.look_again() == 0
    assert len(council.closings()) == 1
    assert council.count(DOUBLES) == 1


def test_a_third_copy_is_closed_like_the_second(council: Council) -> None:
    council.doubled()
    council.host.keep({"reference": "lcf-1"})
    assert council.look() == 1
    for closing in council.closings():
        council.dispatcher.perform(closing.id)
    assert sorted(remote_id for remote_id, _ in council.host.cancelled) == ["H2", "H3"]


def test_a_copy_the_host_does_not_let_us_close_waits_for_a_person(council: Council) -> None:
    council.doubled()
    council.look()
    council.host.next_cancels.append(Declined("The host refused this.", status=403))
    (closing,) = council.closings()
    council.dispatcher.perform(closing.id)
    (parked,) = council.closings()
    assert parked.state is EffectState.PARKED
    assert "number H2 there" in parked.reason


@pytest.mark.parametrize("kind", [EffectKind.CASE_NOTE, EffectKind.DOCUMENT, EffectKind.OUTCOME])
def test_a_double_of_what_cannot_be_cancelled_is_shown_to_a_person(
    council: Council, kind: EffectKind
) -> None:
    council.doubled(kind)
    assert council.look() == 1
    row = council.row()
    assert row.state is EffectState.PARKED
    assert row.reason.startswith("ALARM: the host holds 2 copies with the reference lcf-1")
    with council.store.transaction() as tx:
        assert tx.effects.documents_waiting_for_a_person(10) == [], "it is there, even twice"
    settled = council.settle(Resolution.THERE)
    assert (settled.state, settled.remote_id) == (EffectState.CONFIRMED, "H1")
    assert settled.check_at is None


def test_a_double_task_is_shown_to_a_person_where_the_profile_cannot_cancel(
    council: Council,
) -> None:
    council.cancels = False
    council.doubled()
    assert council.look() == 1
    assert council.row().state is EffectState.PARKED
    assert council.closings() == []


def test_sending_a_double_again_by_mistake_looks_first_and_makes_no_third(
    council: Council,
) -> None:
    council.cancels = False
    council.doubled()
    council.look()
    council.settle(Resolution.AGAIN)
    assert council.step().state is EffectState.PARKED
    assert len(council.host.held) == 2


def test_where_none_of_the_copies_is_the_one_we_know_nothing_is_closed(council: Council) -> None:
    council.doubled()
    council.host.held.insert(0, ("another", {}))  # the ids of the host are others now
    assert council.look() == 1
    assert (council.row().state, council.closings()) == (EffectState.PARKED, [])


def test_what_is_gone_from_the_host_is_counted_and_never_sent_again(council: Council) -> None:
    council.written()
    council.host.held.clear()
    council.now.move_on(DAY)
    assert council.look() == 0
    assert (council.row().state, council.row().check_at) == (EffectState.CONFIRMED, None)
    assert council.count(GONE) == 1
    assert council.host.writes == ["lcf-1"]


def test_a_host_that_is_down_is_not_asked(council: Council) -> None:
    council.doubled()
    with council.store.transaction() as tx:
        tx.host_states.failed(HOST)
        tx.host_states.leave_alone(HOST, council.now() + timedelta(seconds=1))
    assert council.look() == 0
    assert council.host.looks == []
    council.now.move_on(1)
    assert council.look() == 1


def test_a_look_up_that_fails_is_made_again_later_and_the_host_left_alone(council: Council) -> None:
    council.owe(effect("lcf-1", person_id="P1"), effect("lcf-2", person_id="P2"))
    council.step("lcf-1")
    council.step("lcf-2")
    council.now.move_on(DAY)
    council.host.next_looks.append(NotSent("The host cannot be reached."))
    assert council.look() == 0
    assert len(council.host.looks) == 1
    checks = sorted(row.check_at for row in council.rows().values())
    assert checks == [START + waits.LAST_LOOK, council.now() + timedelta(hours=1)]


def test_one_look_up_the_host_refuses_does_not_hold_up_the_others_and_ends(
    council: Council,
) -> None:
    council.owe(effect("lcf-1", person_id="P1"), effect("lcf-2", person_id="P2"))
    council.step("lcf-1")
    council.now.move_on(1)
    council.step("lcf-2")
    council.now.move_on(DAY)
    refused = Declined("The host refused this.", status=403)
    council.host.next_looks.append(refused)
    council.look()
    assert council.host.looks == ["lcf-1", "lcf-2"]
    assert council.row("lcf-2").check_at is None
    council.now.move_on(waits.HORIZON.total_seconds())
    council.host.next_looks.append(refused)
    council.look()
    assert council.row("lcf-1").check_at is None


def test_so_many_are_looked_up_in_one_round_and_the_rest_in_the_next(council: Council) -> None:
    council.owe(*(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(MOST + 3)))
    for reference in council.rows():
        council.dispatcher.perform(council.row(reference).id)
    council.now.move_on(DAY)
    council.look()
    assert len(council.host.looks) == MOST
    council.look()
    assert sorted(council.host.looks) == sorted(council.rows())


def test_the_round_ends_when_the_worker_is_asked_to_stop(council: Council) -> None:
    council.doubled()
    assert look_for_doubles(council.desk, HOST, council.host, lambda: False) == 0  # type: ignore[arg-type]
    assert council.host.looks == []


@pytest.mark.parametrize("idempotency", ["A", "B", "C"])
def test_a_host_that_cannot_be_searched_is_never_asked(council: Council, idempotency: str) -> None:
    council.host.idempotency = idempotency
    assert (council.written().check_at is None) is (idempotency == "C")
