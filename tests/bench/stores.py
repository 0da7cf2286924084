"""The databases that are measured beside each other, each empty and new."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import postgres_database

from .setting import Setting

SQLITE, POSTGRES = "SQLite", "PostgreSQL"


@contextmanager
def database(of: Setting, kind: str) -> Iterator[dict[str, str]]:
    """The environment of a connector on an empty database of this kind, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(dir=of.folder))
    env = of.environment | {"CONNECTOR_DATA": str(folder)}
    if kind == SQLITE:
        yield env | {"CONNECTOR_DATABASE_URL": f"sqlite:///{folder / 'connector.db'}"}
        return
    with postgres_database() as url:
        yield env | {"CONNECTOR_DATABASE_URL": url}
