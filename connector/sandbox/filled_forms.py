"""The forms that workers have completed, each version kept."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

from connector.sandbox.database import Database


@dataclass(frozen=True)
class FilledForm:
    """One version of a completed form: `head` is who it is about, `answers` what was asked."""

    id: str
    version: int
    register: str
    person_id: str
    type: str
    status: str
    completed_at: str
    head: Mapping[str, Any]
    answers: Mapping[str, Any]


def _form(row: Row) -> FilledForm:
    names = ("id", "version", "register", "person_id", "type", "status", "completed_at")
    return FilledForm(*(row[name] for name in names), **json.loads(row["answers"]))


class FilledForms:
    """Every version of every form."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(
        self,
        register: str,
        person_id: str,
        form_type: str,
        filled: tuple[Mapping[str, Any], Mapping[str, Any]],
        now: datetime,
        *,
        form_id: str | None = None,
        status: str | None = None,
    ) -> FilledForm:
        """Keep a completed form, its head and its answers: the first version of a new form, or
        the next one of `form_id`."""
        with self._database.transaction():
            form_id = form_id or f"F{secrets.token_hex(4).upper()}"
            version = len(self.versions(form_id)) + 1
            form = FilledForm(
                *(form_id, version, register, person_id, form_type),
                status or ("completed" if version == 1 else "amended"),
                now.isoformat(timespec="seconds"),
                *filled,
            )
            self._insert(form)
        return form

    def _insert(self, form: FilledForm) -> None:
        self._database.write(
            "INSERT INTO form (id, version, register, person_id, type, status, completed_at, "
            "answers) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(form.id, form.version, form.register, form.person_id, form.type, form.status),
            form.completed_at,
            json.dumps({"head": form.head, "answers": form.answers}),
        )

    def versions(self, form_id: str) -> list[FilledForm]:
        """Every version of a form, oldest first."""
        return self._many("WHERE id = ? ORDER BY version", form_id)

    def latest(self, form_id: str) -> FilledForm | None:
        """The newest version, or None."""
        return next(reversed(self.versions(form_id)), None)

    def of_person(self, register: str, person_id: str) -> list[FilledForm]:
        """Every version of every form of one person, newest first."""
        return self._many(
            "WHERE register = ? AND person_id = ? ORDER BY completed_at DESC, version DESC",
            *(register, person_id),
        )

    def completed_since(
        self, register: str, since: datetime, skip: int, most: int
    ) -> list[FilledForm]:
        """Every version completed at `since` (UTC) or later, oldest first, a part at a time."""
        return self._many(
            "WHERE register = ? AND completed_at >= ? ORDER BY rowid LIMIT ? OFFSET ?",
            *(register, since.isoformat(timespec="seconds"), most, skip),
        )

    def _many(self, condition: str, *values: str | int) -> list[FilledForm]:
        sql = f"SELECT * FROM form {condition}"  # noqa: S608 - the conditions are those above
        return [_form(row) for row in self._database.rows(sql, *values)]
