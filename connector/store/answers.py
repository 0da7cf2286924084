"""The newest mapped answers of a young person: whom to ring, what changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

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
    turns_on: date | None
    kept_at: datetime


@dataclass(frozen=True)
class TurningAnswers:
    """Whose answers have another status from a day on; what they say is still sealed."""

    host: str
    person_id: str
    form_type: str
    turns_on: date


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
        turns_on: date | None = None,
    ) -> None:
        """Hold these answers instead of any earlier ones. `content` has JSON kinds only.

        `turns_on`: the day from which their status is another one by itself.
        """
        where = place("answers", (host, person_id, form_type), "content")
        values = {
            "host": host,
            "person_id": person_id,
            "form_type": form_type,
            "submission_id": submission_id,
            "ordinal": ordinal,
            "content": seal_json(self._vault, dict(content), where),
            "turns_on": turns_on,
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

    def turning(self, today: date, limit: int, offset: int = 0) -> tuple[TurningAnswers, ...]:
        """Those whose status is another one by today, earliest first."""
        columns = (_table.c[each.name] for each in fields(TurningAnswers))
        query = select(*columns).where(_table.c.turns_on <= today)
        ordered = query.order_by(_table.c.turns_on, _table.c.host, _table.c.person_id)
        ordered = ordered.limit(limit).offset(offset)
        found = self._connection.execute(ordered).mappings()
        return tuple(TurningAnswers(**row) for row in found)

    def listing(self, host: str, form_type: str) -> Iterator[HeldAnswers]:
        """The answers on one kind of form, person by person. Raises KeyProblem."""
        mine = select(_table).where(_table.c.host == host, _table.c.form_type == form_type)
        for row in self._connection.execute(mine.order_by(_table.c.person_id)).mappings():
            yield self._read(row)

    def people(self, host: str, after: str = "", limit: int = 200) -> list[str]:
        """The people of a host of whom answers are held, in order; those after `after`."""
        query = select(_table.c.person_id).distinct()
        mine = query.where(_table.c.host == host, _table.c.person_id > after)
        return list(
            self._connection.execute(mine.order_by(_table.c.person_id).limit(limit)).scalars()
        )

    def hosts(self) -> list[str]:
        """The hosts whose people's answers are held."""
        return list(self._connection.execute(select(_table.c.host).distinct()).scalars())

    def renew(self, host: str, person_id: str, now: datetime) -> None:
        """Hold a person's answers as if they had come just now."""
        mine = update(_table).where(_of(host, person_id))
        self._connection.execute(mine.values(kept_at=now))

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
