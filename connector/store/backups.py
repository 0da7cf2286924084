"""Backups: one file with every row as it stood at one moment, and a database made from it again.

The file is a SQLite database whichever kind the rows came from, so it also moves a council from
one kind to the other. What is sealed stays sealed in it, and no key is kept with it.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Column, Connection, MetaData, Table, Text, delete, inspect, select

from connector import __version__
from connector.errors import FileProblem, SetupProblem
from connector.store import Store
from connector.store.backup_file import coming_to_be, read, written
from connector.store.columns import Instant
from connector.store.copying import copy_rows, count_rows, tables_of
from connector.store.database import Database
from connector.store.keys import check_keys, refuse_other_keys
from connector.store.restorations import enter_restored_mode
from connector.store.upgrade import revision_of, revisions, upgrade
from connector.vault import Vault

# What a start of the connector leaves behind by itself.
_FROM_A_START = frozenset({"key_check", "heartbeat"})

_about = Table(
    "backup",
    MetaData(),
    Column("made_at", Instant, nullable=False),
    Column("connector", Text, nullable=False),
)

Counted = Callable[[Mapping[str, int]], Callable[[str, int], None]]
"""Told how many rows each table has; gives what is told of each table as its rows are copied."""


@dataclass(frozen=True)
class Backup:
    """A backup: the moment it shows, its size in bytes, and how many rows it has of each table."""

    file: Path
    made_at: datetime
    size: int
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Restored:
    """A backup that was put back. `in_doubt`: writes that are looked for before they are sent."""

    backup_at: datetime
    restored_at: datetime
    rows: Mapping[str, int]
    in_doubt: int


def back_up(
    database: Database, file: Path, counted: Counted, now: Callable[[], datetime]
) -> Backup:
    """Write a backup of one moment, beside whoever reads and writes meanwhile, and look it over.

    The file has its name once it is whole, instead of any of that name. Raises SetupProblem where
    there is nothing to back up, FileProblem where it cannot be written.
    """
    made_at = now()
    with coming_to_be(file) as part:
        with database.looking() as source:
            revision = _known_revision(source)
            expected = count_rows(source)
            with written(part) as target:
                upgrade(target, revision)
                copy_rows(source, target, counted(expected))
                _about.create(target)
                target.execute(_about.insert().values(made_at=made_at, connector=__version__))
        with read(part) as target:
            _look_over(target, expected, file)
        size = part.stat().st_size
    return Backup(file, made_at, size, expected)


def restore(
    file: Path, database: Database, vault: Vault, counted: Counted, now: Callable[[], datetime]
) -> Restored:
    """Put a backup into an empty database, all of it or nothing, and go into restored mode.

    Raises FileProblem for what is no backup or of a newer version, KeyProblem for a wrong key,
    SetupProblem where the database is not empty; nothing was changed then.
    """
    with _as_of_this_version(file, vault) as copy, read(copy) as source:
        refuse_other_keys(source, vault)
        expected = count_rows(source)
        _look_over(source, expected, file)
        restored_at = now()
        backup_at = min(_made_at(source), restored_at)
        with database.alone() as target:
            upgrade(target)
            _make_room(target)
            copy_rows(source, target, counted(expected))
            if count_rows(target) != expected:
                raise FileProblem(f"{file} could not be copied whole. Nothing was changed.")
            check_keys(target, vault)
            in_doubt = enter_restored_mode(target, backup_at, restored_at)
    return Restored(backup_at, restored_at, expected, in_doubt)


def _known_revision(source: Connection) -> str:
    revision = revision_of(source)
    if revision is None:
        raise SetupProblem(
            "There is nothing to back up: the database has no tables. Check CONNECTOR_DATA and "
            "CONNECTOR_DATABASE_URL."
        )
    if revision not in revisions():
        raise SetupProblem(
            "The database was written by a newer version of the connector: make the backup with "
            "that version."
        )
    return revision


def _made_at(source: Connection) -> datetime:
    made_at: datetime = source.execute(select(_about.c.made_at)).scalar_one()
    return made_at


@contextmanager
def _as_of_this_version(file: Path, vault: Vault) -> Iterator[Path]:
    """The backup itself, or a copy of an older one whose tables are brought up to date."""
    with read(file) as source:
        if not inspect(source).has_table(_about.name):
            raise FileProblem(f"{file} was not made by `connector backup`. Nothing was changed.")
        revision, known = revision_of(source), revisions()
    if revision not in known:
        raise FileProblem(
            f"{file} was made by a newer version of the connector: install that version and "
            "restore it with that. Nothing was changed."
        )
    if revision == known[0]:
        yield file
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "connector.db"
        shutil.copyfile(file, copy)
        Store.open(f"sqlite:///{copy}", vault).close()
        yield copy


def _look_over(backup: Connection, expected: Mapping[str, int], file: Path) -> None:
    """Refuse a backup that is damaged or not whole."""
    sound = backup.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
    loose = backup.exec_driver_sql("PRAGMA foreign_key_check").first()
    if not sound or loose or count_rows(backup) != expected:
        raise FileProblem(f"{file} is damaged: use another backup, or make a new one.")


def _make_room(target: Connection) -> None:
    """Refuse a database in which anything is kept; what a start left in it goes."""
    kept = {
        name: count
        for name, count in count_rows(target).items()
        if count and name not in _FROM_A_START
    }
    if kept:
        held = ", ".join(f"{count} in {name}" for name, count in sorted(kept.items()))
        raise SetupProblem(
            f"The database is not empty (rows: {held}). A backup is put into an empty one only: "
            "stop the connector, move the old database away or name a new one with CONNECTOR_DATA "
            "or CONNECTOR_DATABASE_URL, and restore again. Nothing was changed."
        )
    for table in tables_of(target):
        if table.name in _FROM_A_START:
            target.execute(delete(table))
