"""`connector backup` and `connector restore`: everything kept, in one file, and back again."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from connector import logs
from connector.cli.options import console, json_option, print_json
from connector.cli.running import clock_option
from connector.dates import LONDON, in_words, london_date
from connector.errors import SetupProblem
from connector.file_clock import FileClock
from connector.settings import Settings

if TYPE_CHECKING:
    from connector.store.backups import Backup, Counted, Restored
    from connector.store.database import Database

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.command("backup")
@file_argument
@click.option("--force", is_flag=True, help="Replace a file of this name.")
@clock_option
@json_option
def backup_command(file: Path, force: bool, clock: Path | None, as_json: bool) -> None:
    """Write everything the connector keeps into FILE, while it goes on running.

    One SQLite file, whichever database is in use. What is encrypted stays encrypted: keep
    CONNECTOR_KEYS as well, in another place.
    """
    from connector.store.backups import back_up

    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already. Name a new file, or say --force.")
    settings = _settings()
    with closing(_database_in_use(settings)) as database, _progress("Backing up") as counted:
        made = back_up(database, file, counted, _now(clock, database))
    if as_json:
        print_json(_backup_facts(made))
    else:
        click.echo(
            f"Wrote {file}: {sum(made.rows.values()):,} rows, {made.size:,} bytes, as of "
            f"{_moment(made.made_at)}. It was read again and is whole.\n"
            "It cannot be used without CONNECTOR_KEYS: keep them too, in another place."
        )


@click.command("restore")
@file_argument
@clock_option
@json_option
def restore_command(file: Path, clock: Path | None, as_json: bool) -> None:
    """Put the backup in FILE into an empty database, SQLite or PostgreSQL.

    Stop the connector first, everywhere. Afterwards whatever may have been sent to a case system
    since the backup is looked for there before it is sent.
    """
    from connector.store.backups import restore
    from connector.store.database import open_database

    settings = _settings()
    database = open_database(settings.database_url)
    with closing(database), _progress("Restoring") as counted:
        restored = restore(file, database, settings.vault, counted, _now(clock, database))
    if as_json:
        print_json(_restored_facts(restored))
    else:
        click.echo(_what_next(restored))


def _settings() -> Settings:
    settings = Settings.from_environment(os.environ)
    logs.start(settings.log_level, stream=sys.stderr, env=os.environ)
    return settings


def _database_in_use(settings: Settings) -> "Database":
    """The database as it is; none is made by looking for it."""
    from connector.store.database import open_database
    from connector.store.engine import address_of

    address = address_of(settings.database_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        raise SetupProblem(
            f"There is no database {address.database}. Check CONNECTOR_DATA and "
            "CONNECTOR_DATABASE_URL."
        )
    return open_database(settings.database_url)


def _now(clock: Path | None, database: "Database") -> Callable[[], datetime]:
    return FileClock(clock) if clock else database.now


@contextmanager
def _progress(what: str) -> "Iterator[Counted]":
    """A bar on a terminal, and nothing where the output goes elsewhere."""
    from rich.progress import Progress

    shown = console(stderr=True)
    with Progress(console=shown, disable=not shown.is_terminal, transient=True) as bar:

        def counted(rows: Mapping[str, int]) -> Callable[[str, int], None]:
            line = bar.add_task(what, total=sum(rows.values()))
            return lambda _table, done: bar.advance(line, done)

        yield counted


def _moment(at: datetime) -> str:
    return f"{in_words(london_date(at))} {at.astimezone(LONDON):%H:%M:%S} (London)"


def _backup_facts(made: "Backup") -> dict[str, object]:
    return {
        "file": str(made.file),
        "made_at": made.made_at.isoformat(),
        "bytes": made.size,
        "rows": dict(made.rows),
    }


def _restored_facts(restored: "Restored") -> dict[str, object]:
    return {
        "backup_at": restored.backup_at.isoformat(),
        "restored_at": restored.restored_at.isoformat(),
        "rows": dict(restored.rows),
        "looked_for_first": restored.in_doubt,
    }


def _what_next(restored: "Restored") -> str:
    since, until = _moment(restored.backup_at), _moment(restored.restored_at)
    return (
        f"Put back {sum(restored.rows.values()):,} rows, as of {since}.\n"
        f"{restored.in_doubt:,} writes were under way then: they are looked for in the case "
        "system before they are sent, and so is what comes up again from the time since.\n"
        "Next:\n"
        "  1. Make sure that no connector runs on the old database any more, then start this "
        "one.\n"
        f"  2. Have the case system send again what was completed from {since} to {until}; a "
        "form that comes twice counts once. Where the connector asks for missed forms, it does "
        "so by itself.\n"
        "  3. `connector submissions --state parked` lists what only a person can tell."
    )
