"""A backup shows one moment, whole and sealed; it is put back whole, or not at all."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filled_tables import NOW, fill, rows_of
from first_version_database import FirstVersion
from servers import postgres_database

from connector.errors import FileProblem, KeyProblem, SetupProblem
from connector.store import Store
from connector.store.backups import Backup, Restored, back_up, restore
from connector.store.database import Database, open_database
from connector.store.keys import check_keys
from connector.store.upgrade import upgrade
from connector.vault import Vault, new_key_text

pytestmark = pytest.mark.faults("G9")

KEY = bytes(range(32))
ADDED = frozenset({"restoration"})


def unseen(_rows: Mapping[str, int]) -> Callable[[str, int], None]:
    return lambda _table, _done: None


def clock() -> datetime:
    return NOW


def backed_up(database: Database, file: Path) -> Backup:
    return back_up(database, file, unseen, clock)


def put_back(file: Path, database: Database, vault: Vault, days: int = 1) -> Restored:
    return restore(file, database, vault, unseen, lambda: NOW + timedelta(days=days))


@pytest.fixture
def vault() -> Vault:
    return Vault({"k1": KEY}, "k1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "connector.backup"


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database that nobody has used yet."""
    with closing(open_database(f"sqlite:///{tmp_path / 'new' / 'connector.db'}")) as database:
        yield database


@pytest.fixture
def outgrown() -> Iterator[Database]:
    """A PostgreSQL database that nobody has used yet."""
    with postgres_database() as url, closing(open_database(url)) as database:
        yield database


@pytest.fixture
def full(tmp_path: Path, vault: Vault) -> Iterator[Database]:
    """A SQLite database with rows in every table."""
    with closing(open_database(f"sqlite:///{tmp_path / 'full.db'}")) as database:
        with database.alone() as connection:
            upgrade(connection)
            check_keys(connection, vault)
            fill(connection)
        yield database


def everything(database: Database) -> dict[str, list[object]]:
    with database.looking() as connection:
        return rows_of(connection, but=ADDED)


def test_a_backup_put_back_has_every_row_of_every_table(
    full: Database, embedded: Database, file: Path, vault: Vault
) -> None:
    made = backed_up(full, file)
    put_back(file, embedded, vault)
    assert everything(embedded) == everything(full)
    assert sum(made.rows.values()) == sum(map(len, everything(full).values())) + 450


def test_a_council_moves_to_postgresql_and_back_without_losing_a_letter(
    full: Database, outgrown: Database, embedded: Database, file: Path, vault: Vault
) -> None:
    backed_up(full, file)
    put_back(file, outgrown, vault)
    assert everything(outgrown) == everything(full)
    again = file.with_name("again")
    backed_up(outgrown, again)
    put_back(again, embedded, vault, days=2)
    assert everything(embedded) == everything(full)


@pytest.mark.parametrize("kind", ["embedded", "outgrown"])
def test_a_backup_made_while_others_write_shows_one_moment(
    kind: str, request: pytest.FixtureRequest, file: Path, vault: Vault
) -> None:
    database: Database = request.getfixturevalue(kind)
    store = Store(database, vault)
    store.upgrade()
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with store.transaction() as tx:
                tx.submissions.keep("flat", f"d{number}", b"{}", NOW)
                tx.quarantine.keep("flat", f"d{number}", b"{}", NOW, "twin")
            wrote.set()

    def slowly(_rows: Mapping[str, int]) -> Callable[[str, int], None]:
        def copied(_table: str, _done: int) -> None:
            wrote.clear()
            assert wrote.wait(10), "the backup held up whoever writes"

        return copied

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert wrote.wait(10)
        made = back_up(database, file, slowly, clock)
    finally:
        stop.set()
        writer.join()
    assert made.rows["submission"] == made.rows["quarantine"] > 0
    with store.transaction() as tx:
        later = sum(tx.counts.submissions().values())
    assert later > made.rows["submission"]


