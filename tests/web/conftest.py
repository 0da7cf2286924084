"""The web part on a real database in a fresh folder."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from front_door import settings
from made_once import store_in
from receiving import Clock, DryRun, Sender, services_with
from servers import postgres_database

from connector.store import Store
from connector.vault import Vault
from connector.web import WebServices, create_app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dry_run() -> DryRun:
    return DryRun()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    vault = Vault.from_text("k1:" + base64.b64encode(bytes(range(32))).decode())
    with store_in(tmp_path, vault) as opened:
        yield opened


@pytest.fixture
def services(store: Store, tmp_path: Path, clock: Clock, dry_run: DryRun) -> WebServices:
    return services_with(store, tmp_path, clock, dry_run)


@pytest.fixture
def client(services: WebServices) -> FlaskClient:
    return create_app(services).test_client()


@pytest.fixture
def sender(client: FlaskClient, clock: Clock) -> Sender:
    return Sender(client, clock)


@pytest.fixture
def postgres() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Settings of real web processes: on a SQLite file, and on a fresh PostgreSQL database."""
    on_postgres = request.param == "postgresql"
    return settings(tmp_path / "data", request.getfixturevalue("postgres") if on_postgres else "")
