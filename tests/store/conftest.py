"""A real store in a folder of its own, with a key made for the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
    with Store.open(f"sqlite:///{database}", vault, busy_seconds=5) as opened:
        yield opened
