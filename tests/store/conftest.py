"""A real store in a folder of its own, with a key made for the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_once import store_in

from connector.store import Store
from connector.vault import Vault, new_key_text


@pytest.fixture
def vault() -> Vault:
    return Vault.from_text(new_key_text())


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "connector.db"


@pytest.fixture
def store(database: Path, vault: Vault) -> Iterator[Store]:
    with store_in(database.parent, vault) as opened:
        yield opened