def test_only_its_owner_may_read_a_backup_and_nothing_lies_beside_it(
    full: Database, file: Path
) -> None:
    before = set(file.parent.iterdir())
    backed_up(full, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(file.parent.iterdir()) - before == {file}


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from connector.store.backups import back_up
from connector.store.database import open_database
die = lambda rows: lambda table, done: os._exit(137)
back_up(open_database(sys.argv[1]), Path(sys.argv[2]), die, lambda: datetime.now(UTC))
"""


def test_a_backup_that_is_killed_half_way_leaves_no_file_of_that_name(
    full: Database, tmp_path: Path, file: Path
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, f"sqlite:///{tmp_path / 'full.db'}", str(file)],
        env=dict(os.environ),
        check=False,
    )
    assert killed.returncode == 137
    assert not file.exists()


def test_a_backup_that_fails_half_way_keeps_the_one_before_it(full: Database, file: Path) -> None:
    backed_up(full, file)
    whole, there = file.read_bytes(), set(file.parent.iterdir())

    def fails(_table: str, _done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(full, file, lambda _rows: fails, clock)
    assert file.read_bytes() == whole
    assert set(file.parent.iterdir()) == there


def test_a_database_without_tables_is_not_backed_up(embedded: Database, file: Path) -> None:
    with pytest.raises(SetupProblem, match="nothing to back up"):
        backed_up(embedded, file)
    assert not file.exists()


def test_a_backup_cannot_be_written_where_there_is_no_folder(full: Database, file: Path) -> None:
    with pytest.raises(FileProblem, match="cannot be written"):
        backed_up(full, file.parent / "nowhere" / "backup")


def test_nothing_is_put_back_with_another_key(
    full: Database, embedded: Database, file: Path
) -> None:
    backed_up(full, file)
    with pytest.raises(KeyProblem, match="not the key"):
        put_back(file, embedded, Vault.from_text(new_key_text()))
    with pytest.raises(SetupProblem, match="no tables"):
        backed_up(embedded, file.with_name("none"))


def test_a_database_in_which_anything_is_kept_is_left_alone(
    full: Database, embedded: Database, file: Path, vault: Vault
) -> None:
    backed_up(full, file)
    with Store(embedded, vault) as store:
        store.upgrade()
        with store.transaction() as tx:
            tx.submissions.keep("flat", "d1", b"{}", NOW)
        with pytest.raises(SetupProblem, match="1 in submission"):
            put_back(file, embedded, vault)
        assert len(everything(embedded)["submission"]) == 1


def test_a_database_that_was_only_started_counts_as_empty(
    full: Database, embedded: Database, file: Path, vault: Vault
) -> None:
    backed_up(full, file)
    with Store(embedded, vault) as store:
        store.upgrade()
        with store.transaction() as tx:
            tx.heartbeats.beat("worker", NOW)
        put_back(file, embedded, vault)
        assert everything(embedded) == everything(full)


def test_a_new_key_is_known_after_the_restoring_as_after_any_start(
    full: Database, embedded: Database, file: Path
) -> None:
    backed_up(full, file)
    both = Vault({"new": bytes(32), "k1": KEY}, "new")
    put_back(file, embedded, both)
    assert {row[0] for row in everything(embedded)["key_check"]} == {"k1", "new"}  # type: ignore[index]


def test_a_file_that_is_no_backup_is_refused(
    full: Database, embedded: Database, file: Path, vault: Vault, tmp_path: Path
) -> None:
    with pytest.raises(FileProblem, match="There is no file"):
        put_back(file, embedded, vault)
    file.write_text("Dear all,")
    with pytest.raises(FileProblem, match="no backup"):
        put_back(file, embedded, vault)
    with pytest.raises(FileProblem, match="not made by `connector backup`"):
        put_back(tmp_path / "full.db", embedded, vault)


def test_a_damaged_backup_is_refused(
    full: Database, embedded: Database, file: Path, vault: Vault
) -> None:
    backed_up(full, file)
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8192] = b"\xff" * 8192
    file.write_bytes(content)
    with pytest.raises(FileProblem, match="damaged"):
        put_back(file, embedded, vault)


def test_a_backup_of_a_newer_version_is_refused(
    full: Database, embedded: Database, file: Path, vault: Vault
) -> None:
    backed_up(full, file)
    with closing(sqlite3.connect(file)) as backup, backup:
        backup.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(FileProblem, match="newer version"):
        put_back(file, embedded, vault)


@pytest.mark.parametrize("kind", ["embedded", "outgrown"])
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, file: Path, vault: Vault
) -> None:
    with closing(open_database(f"sqlite:///{tmp_path / 'old.db'}")) as old:
        with old.alone() as connection:
            upgrade(connection, "0001")
            first = FirstVersion(connection, vault)
            sealed = first.seal(b"sealed by the connector", "key_check/k1/canary")
            first.insert("key_check", key_id="k1", canary=sealed)
            first.form("sub_1", "F1")
        backed_up(old, file)
    target: Database = request.getfixturevalue(kind)
    put_back(file, target, vault)
    with Store(target, vault) as store:
        store.upgrade()
        with store.transaction() as tx:
            assert tx.submissions.body("sub_1") == b"{}"


def test_no_word_of_a_form_stands_in_a_backup(tmp_path: Path, file: Path, vault: Vault) -> None:
    word = b"Quillfeather"
    with Store.open(f"sqlite:///{tmp_path / 'connector.db'}", vault) as store:
        with store.transaction() as tx:
            tx.submissions.keep("flat", "d1", b'{"name": "' + word + b'"}', datetime.now(UTC))
        backed_up(store.database, file)
    assert word not in file.read_bytes()
    assert KEY not in file.read_bytes()
