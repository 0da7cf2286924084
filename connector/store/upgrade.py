"""Bring the tables to the shape this version works with (Alembic, without an ini file)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection

from connector.errors import SetupProblem

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> str | None:
    """Run the migrations still missing, inside the transaction of this connection.

    The transaction holds the write lock from its beginning, so of two processes that start at
    once the second finds the work done. Returns the revision the tables had before, None where
    there were none. Raises SetupProblem on a database of a newer version.
    """
    before = MigrationContext.configure(connection).get_current_revision()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise SetupProblem(
            "The database was written by a newer version of the connector: install that version, "
            "or restore the backup made before it."
        ) from None
    return before
