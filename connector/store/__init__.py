"""The store: one database, opened with its vault, worked on in whole transactions.

    with store.transaction() as tx:
        kept = tx.submissions.keep(host, delivery_id, body, now)

What is done in one transaction is on disk when the block ends, or none of it is.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection

from connector.errors import SetupProblem
from connector.store.answers import Answers
from connector.store.counts import Counts
from connector.store.database import Database, open_database
from connector.store.documents import Documents
from connector.store.effects import Effects
from connector.store.engine import BUSY_SECONDS
from connector.store.first_version import FIRST_REVISION, tell_apart
from connector.store.follow_ups import FollowUps
from connector.store.gathered import Gathered
from connector.store.heartbeats import Heartbeats
from connector.store.host_states import HostStates
from connector.store.keys import check_keys
from connector.store.leading import Leads
from connector.store.lists import Lists
from connector.store.persons import Persons
from connector.store.quarantine import Quarantine
from connector.store.submissions import Submissions
from connector.store.upgrade import upgrade
from connector.store.work_due import WorkDue
from connector.vault import Vault

__all__ = ["Store", "Transaction"]

Result = TypeVar("Result")


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
        self.work_due = WorkDue(connection)


class Store:
    """The open database. Safe to share between threads; each process opens its own."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database = database
        self._vault = vault
        self._process = os.getpid()
        self._gathered = Gathered(self._beside)

    @classmethod
    def open(cls, url: str, vault: Vault, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open or make the database at this address, bring it up to date, check the keys.

        Raises SetupProblem or KeyProblem, nothing changed; OutOfOrder where it does not answer.
        """
        store = cls(open_database(url, busy_seconds), vault)
        try:
            store.upgrade()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def shared(self) -> bool:
        """Whether several workers may use it at once."""
        return self.database.shared

    def upgrade(self) -> None:
        """Make or update the tables and check the keys, all or nothing; harmless when repeated."""
        with self._alone() as connection:
            before = upgrade(connection)
            check_keys(connection, self._vault)
            if before == FIRST_REVISION:
                tell_apart(connection, self._vault)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All of it or nothing: committed when the block ends, undone when it raises.

        One at a time, whichever process it is in: what is read in it stays true until its end.
        Raises OutOfOrder where the database is locked, full, read-only, damaged or gone.
        """
        with self._alone() as connection:
            yield Transaction(connection, self._vault)

    @contextmanager
    def side_by_side(self) -> Iterator[Transaction]:
        """A transaction that may run beside others, where the database can do that.

        For what is guarded by itself: a row under a unique key, a change under a fence, a count.
        Raises OutOfOrder.
        """
        with self._beside() as connection:
            yield Transaction(connection, self._vault)

    @contextmanager
    def looking(self) -> Iterator[Transaction]:
        """One moment of the database, only to be read; however long it takes, nobody waits.

        Raises OutOfOrder.
        """
        self._check_process()
        with self.database.looking() as connection:
            yield Transaction(connection, self._vault)

    def gathered(self, work: Callable[[Transaction], Result]) -> Result:
        """What `work` gives, once it is committed, together with whatever waits at that moment.

        Sixteen webhooks then cost one look at the disk and not sixteen (reliability R13). `work`
        is guarded by itself, as under `side_by_side`. Raises what it raises, and OutOfOrder.
        """
        if self.shared:
            with self.side_by_side() as tx:
                return work(tx)
        return self._gathered.run(lambda connection: work(Transaction(connection, self._vault)))

    def now(self) -> datetime:
        """The clock that leases go by: the database server's where several machines share it.

        Raises OutOfOrder.
        """
        return self.database.now()

    def leadership(self) -> Leads:
        """The right to do what only one worker does at a time."""
        return self.database.leadership()

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

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
    def _alone(self) -> Iterator[Connection]:
        self._check_process()
        with self.database.alone() as connection:
            yield connection

    @contextmanager
    def _beside(self) -> Iterator[Connection]:
        self._check_process()
        with self.database.beside() as connection:
            yield connection

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            raise SetupProblem(
                "The database was opened before this process was split off; open it afterwards."
            )
