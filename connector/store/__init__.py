"""The store: one database, opened with its vault, worked on in whole transactions.

    with store.transaction() as tx:
        kept = tx.submissions.keep(host, delivery_id, body, now)

What is done in one transaction is on disk when the block ends, or none of it is.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from connector.errors import OutOfOrder, SetupProblem
from connector.store.answers import Answers
from connector.store.counts import Counts
from connector.store.documents import Documents
from connector.store.effects import Effects
from connector.store.engine import BUSY_SECONDS, open_engine, plain_outages
from connector.store.first_version import FIRST_REVISION, tell_apart
from connector.store.follow_ups import FollowUps
from connector.store.heartbeats import Heartbeats
from connector.store.host_states import HostStates
from connector.store.keys import check_keys
from connector.store.lists import Lists
from connector.store.persons import Persons
from connector.store.quarantine import Quarantine
from connector.store.submissions import Submissions
from connector.store.turns import Turns
from connector.store.upgrade import upgrade
from connector.vault import Vault

__all__ = ["Store", "Transaction"]


class Transaction:
    """The tables as small classes over one connection and the vault."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.submissions = Submissions(connection, vault)
        self.effects = Effects(connection, vault)
        self.follow_ups = FollowUps(connection, vault)
        self.documents = Documents(connection, vault)
        self.answers = Answers(connection, vault)
        self.persons = Persons(connection, vault)
        self.quarantine = Quarantine(connection, vault)
        self.heartbeats = Heartbeats(connection)
        self.host_states = HostStates(connection)
        self.lists = Lists(connection)
        self.counts = Counts(connection)


class Store:
    """The open database. Safe to share between threads; each process opens its own."""

    def __init__(self, engine: Engine, vault: Vault, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._engine = engine
        self._vault = vault
        self._busy_seconds = busy_seconds
        # Threads queue here in turn: SQLite's own waiting sleeps and lets the unlucky one starve.
        self._writing = Turns()
        self._process = os.getpid()
        self._path = Path(engine.url.database or "")
        self._file = _identity(self._path)

    @classmethod
    def open(cls, url: str, vault: Vault, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open or make the database at this address, bring it up to date, check the keys.

        Raises SetupProblem or KeyProblem, nothing changed; OutOfOrder where it does not answer.
        """
        engine = open_engine(url, busy_seconds=busy_seconds)
        store = cls(engine, vault, busy_seconds=busy_seconds)
        try:
            store.upgrade()
        except BaseException:
            store.close()
            raise
        return store

    def upgrade(self) -> None:
        """Make or update the tables and check the keys, all or nothing; harmless when repeated."""
        with self._begin() as connection:
            before = upgrade(connection)
            check_keys(connection, self._vault)
            if before == FIRST_REVISION:
                tell_apart(connection, self._vault)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All of it or nothing: committed when the block ends, undone when it raises.

        Raises OutOfOrder where the database is locked, full, read-only, damaged or gone.
        """
        with self._begin() as connection:
            yield Transaction(connection, self._vault)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        self._check_still_ours()
        if not self._writing.acquire(self._busy_seconds):
            raise OutOfOrder("The database is too busy.")
        try:
            with plain_outages(), self._engine.begin() as connection:
                yield connection
        finally:
            self._writing.release()

    def _check_still_ours(self) -> None:
        if os.getpid() != self._process:
            raise SetupProblem(
                "The database was opened before this process was split off; open it afterwards."
            )
        # What is written to a file that was deleted or replaced would be lost without a word.
        if _identity(self._path) != self._file:
            raise OutOfOrder(
                "The database file was moved, deleted or replaced while in use: put it back, or "
                "start the connector again."
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
