"""The newest mapped answers of a young person: whom to ring, what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from connector.store import tables
from connector.store.rows import insert_or_replace, open_json, place, seal_json
from connector.vault import Vault

_table = tables.answers


@dataclass(frozen=True)
class HeldAnswers:
    """The answers of one person on one kind of form, and which delivery they came with."""

    host: str
    person_id: str
    form_type: str
    submission_id: str
    ordinal: int
    content: Mapping[str, Any]
    kept_at: datetime


class Answers:
    """One set of answers for each host, person and form type; the newest replaces the one held."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def keep(
        self,
        host: str,
        person_id: str,
        form_type: str,
        *,
        submission_id: str,
        ordinal: int,
        content: Mapping[str, Any],
        kept_at: datetime,
    ) -> None:
        """Hold these answers instead of any earlier ones. `content` has JSON kinds only."""
        where = place("answers", (host, person_id, form_type), "content")
        values = {
            "host": host,
            "person_id": person_id,
            "form_type": form_type,
            "submission_id": submission_id,
            "ordinal": ordinal,
            "content": seal_json(self._vault, dict(content), where),
            "kept_at": kept_at,
        }
        insert_or_replace(self._connection, _table, values)

    def get(self, host: str, person_id: str, form_type: str) -> HeldAnswers | None:
        """The answers held of a person on one kind of form. Raises KeyProblem."""
        found = self._select(_of(host, person_id), _table.c.form_type == form_type)
        return found[0] if found else None

    def of_person(self, host: str, person_id: str) -> tuple[HeldAnswers, ...]:
        """Everything held of a person, by form type. Raises KeyProblem."""
        return self._select(_of(host, person_id))

    def erase(self, host: str, person_id: str) -> int:
        """Forget a person's answers: the last follow-up has ended. How many sets there were."""
        return self._connection.execute(delete(_table).where(_of(host, person_id))).rowcount

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[HeldAnswers, ...]:
        query = select(_table).where(*conditions).order_by(_table.c.form_type)
        return tuple(self._read(row) for row in self._connection.execute(query).mappings())

    def _read(self, row: Any) -> HeldAnswers:
        where = place("answers", (row["host"], row["person_id"], row["form_type"]), "content")
        return HeldAnswers(**{**row, "content": open_json(self._vault, row["content"], where)})


def _of(host: str, person_id: str) -> ColumnElement[bool]:
    return and_(_table.c.host == host, _table.c.person_id == person_id)
