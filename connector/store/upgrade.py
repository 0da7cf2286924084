"""Bring the tables to the shape this version works with (Alembic, without an ini file)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from connector.errors import SetupProblem

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, to: str = "head") -> str | None:
    """Run the migrations still missing, inside the transaction of this connection.

    The transaction holds the write lock from its beginning, so of two processes that start at
    once the second finds the work done. Returns the revision the tables had before, None where
    there were none. Raises SetupProblem on a database of a newer version.
    """
    before = revision_of(connection)
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, to)
    except CommandError:
        raise SetupProblem(
            "The database was written by a newer version of the connector: install that version, "
            "or restore the backup made before it."
        ) from None
    return before


def revision_of(connection: Connection) -> str | None:
    """Which shape the tables have; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> tuple[str, ...]:
    """The shapes this version knows, its own first."""
    return tuple(each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
