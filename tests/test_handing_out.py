"""What the leader hands out to a broker, how often, and what it does itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from fake_host import Case, Timepiece, effect, open_store

from connector.clock import TICKS, Clock, Duties, Tick
from connector.errors import BrokerAway
from connector.handing_out import (
    AGAIN,
    IN_VAIN,
    OF_EACH_HOST,
    WITHOUT_A_BROKER,
    HandingOut,
)
from connector.model import EffectKind


class Broker:
    """Takes ids, or is away."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.away = False

    def send(self, submission_id: str) -> None:
        if self.away:
            raise BrokerAway from ConnectionRefusedError()
        self.taken.append(submission_id)


class NobodyLeads:
    """Another worker leads."""

    def held(self) -> bool:
        return False

    def give_up(self) -> None:
        """There is nothing to give up."""


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with open_store(tmp_path) as store:
        yield Case(store)


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def passing() -> Timepiece:
    return Timepiece()


@pytest.fixture
def handing(broker: Broker, passing: Timepiece) -> HandingOut:
    return HandingOut(broker.send, seconds=lambda: passing.at.timestamp())


@pytest.fixture
def clock(case: Case) -> Clock:
    return Clock(case.duties(), Event())


def test_the_same_form_is_handed_out_again_only_after_a_while(
    case: Case, broker: Broker, handing: HandingOut, clock: Clock, passing: Timepiece
) -> None:
    form = case.owe(effect())
    assert [handing.hand_out(clock) for _ in range(3)] == [True] * 3
    assert broker.taken == [form]
    passing.move_on(AGAIN)
    assert handing.hand_out(clock)
    assert broker.taken == [form, form]


def test_a_form_that_is_due_again_after_it_was_not_is_handed_out_at_once(
    case: Case, broker: Broker, handing: HandingOut, clock: Clock
) -> None:
    form = case.owe(effect("lcf-1"))
    handing.hand_out(clock)
    case.step("lcf-1")
    handing.hand_out(clock)
    with case.store.transaction() as tx:
        tx.effects.add(form, "sandbox", effect("lcf-2"), now=case.now())
    handing.hand_out(clock)
    assert broker.taken == [form, form]


def test_of_each_host_only_a_few_forms_are_out_at_a_time_the_oldest_first(
    case: Case, broker: Broker, handing: HandingOut, clock: Clock
) -> None:
    slow = []
    for number in range(OF_EACH_HOST + 3):
        owed = effect(f"lcf-s{number}", person_id=f"P{number}")
        slow.append(case.owe(owed, host="slow", form=f"slow-{number}"))
        case.now.move_on(1)
    quick = case.owe(effect("lcf-q"), host="quick", form="quick")
    handing.hand_out(clock)
    assert broker.taken == [*slow[:OF_EACH_HOST], quick]


def test_a_form_that_waits_for_an_older_one_of_the_person_takes_no_place(
    case: Case, broker: Broker, handing: HandingOut, clock: Clock
) -> None:
    older = case.owe(effect("lcf-1", EffectKind.OUTCOME), form="form-1")
    case.now.move_on(1)
    newer = case.owe(effect("lcf-2", EffectKind.OUTCOME), form="form-2")
    handing.hand_out(clock)
    assert broker.taken == [older]
    case.step("lcf-1")
    handing.hand_out(clock)
    assert broker.taken == [older, newer]


def test_a_form_handed_out_in_vain_is_worked_on_by_the_leader(
    case: Case, handing: HandingOut, clock: Clock, passing: Timepiece
) -> None:
    case.owe(effect())
    outcomes = []
    for _ in range(IN_VAIN):
        outcomes.append(handing.hand_out(clock))
        passing.move_on(AGAIN)
    assert outcomes == [True] * (IN_VAIN - 1) + [False]


def test_while_the_broker_is_away_the_leader_works_and_asks_it_again_now_and_then(
    case: Case, broker: Broker, handing: HandingOut, clock: Clock, passing: Timepiece
) -> None:
    form = case.owe(effect())
    broker.away = True
    assert not handing.hand_out(clock)
    broker.away = False
    assert not handing.hand_out(clock)
    passing.move_on(WITHOUT_A_BROKER)
    assert handing.hand_out(clock)
    assert broker.taken == [form]


def rung(handing: HandingOut, duties: Duties) -> Sequence[str]:
    """What the replaced tick did itself when it rang once."""
    done: list[str] = []

    def work(clock: Clock) -> int:
        done.append("worked")
        return 1

    handing.instead_of(Tick("effects", None, work)).run(Clock(duties, Event()))
    return done


def test_only_the_leader_hands_out_and_nobody_else_works_unasked(
    case: Case, broker: Broker, handing: HandingOut
) -> None:
    case.owe(effect())
    assert rung(handing, replace(case.duties(), leads=NobodyLeads())) == []
    assert broker.taken == []
    assert rung(handing, case.duties()) == []
    assert len(broker.taken) == 1
    broker.away = True
    case.owe(effect("lcf-2"), form="form-2")
    assert rung(handing, case.duties()) == ["worked"]


def test_a_worker_that_does_not_lead_makes_no_rounds(case: Case) -> None:
    follower = Clock(replace(case.duties(), leads=NobodyLeads()), Event())
    case.owe(effect())
    owed = str(case.row().id)
    with case.store.transaction() as tx:
        row = tx.effects.claim(owed, "gone", case.now(), case.now())
        assert row is not None
        tx.effects.intend(row, case.now(), case.now())
    leases = next(tick for tick in TICKS if tick.name == "leases")
    case.now.move_on(1)
    assert leases.run(follower) == 0
    assert leases.run(Clock(case.duties(), Event())) == 1
