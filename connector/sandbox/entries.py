"""What a record holds: outcomes, notes, documents and tasks, and the bytes of documents."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

from connector.sandbox.database import Database


@dataclass(frozen=True)
class Entry:
    """One thing on a record. `body` holds what differs by kind, JSON kinds only.

    A task need not be about anybody: then `person_id` is blank here and null in the API.
    """

    id: str
    register: str
    kind: str
    reference: str
    person_id: str
    made_at: str
    body: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As the API shows it."""
        named = {"id": self.id, "reference": self.reference, "person_id": self.person_id or None}
        return named | {"made_at": self.made_at} | dict(self.body)


@dataclass(frozen=True)
class Content:
    """The bytes of an upload or a document."""

    content_type: str
    bytes: bytes


def _entry(row: Row) -> Entry:
    names = ("id", "register", "kind", "reference", "person_id", "made_at")
    return Entry(**{name: row[name] for name in names}, body=json.loads(row["body"]))


class Entries:
    """Everything on every record. Two entries may carry one reference, as in real hosts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        register: str,
        kind: str,
        reference: str,
        person_id: str,
        body: Mapping[str, Any],
        now: datetime,
    ) -> str:
        """Keep one more; its id."""
        entry_id = f"{kind}-{secrets.token_hex(6)}"
        self._database.write(
            "INSERT INTO entry (id, register, kind, reference, person_id, made_at, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(entry_id, register, kind, reference, person_id, now.isoformat(timespec="seconds")),
            json.dumps(body),
        )
        return entry_id

    def find(self, register: str, kind: str, entry_id: str) -> Entry | None:
        """One entry, or None."""
        row = self._database.row(
            "SELECT * FROM entry WHERE id = ? AND register = ? AND kind = ?",
            *(entry_id, register, kind),
        )
        return _entry(row) if row else None

    def by_reference(self, register: str, kind: str, reference: str) -> list[Entry]:
        """Those whose reference is exactly this."""
        return self._many("kind = ? AND reference = ?", register, kind, reference)

    def of_person(self, register: str, person_id: str) -> list[Entry]:
        """All of one person, oldest first."""
        return self._many("person_id = ?", register, person_id)

    def of_task(self, task_id: str) -> list[Entry]:
        """The documents attached to a task, oldest first."""
        found = self._database.rows(
            "SELECT * FROM entry WHERE kind = 'task_document' "
            "AND json_extract(body, '$.task_id') = ? ORDER BY number",
            task_id,
        )
        return [_entry(row) for row in found]

    def of_kind(self, register: str, kind: str) -> list[Entry]:
        """All of one kind in a register, oldest first."""
        return self._many("kind = ?", register, kind)

    def _many(self, condition: str, register: str, *values: str) -> list[Entry]:
        sql = f"SELECT * FROM entry WHERE register = ? AND {condition} ORDER BY number"  # noqa: S608 - the conditions are the three above
        return [_entry(row) for row in self._database.rows(sql, register, *values)]

    def change(self, entry: Entry, **changes: Any) -> None:
        """Replace parts of an entry's body."""
        body = json.dumps({**entry.body, **changes})
        self._database.write("UPDATE entry SET body = ? WHERE id = ?", body, entry.id)

    def upload(self, register: str, content: Content) -> str:
        """Keep bytes; the id to name them by."""
        upload_id = f"upload-{secrets.token_hex(6)}"
        self._database.write(
            "INSERT INTO content (id, register, content_type, bytes) VALUES (?, ?, ?, ?)",
            *(upload_id, register, content.content_type, content.bytes),
        )
        return upload_id

    def content(self, register: str, upload_id: str) -> Content | None:
        """The bytes kept under an id, or None."""
        row = self._database.row(
            "SELECT content_type, bytes FROM content WHERE id = ? AND register = ?",
            *(upload_id, register),
        )
        return Content(row["content_type"], row["bytes"]) if row else None
