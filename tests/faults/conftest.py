"""Every fault is injected on both databases, and after each one every promise is kept."""

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fault_stage import KEYS, Running, Stage, fault_stage
from invariants import every_promise_is_kept
from lent_databases import lent_database
from logs_as_before import AsBefore
from made_once import sqlite_database

from connector import logs
from connector.store import Store
from connector.vault import Vault

Stages = Callable[[dict[str, str]], Stage]


@pytest.fixture(scope="package")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stages]:
    """A stage for each way to change the texts of the host's profile."""
    made: dict[str, Stage] = {}
    with ExitStack() as ending:

        def stage(changes: dict[str, str]) -> Stage:
            key = str(changes)
            if key not in made:
                folder = tmp_path_factory.mktemp("faults")
                made[key] = ending.enter_context(fault_stage(folder, **changes))
            return made[key]

        yield stage


@pytest.fixture(scope="package")
def one_stage(stages: Stages) -> Stage:
    return stages({})


@pytest.fixture
def stage(stages: Stages, request: pytest.FixtureRequest) -> Stage:
    """A stage; a test that wants another profile gives its texts as the parameter `stage`."""
    made = stages(getattr(request, "param", {}))
    made.afresh()
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    database = sqlite_database(tmp_path) if request.param == "sqlite" else lent_database()
    with Store(database, Vault.from_text(KEYS)) as opened:
        yield opened


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, at the level that tells most."""
    said = io.StringIO()
    with AsBefore():
        logs.start("DEBUG", stream=said, env={})
        yield said


@pytest.fixture
def running(stage: Stage, store: Store, log: io.StringIO) -> Iterator[Running]:
    made = stage.running(store)
    made.with_duties(render_document=lambda _: b"%PDF-1.7")
    yield made
    every_promise_is_kept(stage, made, log.getvalue())
    made.close()
