"""Every fault is injected on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_stage import KEYS, Running, Stage, fault_stage
from lent_databases import lent_database
from made_once import sqlite_database

from connector.store import Store
from connector.vault import Vault


@pytest.fixture(scope="package")
def one_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with fault_stage(tmp_path_factory.mktemp("faults")) as made:
        yield made


@pytest.fixture
def stage(one_stage: Stage, request: pytest.FixtureRequest) -> Stage:
    one_stage.afresh()
    return one_stage


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    database = sqlite_database(tmp_path) if request.param == "sqlite" else lent_database()
    with Store(database, Vault.from_text(KEYS)) as opened:
        yield opened


@pytest.fixture
def running(stage: Stage, store: Store) -> Iterator[Running]:
    made = stage.running(store)
    yield made
    made.close()
