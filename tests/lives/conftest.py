"""One council for each test, and the configuration all of them share."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import structlog
from short_life import ShortLife

from connector.profiles import Configuration, load, packaged_folder
from connector.store import Store
from connector.store.engine import open_engine
from connector.vault import Vault, new_key_text

_SILENT = logging.CRITICAL


@pytest.fixture(scope="session")
def configuration() -> Configuration:
    return load(packaged_folder())


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nobody reads the log of so many days."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(_SILENT))
    yield
    structlog.configure(**before)


NewStore = Callable[[Path], Store]


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> NewStore:
    """A store in this folder: a copy of an empty one, since making its tables takes long."""
    empty = tmp_path_factory.mktemp("empty") / "connector.db"
    vault = Vault.from_text(new_key_text())
    Store.open(f"sqlite:///{empty}", vault).close()

    def copied(folder: Path) -> Store:
        folder.mkdir()
        copyfile(empty, folder / empty.name)
        return Store(open_engine(f"sqlite:///{folder / empty.name}"), vault)

    return copied


@pytest.fixture
def new_life(
    tmp_path: Path, configuration: Configuration, new_store: NewStore
) -> Iterator[Callable[..., ShortLife]]:
    """Make lives, each in a council of its own."""
    lives: list[ShortLife] = []

    def make(**more: Any) -> ShortLife:
        folder = tmp_path / str(len(lives))
        lives.append(ShortLife(folder, configuration, store=new_store(folder), **more))
        return lives[-1]

    yield make
    for each in lives:
        each.council.close()


@pytest.fixture
def life(new_life: Callable[..., ShortLife]) -> ShortLife:
    """A life in a council with every setting as it comes."""
    return new_life()
