"""The store keeps whole transactions, is opened with the right key, and tells its troubles."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from made_once import about_the_file
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError

from connector.errors import KeyProblem, OutOfOrder, SetupProblem
from connector.store import Store, tables
from connector.store.engine import address_of
from connector.store.mounts import file_system_of, network_file_system
from connector.store.sqlite_database import open_sqlite
from connector.vault import Vault, new_key_text

NOW = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)


def _url(database: Path) -> str:
    return f"sqlite:///{database}"


def _keep(store: Store, delivery_id: str = "d1") -> str:
    with store.transaction() as tx:
        return tx.submissions.keep("flat", delivery_id, b"{}", NOW).submission_id


def _body(store: Store, submission_id: str) -> bytes | None:
    with store.transaction() as tx:
        return tx.submissions.body(submission_id)


@pytest.fixture
def other(database: Path, store: Store) -> Iterator[sqlite3.Connection]:
    """Another program that has the same database open."""
    connection = sqlite3.connect(database, isolation_level=None)
    yield connection
    connection.close()


def test_the_migrations_build_exactly_the_tables_in_use(store: Store) -> None:
    with store.database.alone() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
        assert set(inspect(connection).get_table_names()) == {
            "alembic_version",
            *tables.metadata.tables,
        }


def test_opening_and_upgrading_again_changes_nothing(database: Path, vault: Vault) -> None:
    with Store.open(_url(database), vault) as store:
        kept = _keep(store)
        store.upgrade()
    with Store.open(_url(database), vault) as store, store.transaction() as tx:
        assert tx.submissions.body(kept) == b"{}"


def _open_and_keep(url: str, keys: str, name: str) -> str:
    with Store.open(url, Vault.from_text(keys)) as store:
        return _keep(store, name)


def test_processes_that_start_at_once_upgrade_one_database(database: Path) -> None:
    keys = new_key_text()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=spawn) as pool:
        asked = [pool.submit(_open_and_keep, _url(database), keys, f"d{n}") for n in range(12)]
        assert len({each.result() for each in asked}) == 12


def test_the_database_is_safe_against_power_cuts_and_wipes_what_it_deletes(database: Path) -> None:
    engine = open_sqlite(address_of(_url(database))).engine
    with engine.connect() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    engine.dispose()
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_our_account_may_read_the_files(tmp_path: Path, vault: Vault) -> None:
    database = tmp_path / "data" / "connector.db"
    with Store.open(_url(database), vault) as store:
        _keep(store)
        modes = {path.stat().st_mode & 0o777 for path in database.parent.iterdir()}
    assert modes == {0o600}
    assert database.parent.stat().st_mode & 0o777 == 0o700


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    def keep_and_fail() -> None:
        with store.transaction() as tx:
            tx.submissions.keep("flat", "d1", b"{}", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep_and_fail()
    with store.transaction() as tx:
        assert tx.submissions.listing() == []


def test_a_naive_moment_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(Exception, match="a moment needs its time zone"), store.transaction() as tx:
        tx.heartbeats.beat("worker", naive)


@about_the_file
def test_a_reference_to_nothing_is_our_mistake_and_shows_no_value(store: Store) -> None:
    with pytest.raises(IntegrityError) as caught, store.transaction() as tx:
        tx.documents.keep("eff_canary", "canary.pdf", b"%PDF")
    assert "canary" not in str(caught.value)


def test_a_lock_held_too_long_is_an_outage_without_sql(
    database: Path, vault: Vault, other: sqlite3.Connection
) -> None:
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutOfOrder, match="locked") as caught:
        Store.open(_url(database), vault, busy_seconds=0.1)
    assert "BEGIN" not in str(caught.value)


def test_service_goes_on_once_the_lock_is_gone(
    database: Path, vault: Vault, other: sqlite3.Connection
) -> None:
    with Store.open(_url(database), vault, busy_seconds=0.1) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutOfOrder, match="locked"):
            _keep(store)
        other.execute("ROLLBACK")
        assert _keep(store)


def test_a_thread_waits_for_its_turn_and_gives_up_in_time(database: Path, vault: Vault) -> None:
    with Store.open(_url(database), vault, busy_seconds=0.1) as store:
        with store.transaction() as tx:
            told: list[BaseException] = []

            def write() -> None:
                try:
                    _keep(store, "d2")
                except OutOfOrder as error:
                    told.append(error)

            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
            tx.submissions.keep("flat", "d1", b"{}", NOW)
        assert [str(error) for error in told] == ["The database is too busy."]


@pytest.mark.parametrize(
    ("pragma", "message"), [("max_page_count=1", "full"), ("query_only=ON", "read-only")]
)
def test_a_full_disk_and_a_read_only_one_are_outages_that_pass(
    database: Path, vault: Vault, pragma: str, message: str
) -> None:
    Store.open(_url(database), vault).close()
    opened = open_sqlite(address_of(_url(database)))
    engine = opened.engine

    def limit(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", limit)
    store = Store(opened, vault)
    with pytest.raises(OutOfOrder, match=message), store.transaction() as tx:
        tx.submissions.keep("flat", "d1", bytes(200_000), NOW)
    event.remove(engine, "connect", limit)
    engine.dispose()
    assert _keep(store)
    store.close()


def test_a_damaged_file_is_an_outage(database: Path, vault: Vault) -> None:
    database.write_bytes(b"no database at all " * 100)
    with pytest.raises(OutOfOrder, match="not a database"):
        Store.open(_url(database), vault)


@about_the_file
def test_a_file_that_was_moved_away_is_an_outage_until_it_is_back(
    database: Path, store: Store
) -> None:
    _keep(store)
    away = database.rename(database.with_suffix(".away"))
    with pytest.raises(OutOfOrder, match="moved, deleted or replaced"):
        _keep(store, "d2")
    away.rename(database)
    assert _keep(store, "d2")


@about_the_file
def test_tables_dropped_behind_our_back_are_an_outage(
    store: Store, other: sqlite3.Connection
) -> None:
    other.execute("DROP TABLE quarantine")
    with pytest.raises(OutOfOrder, match="database are missing"), store.transaction() as tx:
        tx.quarantine.listing()


def test_a_mistake_in_our_own_sql_is_not_called_an_outage(database: Path) -> None:
    opened = open_sqlite(address_of(_url(database)))
    with pytest.raises(OperationalError), opened.alone() as connection:
        connection.execute(text("SELECT no_such_column FROM sqlite_master"))
    opened.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_must_open_its_own(database: Path) -> None:
    script = (
        "import os, sys\n"
        "from connector.errors import SetupProblem\n"
        "from connector.store import Store\n"
        "from connector.vault import Vault, new_key_text\n"
        "store = Store.open(sys.argv[1], Vault.from_text(new_key_text()))\n"
        "child = os.fork()\n"
        "if child:\n"
        "    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "try:\n"
        "    store.transaction().__enter__()\n"
        "except SetupProblem as error:\n"
        "    os._exit(7 if 'split off' in str(error) else 8)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, _url(database)], check=False)
    assert done.returncode == 7


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_an_address_without_a_file_is_refused(url: str, vault: Vault) -> None:
    with pytest.raises(SetupProblem, match="CONNECTOR_DATABASE_URL"):
        Store.open(url, vault)


def test_a_database_this_version_cannot_use_is_refused_without_its_password(vault: Vault) -> None:
    with pytest.raises(SetupProblem, match="SQLite file or in PostgreSQL") as caught:
        Store.open("mysql://connector:canary@db/connector", vault)
    assert "canary" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_a_setup_problem(tmp_path: Path, vault: Vault) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupProblem, match="CONNECTOR_DATA"):
        Store.open(_url(tmp_path / "file" / "connector.db"), vault)


@about_the_file
@pytest.mark.faults("G5")
def test_a_database_of_a_newer_version_is_left_alone(
    database: Path, store: Store, vault: Vault, other: sqlite3.Connection
) -> None:
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SetupProblem, match="newer version"):
        Store.open(_url(database), vault)


MOUNTS = (
    "overlay / overlay rw 0 0\n"
    "/dev/sda1 /srv ext4 rw 0 0\n"
    "files:/share /srv/shared\\040files nfs4 rw 0 0\n"
    "//files/old /srv/old cifs rw 0 0\n"
    "/dev/sdb1 /srv/old ext4 rw 0 0\n"
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/connector.db", "ext4"),
        ("/srv/shared files/a/connector.db", "nfs4"),
        ("/srv/shared filesystem/connector.db", "ext4"),
        ("/srv/old/connector.db", "ext4"),
        ("/home/connector.db", "overlay"),
    ],
)
def test_the_innermost_mount_says_what_kind_of_disk_it_is(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


def test_a_network_disk_is_named_and_elsewhere_nothing_is_known(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"files:/share {tmp_path.resolve()} nfs4 rw 0 0\n")
    assert network_file_system(tmp_path / "connector.db", mounts) == "nfs4"
    assert network_file_system(Path("/elsewhere"), mounts) is None
    assert network_file_system(tmp_path, tmp_path / "none") is None


def test_a_wrong_key_is_found_before_anything_is_written(database: Path, vault: Vault) -> None:
    with Store.open(_url(database), vault) as store:
        kept = _keep(store)
    with pytest.raises(KeyProblem, match="is not the key 'k1' this database"):
        Store.open(_url(database), Vault.from_text(new_key_text()))
    with Store.open(_url(database), vault) as store, store.transaction() as tx:
        assert tx.submissions.body(kept) == b"{}"


def test_another_key_alone_is_refused_by_the_names_of_both(database: Path, vault: Vault) -> None:
    Store.open(_url(database), vault).close()
    with pytest.raises(KeyProblem, match=r"the key 'k1', and CONNECTOR_KEYS holds only 'k2'"):
        Store.open(_url(database), Vault.from_text(new_key_text("k2")))


@pytest.mark.faults("G10")
def test_keys_are_rotated_and_a_lost_old_key_costs_its_own_rows_only(database: Path) -> None:
    first, second = new_key_text("k1"), new_key_text("k2")
    with Store.open(_url(database), Vault.from_text(first)) as store:
        old = _keep(store, "old")
    with Store.open(_url(database), Vault.from_text(f"{second},{first}")) as store:
        new = _keep(store, "new")
        assert _body(store, old) == b"{}"
    with Store.open(_url(database), Vault.from_text(second)) as store:
        assert _body(store, new) == b"{}"
        with pytest.raises(KeyProblem, match="'k1'"):
            _body(store, old)
    with Store.open(_url(database), Vault.from_text(f"{second},{first}")) as store:
        assert _body(store, old) == b"{}"
