"""Alive, and able to do its job."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from fake_host import Case
from flask.testing import FlaskClient
from receiving import START, Clock, DryRun, services_with
from servers import postgres_database

from connector.clock import TICKS, Tick, beat
from connector.clock import Clock as WorkersClock
from connector.store import Store
from connector.store.heartbeats import LEADER, WORKER
from connector.vault import Vault, new_key_text
from connector.web import WebServices, create_app
from connector.web.health import DUTIES


def beat_worker(store: Store, clock: Clock) -> None:
    with store.transaction() as tx:
        tx.heartbeats.beat("worker", clock())


def test_alive_means_only_that_this_process_answers(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "connector.db").unlink()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive", "version": "9.9"})


def test_ready_when_database_worker_and_disk_are_in_order(
    client: FlaskClient, store: Store, clock: Clock
) -> None:
    beat_worker(store, clock)
    clock.forward(seconds=109)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"] == dict.fromkeys(("database", "worker", "disk"), "in order")


def test_a_silent_worker_makes_it_not_ready(
    client: FlaskClient, store: Store, clock: Clock
) -> None:
    never = client.get("/readyz")
    assert (never.status_code, "never run" in never.text) == (503, True)
    beat_worker(store, clock)
    clock.forward(seconds=111)
    silent = client.get("/readyz")
    assert (silent.status_code, "no sign of life" in silent.text) == (503, True)


def test_a_database_that_cannot_be_written_makes_it_not_ready(
    client: FlaskClient, tmp_path: Path
) -> None:
    (tmp_path / "connector.db").rename(tmp_path / "away.db")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"
    assert "cannot be written" in answer.get_json(force=True)["checks"]["database"]


def test_a_full_or_missing_disk_makes_it_not_ready(
    services: WebServices, store: Store, clock: Clock
) -> None:
    beat_worker(store, clock)
    missing = create_app(replace(services, data_folder=Path("/nowhere/at/all"))).test_client()
    assert "cannot be found" in missing.get("/readyz").text
    full = create_app(replace(services, least_free_bytes=1 << 70)).test_client()
    assert "MB left" in full.get("/readyz").text


class Refusing:
    """A duty that fails until it is mended, in a clock that really rings."""

    def __init__(self, broken: str) -> None:
        self.broken = broken
        self.ticks = [self._breakable(tick) for tick in TICKS]

    def _breakable(self, tick: Tick) -> Tick:
        def turn(clock: WorkersClock) -> int:
            if tick.name == self.broken:
                raise RuntimeError("Zephyrine")
            return beat(clock) if tick.name == "heartbeat" else 0

        return replace(tick, run=turn, seconds=min(tick.seconds or 0.05, 0.05))


@contextmanager
def worker(store: Store, clock: Clock, refusing: Refusing) -> Iterator[None]:
    duties = Case(store, now=clock).duties(tick_seconds=0.05)  # type: ignore[arg-type]
    started = WorkersClock(duties, Event(), refusing.ticks)
    started.start()
    try:
        yield
    finally:
        started.finish()


def until_ready(client: FlaskClient) -> None:
    end = time.monotonic() + 10
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < end
        time.sleep(0.02)


def until_not_ready(client: FlaskClient, clock: Clock) -> str:
    """What is said of the worker once it is red; meanwhile time goes on, and every tick rings."""
    while (answer := client.get("/readyz")).status_code == 200:
        clock.forward(seconds=8)
        time.sleep(0.15)
    return str(answer.get_json(force=True)["checks"]["worker"])


@pytest.mark.parametrize(
    ("tick", "duty"),
    [
        ("leases", "taking back what a stopped worker was sending"),
        ("follow ups", "putting follow-ups into inboxes"),
        ("retention", "emptying what was kept long enough"),
    ],
)
@pytest.mark.faults("G7")
def test_a_duty_that_dies_is_named_within_two_minutes_and_a_new_start_heals(
    client: FlaskClient, store: Store, clock: Clock, tick: str, duty: str
) -> None:
    refusing = Refusing(tick)
    with worker(store, clock, refusing):
        until_ready(client)
        assert duty in until_not_ready(client, clock)
        assert clock() - START <= timedelta(minutes=2)
    refusing.broken = ""
    with worker(store, clock, refusing):
        until_ready(client)


def test_every_duty_has_plain_words() -> None:
    assert {tick.name for tick in TICKS} - {"heartbeat"} == set(DUTIES)


@pytest.fixture
def shared(tmp_path: Path, clock: Clock, dry_run: DryRun) -> Iterator[WebServices]:
    """The web part on a database that several workers share."""
    with postgres_database() as url, Store.open(url, Vault.from_text(new_key_text())) as store:
        yield services_with(store, tmp_path, clock, dry_run)


def show(services: WebServices, name: str, seconds_ago: float, detail: str = "") -> None:
    with services.store.side_by_side() as tx:
        tx.heartbeats.beat(name, services.now() - timedelta(seconds=seconds_ago), detail)


def test_of_several_workers_one_at_work_is_enough_and_the_silent_one_is_counted(
    shared: WebServices,
) -> None:
    client = create_app(shared).test_client()
    show(shared, f"{WORKER} a", 5)
    show(shared, f"{WORKER} b", 6)
    show(shared, f"{WORKER} c", 600)
    show(shared, WORKER, 5)
    show(shared, LEADER, 6, "b")
    assert client.get("/readyz").status_code == 200
    shown = client.get("/metrics").text.splitlines()
    assert {"connector_workers_at_work 2.0", "connector_workers_silent 1.0"} <= set(shown)


def test_a_leader_that_does_not_do_its_rounds_makes_it_not_ready_though_others_work(
    shared: WebServices,
) -> None:
    show(shared, f"{WORKER} a", 5)
    show(shared, f"{WORKER} b", 600, "follow ups")
    show(shared, WORKER, 5)
    show(shared, LEADER, 600, "b")
    answer = create_app(shared).test_client().get("/readyz")
    assert answer.status_code == 503
    assert "putting follow-ups into inboxes" in answer.text
