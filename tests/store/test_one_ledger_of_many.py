"""Several workers at one ledger on PostgreSQL: nobody waits for another, nothing is taken twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from lent_databases import lent_database

from connector.errors import ChangedMeanwhile
from connector.model import Effect, EffectKind
from connector.store import Store, Transaction
from connector.store.effect_row import EffectRow, EffectState
from connector.store.keys import check_keys
from connector.vault import Vault, new_key_text

NOW = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=10)
WORKERS = 8

Result = TypeVar("Result")


@pytest.fixture
def store() -> Iterator[Store]:
    database, vault = lent_database(), Vault.from_text(new_key_text())
    with database.engine.begin() as connection:
        check_keys(connection, vault)
    with Store(database, vault) as opened:
        yield opened


def owe(store: Store, *persons: str) -> list[str]:
    """A write for each of these, on a form of its own; their ids."""
    with store.transaction() as tx:
        for n, person in enumerate(persons):
            kept = tx.submissions.keep("north", f"form {n}", b"{}", NOW)
            content = {"title": "Ring"}
            owed = Effect(EffectKind.TASK, f"task {n}", f"lcf-{n}", person, 1, content)
            tx.effects.add(kept.submission_id, "north", owed, now=NOW)
        rows = [tx.effects.by_reference(f"lcf-{n}") for n in range(len(persons))]
    return [row.id for row in rows if row]


def at_once(store: Store, work: Callable[[Transaction, int], Result]) -> list[Result]:
    """What each of several workers got, all of them beginning at the same moment."""
    start = Barrier(WORKERS)

    def one(number: int) -> Result:
        start.wait(10)
        with store.side_by_side() as tx:
            return work(tx, number)

    with ThreadPoolExecutor(WORKERS) as threads:
        return list(threads.map(one, range(WORKERS)))


def claim(tx: Transaction, effect_id: str, owner: str = "worker") -> EffectRow | None:
    return tx.effects.claim(effect_id, owner, UNTIL, NOW)


def test_one_write_is_had_by_one_worker(store: Store) -> None:
    (only,) = owe(store, "P1")
    taken = at_once(store, lambda tx, n: claim(tx, only, f"worker {n}"))
    (row,) = [each for each in taken if each]
    with store.transaction() as tx:
        assert tx.effects.get(only) == row


def test_of_one_person_one_write_is_had_by_one_worker(store: Store) -> None:
    ids = owe(store, *["P1"] * WORKERS)
    taken = at_once(store, lambda tx, n: claim(tx, ids[n]))
    assert len([each for each in taken if each]) == 1


def test_two_writes_of_one_person_are_not_taken_at_the_same_moment(store: Store) -> None:
    first, second = owe(store, "P1", "P1")
    with store.side_by_side() as tx:
        assert claim(tx, first)
        with store.side_by_side() as other:
            assert claim(other, second) is None


def test_writes_of_different_people_are_had_side_by_side(store: Store) -> None:
    ids = owe(store, *(f"P{n}" for n in range(WORKERS)))
    taken = at_once(store, lambda tx, n: claim(tx, ids[n]))
    assert all(taken)


def test_nobody_waits_for_a_write_another_worker_is_taking(store: Store) -> None:
    (only,) = owe(store, "P1")
    with store.side_by_side() as tx:
        assert claim(tx, only)
        with store.side_by_side() as other:
            assert claim(other, only) is None


def test_nobody_waits_for_a_write_that_casework_is_changing(store: Store) -> None:
    (only,) = owe(store, "P1")
    with store.transaction() as tx:
        row = tx.effects.get(only)
        assert row
        tx.effects.cancel(row, "No longer needed.", NOW)
        with store.side_by_side() as other:
            assert claim(other, only) is None


def test_no_failure_of_a_host_is_lost(store: Store) -> None:
    at_once(store, lambda tx, _: tx.host_states.failed("north"))
    with store.transaction() as tx:
        assert tx.host_states.failures("north") == WORKERS


def test_one_worker_at_a_time_probes_a_host_that_is_down(store: Store) -> None:
    with store.transaction() as tx:
        tx.host_states.failed("north")
    may = at_once(store, lambda tx, _: tx.host_states.may_probe("north", UNTIL, NOW))
    assert may.count(True) == 1


def test_a_lease_that_ran_out_is_noticed_by_one_worker(store: Store) -> None:
    ids = owe(store, *(f"P{n}" for n in range(20)))
    with store.side_by_side() as tx:
        for each in ids:
            row = claim(tx, each)
            assert row
            assert tx.effects.intend(row, UNTIL, NOW)
    assert sum(at_once(store, lambda tx, _: tx.effects.expire(UNTIL))) == len(ids)
    with store.transaction() as tx:
        assert {len(tx.effects.attempts(each)) for each in ids} == {1}


def test_what_casework_decides_is_undone_where_a_worker_was_faster(store: Store) -> None:
    (only,) = owe(store, "P1")

    def decide_too_late() -> None:
        with store.transaction() as tx:
            read = tx.effects.get(only)
            assert read
            tx.host_states.failed("north")
            with store.side_by_side() as worker:
                taken = claim(worker, only)
                assert taken
                worker.effects.intend(taken, UNTIL, NOW)
            tx.effects.cancel(read, "No longer needed.", NOW)

    with pytest.raises(ChangedMeanwhile):
        decide_too_late()
    with store.transaction() as tx:
        row = tx.effects.get(only)
        assert row
        assert row.state is EffectState.INTENT
        assert tx.host_states.failures("north") == 0
