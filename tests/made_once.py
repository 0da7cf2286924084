"""What is slow to make and the same for every test: made once in a process."""

import os
import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from lent_databases import lent_database
from sqlalchemy import event

from connector.profiles import Configuration, load, packaged_folder
from connector.store import Store
from connector.store.database import Database
from connector.store.engine import address_of
from connector.store.keys import check_keys
from connector.store.sqlite_database import SqliteDatabase, open_sqlite
from connector.store.upgrade import upgrade
from connector.vault import Vault, new_key_text

ON_POSTGRES = os.environ.get("TEST_STORE") == "postgresql"

about_the_file = pytest.mark.skipif(ON_POSTGRES, reason="it is about the file of SQLite")


@cache
def packaged() -> Configuration:
    """The profiles and the policy that come with the product."""
    return load(packaged_folder())


def store_in(folder: Path, vault: Vault | None = None) -> Store:
    """A store in this folder, as `Store.open` leaves it, but that no test sees a power cut.

    With TEST_STORE=postgresql it lies in a PostgreSQL database instead.
    """
    database = lent_database() if ON_POSTGRES else sqlite_database(folder)
    return _keyed(database, vault or Vault.from_text(new_key_text()))


def store_on_postgres(vault: Vault) -> Store:
    """The same, in a PostgreSQL database whatever TEST_STORE says."""
    return _keyed(lent_database(), vault)


def _keyed(database: Database, vault: Vault) -> Store:
    with database.engine.begin() as connection:
        check_keys(connection, vault)
    return Store(database, vault)


def sqlite_database(folder: Path) -> SqliteDatabase:
    file = folder / "connector.db"
    file.write_bytes(_empty_tables())
    database = open_sqlite(address_of(f"sqlite:///{file}"), busy_seconds=5)
    event.listen(database.engine, "connect", _leave_the_disk_alone)
    return database


@cache
def _empty_tables() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "connector.db"
        engine = open_sqlite(address_of(f"sqlite:///{file}")).engine
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()
        return file.read_bytes()


def _leave_the_disk_alone(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF").close()
