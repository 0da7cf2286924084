"""The PostgreSQL server itself stops and starts again while everything runs (R7, G11).

No process of ours is started anew, nothing is lost and nothing doubled.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from live_forms import assessment
from live_stage import LiveStage
from many_stage import WHOLE, all_done, held_by_person, many_stage, send_forms, start_workers
from servers import OwnPostgres, own_postgres

pytestmark = pytest.mark.live

HOST = "north"
WORKERS = ("worker 1", "worker 2")
SECONDS_BETWEEN = (3, 1, 4, 2, 3, 2)


@pytest.fixture
def server() -> Iterator[OwnPostgres]:
    with own_postgres() as running:
        yield running


@pytest.fixture
def stage(server: OwnPostgres, tmp_path: Path) -> Iterator[LiveStage]:
    """A web part and two workers on the test's own server."""
    url = f"{server.address}/postgres"
    with many_stage(tmp_path, CONNECTOR_DATABASE_URL=url) as running:
        start_workers(running, *WORKERS)
        yield running


def nobody_ended(stage: LiveStage) -> bool:
    return all(stage.running[name].poll() is None for name in ("web", *WORKERS))


def assert_whole(stage: LiveStage, sent: dict[str, str]) -> None:
    """Everything of every form is in the host, once, by the processes of the beginning."""
    all_done(stage, sent)
    assert held_by_person(stage, HOST, list(sent)) == [WHOLE] * len(sent)
    assert nobody_ended(stage)


@pytest.mark.faults("R7")
def test_a_server_that_is_stopped_and_started_again(server: OwnPostgres, stage: LiveStage) -> None:
    sent = send_forms(stage, HOST, 6)
    server.stop()
    late = [assessment() for _ in range(3)]
    for form in late * 2:
        answer = stage.send(HOST, form, delivery=f"late-{form['person']['id']}")
        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert int(answer.headers["Retry-After"]) > 0
    time.sleep(5)
    assert nobody_ended(stage)
    server.start()
    for form in late:
        answer = stage.send(HOST, form, delivery=f"late-{form['person']['id']}")
        assert answer.status_code == 202, answer.text
        sent[form["person"]["id"]] = answer.json()["submission"]
    assert_whole(stage, sent)


@pytest.mark.faults("G11")
def test_a_server_that_crashes_every_few_seconds(server: OwnPostgres, stage: LiveStage) -> None:
    over = Event()
    with ThreadPoolExecutor(1) as host:
        sending = host.submit(sent_until, stage, over)
        try:
            for seconds in SECONDS_BETWEEN:
                time.sleep(seconds)
                server.crash()
                server.start()
        finally:
            over.set()
        sent = sending.result(timeout=60)
    assert len(sent) > 10
    assert_whole(stage, sent)


def sent_until(stage: LiveStage, over: Event) -> dict[str, str]:
    """One form after another, each as a host sends it: again, until it is taken."""
    sent: dict[str, str] = {}
    while not over.is_set():
        form = assessment()
        sent[form["person"]["id"]] = taken(stage, form)
        time.sleep(0.4)
    return sent


def taken(stage: LiveStage, form: dict[str, Any]) -> str:
    """The submission of a form, sent under one delivery id until the answer is 202."""
    for _ in range(200):
        answer = stage.send(HOST, form, delivery=f"crash-{form['person']['id']}")
        if answer.status_code == 202:
            return str(answer.json()["submission"])
        assert answer.status_code == 503, answer.text
        time.sleep(0.1)
    pytest.fail("it was never taken")
