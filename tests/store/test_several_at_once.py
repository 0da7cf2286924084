"""What several workers share on PostgreSQL: who leads, who has taken which form, the time."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from servers import postgres_database

from connector.store import Store
from connector.store.heartbeats import WORKER
from connector.store.leading import Leadership
from connector.store.postgres_database import PostgresDatabase
from connector.vault import Vault, new_key_text

NOW = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
SOON, LATER = NOW + timedelta(seconds=30), NOW + timedelta(minutes=2)


@pytest.fixture(scope="module")
def key() -> Vault:
    return Vault.from_text(new_key_text())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.fixture
def several(address: str, key: Vault) -> Iterator[tuple[Store, Store]]:
    with Store.open(address, key) as one, Store.open(address, key) as another:
        yield one, another


def test_one_leads_until_it_gives_up(several: tuple[Store, Store]) -> None:
    first, second = (store.leadership() for store in several)
    assert [first.held(), second.held(), first.held()] == [True, False, True]
    first.give_up()
    assert [second.held(), first.held()] == [True, False]
    first.give_up()
    second.give_up()


def test_a_leader_that_is_paused_is_thrown_out_and_another_leads(
    several: tuple[Store, Store],
) -> None:
    databases = [store.database for store in several]
    engines = [each.engine for each in databases if isinstance(each, PostgresDatabase)]
    paused, next_one = (Leadership(each, paused_seconds=0.3) for each in engines)
    assert paused.held()
    assert not next_one.held()
    end = time.monotonic() + 10
    while not next_one.held():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert not paused.held()
    paused.give_up()
    next_one.give_up()


def test_all_go_by_the_clock_of_the_server_however_many_ask(several: tuple[Store, Store]) -> None:
    first, second = several
    with first.transaction():
        told = [first.now(), second.now(), first.now()]
    assert told == sorted(told)
    assert all(each.tzinfo is UTC for each in told)


def test_the_common_sign_of_life_is_the_newest_and_the_long_silent_are_forgotten(
    several: tuple[Store, Store],
) -> None:
    with several[0].side_by_side() as tx:
        tx.heartbeats.beat_where_newer(WORKER, SOON, "one")
        tx.heartbeats.beat_where_newer(WORKER, NOW, "another")
        tx.heartbeats.beat(f"{WORKER} one", SOON)
        tx.heartbeats.beat(f"{WORKER} another", NOW)
        tx.heartbeats.forget(SOON)
        signs = {each.name: each.detail for each in tx.heartbeats.listing()}
    assert signs == {WORKER: "one", f"{WORKER} one": ""}
