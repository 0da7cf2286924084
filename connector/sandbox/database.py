"""The sandbox's own SQLite file, apart from everything of the connector's."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS person (
    register TEXT, id TEXT, details TEXT NOT NULL, PRIMARY KEY (register, id));
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, register TEXT NOT NULL, kind TEXT NOT NULL,
    reference TEXT NOT NULL, person_id TEXT NOT NULL, made_at TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entry_by_reference ON entry (register, kind, reference);
CREATE INDEX IF NOT EXISTS entry_by_person ON entry (register, person_id);
CREATE TABLE IF NOT EXISTS content (
    id TEXT PRIMARY KEY, register TEXT NOT NULL, content_type TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS form (
    id TEXT, version INTEGER, register TEXT NOT NULL, person_id TEXT NOT NULL, type TEXT NOT NULL,
    status TEXT NOT NULL, completed_at TEXT NOT NULL, answers TEXT NOT NULL,
    PRIMARY KEY (id, version));
CREATE TABLE IF NOT EXISTS webhook (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, form_id TEXT NOT NULL, version INTEGER NOT NULL,
    made_at TEXT NOT NULL, body BLOB NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    sent_at TEXT, status INTEGER, answer TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS switch (
    id INTEGER PRIMARY KEY, register TEXT NOT NULL, kind TEXT NOT NULL, mode TEXT NOT NULL,
    times INTEGER, probability REAL, seconds REAL NOT NULL, message TEXT NOT NULL);
"""


class Database:
    """One connection that threads take in turn; each transaction is whole or not at all."""

    def __init__(self, path: Path | None) -> None:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._connection = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(_TABLES)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept together; inside another transaction it joins that one."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Every row of a question."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a question, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def write(self, sql: str, *values: Any) -> int:
        """Change rows; the number of the row that was added, if one was."""
        with self._lock:
            return self._connection.execute(sql, values).lastrowid or 0

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
