"""One stage for all live tests of this process: each test has people of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_stage import ARGUMENTS, BOTH, LiveStage, live_stage, wait_for


@pytest.fixture(scope="session")
def one_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveStage]:
    folder: Path = tmp_path_factory.mktemp("live")
    with live_stage(folder) as running:
        yield running


@pytest.fixture
def stage(one_stage: LiveStage) -> Iterator[LiveStage]:
    """Everything runs, behaves and is at rest, whatever the test before did."""
    if BOTH in one_stage.running:
        one_stage.kill(BOTH)  # a test failed half-way
    for name in ARGUMENTS:
        process = one_stage.running.get(name)
        if process is None or process.poll() is not None:
            one_stage.start(name)
    wait_for(one_stage.under_way, lambda left: not left)
    yield one_stage
    one_stage.behave()
