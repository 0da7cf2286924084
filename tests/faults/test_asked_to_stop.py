"""A worker is asked to stop during each of its steps (G8)."""

import os
import subprocess
import sys
import time

import pytest
from fault_stage import Running, Stage
from live_forms import assessment

from connector.store import Store

pytestmark = pytest.mark.live

STOP_SECONDS = 10
STEPS = ("person", "outcomes", "documents", "tasks", "look-up")


def worker(stage: Stage, store: Store) -> "subprocess.Popen[bytes]":
    """`connector work` as a process of its own."""
    url = store.database.engine.url.set(drivername=store.database.engine.dialect.name)
    ours = {
        "CONNECTOR_DATABASE_URL": url.render_as_string(hide_password=False),
        "CONNECTOR_TICK_SECONDS": "0.1",
    }
    with (stage.folder / "stopped.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "connector", "work"],
            env=os.environ | stage.environment | ours,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


@pytest.mark.faults("G8", "I2", "I3")
def test_it_finishes_what_it_has_in_hand_and_leaves_in_good_order(
    stage: Stage, running: Running, store: Store
) -> None:
    stage.script.writes.extend(["", "", "", "", "work then reset"])
    running.take(assessment(), "d1")
    for step in STEPS:
        stage.host.reached.clear()
        stage.host.slow_at = step
        process = worker(stage, store)
        try:
            assert stage.host.reached.wait(30), (stage.folder / "stopped.log").read_text()[-2000:]
            asked = time.monotonic()
            process.terminate()
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()
        assert time.monotonic() - asked < STOP_SECONDS, step
        assert running.effects("intent") == [], step
    running.later(minutes=1)
    running.until_rest()
    assert {each["state"].value for each in running.effects()} == {"confirmed"}
    assert len(stage.held()) == len(running.effects()) == stage.script.received == 5
