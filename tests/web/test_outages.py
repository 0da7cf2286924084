"""What stands in the way of keeping a form is our outage: a 503, and after it all goes on (R7)."""

import contextlib
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import requests
from front_door import FrontDoor, front_door, settings
from receiving import Clock, DryRun, Sender, services_with
from sqlalchemy import event
from wire import Wire

from connector.store import Store
from connector.vault import Vault, new_key_text
from connector.web import create_app

pytestmark = [pytest.mark.live, pytest.mark.faults("R7")]

FORM = {"form": {"id": "F-1"}, "text": "a" * 20_000}
SMALL_FILE = 600_000


def assert_sent_again_later(answer: requests.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0


def until_full(door: FrontDoor) -> list[str]:
    """Post until one is not taken; those that were."""
    taken: list[str] = []
    for number in range(2_000):
        answer = door.post(FORM, f"before-{number}")
        if answer.status_code != 202:
            assert_sent_again_later(answer)
            return taken
        taken.append(f"before-{number}")
    pytest.fail("it was never full")


def assert_goes_on(door: FrontDoor, taken: list[str]) -> None:
    """The one that was turned away is taken now, and what was taken before is there."""
    answer = door.post(FORM, "after")
    assert answer.status_code == 202, answer.text
    assert {*taken, "after"} <= door.kept().keys()


def test_a_file_that_may_not_grow_and_then_may(tmp_path: Path) -> None:
    def keep_files_small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILE, resource.RLIM_INFINITY))

    with front_door(settings(tmp_path / "data"), keep_files_small) as door:
        taken = until_full(door)
        assert len(taken) > 3
        for again in range(5):
            assert_sent_again_later(door.post(FORM, f"still-{again}"))
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(door.process.pid, resource.RLIMIT_FSIZE, unlimited)
        assert_goes_on(door, taken)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk; the file that may not grow stands in")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_and_then_one_with_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, front_door(settings(disk / "data")) as door:
        filler = disk / "filler"
        filler.write_bytes(bytes(1_500_000))
        taken = until_full(door)
        for again in range(5):
            assert_sent_again_later(door.post(FORM, f"still-{again}"))
        filler.unlink()
        assert_goes_on(door, taken)


def test_a_file_locked_by_another_program_for_too_long(
    tmp_path: Path, clock: Clock, dry_run: DryRun
) -> None:
    file = tmp_path / "c.db"
    vault = Vault.from_text(new_key_text())
    with Store.open(f"sqlite:///{file}", vault, busy_seconds=0.3) as store:
        client = create_app(services_with(store, tmp_path, clock, dry_run)).test_client()
        sender = Sender(client, clock)
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answer = sender.post()
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        other.execute("ROLLBACK")
        other.close()
        assert sender.post().status_code == 202


def test_a_file_that_becomes_read_only(tmp_path: Path, clock: Clock, dry_run: DryRun) -> None:
    vault = Vault.from_text(new_key_text())
    with Store.open(f"sqlite:///{tmp_path / 'c.db'}", vault) as store:
        client = create_app(services_with(store, tmp_path, clock, dry_run)).test_client()
        sender = Sender(client, clock)
        read_only = ["ON"]

        def as_told(raw: sqlite3.Connection, *_: object) -> None:
            raw.execute(f"PRAGMA query_only = {read_only[-1]}")

        event.listen(store.database.engine, "checkout", as_told)
        answer = sender.post()
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        read_only.append("OFF")
        assert sender.post().status_code == 202


def test_a_table_locked_on_the_server_for_too_long(
    postgres: str, tmp_path: Path, clock: Clock, dry_run: DryRun
) -> None:
    vault = Vault.from_text(new_key_text())
    with Store.open(postgres, vault, busy_seconds=0.3) as store:
        client = create_app(services_with(store, tmp_path, clock, dry_run)).test_client()
        sender = Sender(client, clock)
        with psycopg.connect(postgres) as other:
            other.execute("LOCK TABLE submission IN ACCESS EXCLUSIVE MODE")
            answer = sender.post()
            assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        assert sender.post().status_code == 202


@pytest.fixture
def administrator(postgres: str) -> Iterator[psycopg.Connection]:
    """On the same server, not in the database that is in trouble."""
    server = postgres.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        yield connection


TROUBLES = {
    "refuses connections": ("ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"),
    "read-only": (
        "SET default_transaction_read_only = on",
        "RESET default_transaction_read_only",
    ),
    "no connection left": ("CONNECTION LIMIT 0", "CONNECTION LIMIT -1"),
}


def throw_everybody_out(administrator: psycopg.Connection, database: str) -> None:
    administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
    )


@pytest.fixture
def as_nobody_special(postgres: str, administrator: psycopg.Connection) -> Iterator[str]:
    """The database for an account of its own: who runs the server is let in whatever it says."""
    name = postgres.rpartition("/")[2]
    administrator.execute(f"CREATE ROLE of_{name} LOGIN")
    administrator.execute(f"ALTER DATABASE {name} OWNER TO of_{name}")
    there = urlsplit(postgres)
    yield there._replace(netloc=f"of_{name}@{there.hostname}:{there.port}").geturl()
    with psycopg.connect(postgres) as inside:
        inside.execute(f"REASSIGN OWNED BY of_{name} TO postgres")
    administrator.execute(f"DROP ROLE of_{name}")


def test_a_server_in_trouble_and_then_in_order(
    as_nobody_special: str, administrator: psycopg.Connection, tmp_path: Path
) -> None:
    name = as_nobody_special.rpartition("/")[2]
    with front_door(settings(tmp_path / "data", as_nobody_special)) as door:
        assert door.post(FORM, "before").status_code == 202
        for what, (trouble, order) in TROUBLES.items():
            administrator.execute(f"ALTER DATABASE {name} {trouble}")
            throw_everybody_out(administrator, name)
            for again in range(3):
                assert_sent_again_later(door.post(FORM, f"{what}-{again}"))
            administrator.execute(f"ALTER DATABASE {name} {order}")
            throw_everybody_out(administrator, name)
            assert door.post(FORM, f"{what}-0").status_code == 202, what
        assert door.kept().keys() == {"before", *(f"{what}-0" for what in TROUBLES)}


def test_a_server_that_restarts_costs_nobody_a_form(
    postgres: str, administrator: psycopg.Connection, tmp_path: Path
) -> None:
    with front_door(settings(tmp_path / "data", postgres)) as door:
        for number in range(10):
            throw_everybody_out(administrator, postgres.rpartition("/")[2])
            assert door.post(FORM, f"after-{number}").status_code == 202


def test_a_wire_that_is_cut_and_mended(postgres: str, tmp_path: Path) -> None:
    there = urlsplit(postgres)
    with Wire((there.hostname or "", there.port or 5432)) as wire:
        through = there._replace(netloc=f"postgres@127.0.0.1:{wire.port}").geturl()
        with front_door(settings(tmp_path / "data", through)) as door:
            assert door.post(FORM, "before").status_code == 202
            wire.cut()
            for again in range(3):
                assert_sent_again_later(door.post(FORM, f"cut-{again}"))
            wire.mend()
            assert_goes_on(door, ["before"])
