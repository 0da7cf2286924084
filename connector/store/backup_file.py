"""The file a backup is kept in: one SQLite database that nobody else has open."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import NoReturn
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.engine import ExceptionContext

from connector.errors import FileProblem

# Journals would leave files beside it, and not every network drive gives locks.
_TO_WRITE = "mode=rw&nolock=1"
_TO_READ = "mode=ro&immutable=1"
_WRITING = ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY")


@contextmanager
def coming_to_be(file: Path) -> Iterator[Path]:
    """A new empty file for its owner only, which takes this name when the block ends well.

    It lies beside it until then. Raises FileProblem where the folder cannot be written.
    """
    try:
        handle, name = mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    except OSError as error:
        raise FileProblem(
            f"{file} cannot be written ({error.strerror}). Name a folder that exists and that this "
            "account may write to."
        ) from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        _keep(part, file)
    finally:
        part.unlink(missing_ok=True)


def _keep(part: Path, file: Path) -> None:
    try:
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        part.replace(file)
        with suppress(PermissionError):  # Windows opens no folders
            folder = os.open(file.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
    except OSError as error:
        raise FileProblem(f"{file} cannot be written: {error.strerror}.") from None


@contextmanager
def written(file: Path) -> Iterator[Connection]:
    """One transaction that fills an empty file. Raises FileProblem, as where the disk is full."""
    with _opened(file, _TO_WRITE, "cannot be written") as connection:
        yield connection


@contextmanager
def read(file: Path) -> Iterator[Connection]:
    """The file, only to be read. Raises FileProblem where it is damaged or something else."""
    if not file.is_file():
        raise FileProblem(f"There is no file {file}.")
    with _opened(file, _TO_READ, "is damaged, or is no backup") as connection:
        yield connection


@contextmanager
def _opened(file: Path, how: str, trouble: str) -> Iterator[Connection]:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(file))}?{how}", uri=True)
        # Without this the driver would begin transactions of its own.
        connection.isolation_level = None
        if how == _TO_WRITE:
            for pragma in _WRITING:
                connection.execute(f"PRAGMA {pragma}").close()
        return connection

    def tell(context: ExceptionContext) -> NoReturn:
        raise FileProblem(f"{file} {trouble} ({context.original_exception}).") from None

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", tell)
    with engine.begin() as connection:
        yield connection


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
