"""Alive, and able to do its job."""

from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient
from receiving import Clock

from connector.store import Store
from connector.web import WebServices, create_app


def beat(store: Store, clock: Clock) -> None:
    with store.transaction() as tx:
        tx.heartbeats.beat("worker", clock())


def test_alive_means_only_that_this_process_answers(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "connector.db").unlink()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive", "version": "9.9"})


def test_ready_when_database_worker_and_disk_are_in_order(
    client: FlaskClient, store: Store, clock: Clock
) -> None:
    beat(store, clock)
    clock.forward(seconds=119)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"] == dict.fromkeys(("database", "worker", "disk"), "in order")


def test_a_silent_worker_makes_it_not_ready(
    client: FlaskClient, store: Store, clock: Clock
) -> None:
    never = client.get("/readyz")
    assert (never.status_code, "never run" in never.text) == (503, True)
    beat(store, clock)
    clock.forward(seconds=121)
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
    beat(store, clock)
    missing = create_app(replace(services, data_folder=Path("/nowhere/at/all"))).test_client()
    assert "cannot be found" in missing.get("/readyz").text
    full = create_app(replace(services, least_free_bytes=1 << 70)).test_client()
    assert "MB left" in full.get("/readyz").text
