"""What is known of people beside their forms; who has left; which forms are being written again."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, select

from connector.people import Person, person_from_json
from connector.store.rows import insert_or_replace, open_json, place, seal_json
from connector.store.tables import frozen_form, person, round_made, worker_left
from connector.vault import Vault


class Persons:
    """The people of every host, within one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def current_id(self, host: str, person_id: str) -> str:
        """The id a person is known by now, after records were merged."""
        seen = {person_id}
        while (into := self._merged_into(host, person_id)) and into not in seen:
            seen.add(into)
            person_id = into
        return person_id

    def get(self, host: str, person_id: str) -> Person:
        """What is known of a person, nothing where they are new. Raises KeyProblem."""
        sealed = self._connection.scalar(select(person.c.content).where(*_of(host, person_id)))
        kept = open_json(self._vault, sealed, _place(host, person_id))
        return person_from_json(kept or {})

    def looked_at(self, host: str, person_id: str) -> datetime | None:
        """When the host was last asked about them."""
        found: datetime | None = self._connection.scalar(
            select(person.c.looked_at).where(*_of(host, person_id))
        )
        return found

    def keep(self, host: str, person_id: str, known: Person, now: datetime) -> None:
        """Keep what is known. A merger stays known."""
        sealed = seal_json(self._vault, known.as_json(), _place(host, person_id))
        values = {"host": host, "person_id": person_id, "content": sealed, "changed_at": now}
        insert_or_replace(self._connection, person, values)

    def look(self, host: str, person_id: str, at: datetime) -> None:
        """The host was asked about them."""
        values = {"host": host, "person_id": person_id, "looked_at": at, "changed_at": at}
        insert_or_replace(self._connection, person, values)

    def merge(self, host: str, person_id: str, into: str, now: datetime) -> None:
        """From now on this id stands for another."""
        values = {"host": host, "person_id": person_id, "merged_into": into, "changed_at": now}
        insert_or_replace(self._connection, person, {**values, "content": None, "looked_at": None})

    def forget(self, host: str, person_id: str) -> None:
        """Empty what is known of a person; a merger stays known."""
        mine = person.update().where(*_of(host, person_id))
        self._connection.execute(mine.values(content=None))

    def worker_left(self, host: str, worker_id: str, since: datetime) -> None:
        """Somebody works here no more."""
        values = {"host": host, "worker_id": worker_id, "since": since}
        insert_or_replace(self._connection, worker_left, values)

    def worker_is_back(self, host: str, worker_id: str, at: datetime | None = None) -> bool:
        """Somebody is named as working here, at this time of the host's clock or as we read it just
        now; whether they had left before that."""
        gone = worker_left.c.host == host, worker_left.c.worker_id == worker_id
        before = () if at is None else (worker_left.c.since <= at,)
        return self._connection.execute(delete(worker_left).where(*gone, *before)).rowcount == 1

    def has_left(self, host: str, worker_id: str) -> bool:
        """Whether somebody is known to work here no more."""
        gone = exists().where(worker_left.c.host == host, worker_left.c.worker_id == worker_id)
        return bool(self._connection.scalar(select(gone)))

    def freeze(self, host: str, form_id: str, since: datetime) -> None:
        """A form was opened again: nothing new from it."""
        values = {"host": host, "form_id": form_id, "since": since}
        insert_or_replace(self._connection, frozen_form, values)

    def thaw(self, host: str, form_id: str) -> None:
        """A form was completed again, or withdrawn."""
        mine = frozen_form.c.host == host, frozen_form.c.form_id == form_id
        self._connection.execute(delete(frozen_form).where(*mine))

    def frozen_since(self, host: str, form_id: str) -> datetime | None:
        """When a form was opened again that was not completed since."""
        mine = frozen_form.c.host == host, frozen_form.c.form_id == form_id
        found: datetime | None = self._connection.scalar(select(frozen_form.c.since).where(*mine))
        return found

    def is_frozen(self, host: str, form_id: str) -> bool:
        """Whether a form is being written again."""
        mine = frozen_form.c.host == host, frozen_form.c.form_id == form_id
        return bool(self._connection.scalar(select(exists().where(*mine))))

    def last_round(self, host: str, name: str) -> datetime | None:
        """When a round (a sweep, a nightly check) was last made at a host."""
        found: datetime | None = self._connection.scalar(
            select(round_made.c.at).where(round_made.c.host == host, round_made.c.name == name)
        )
        return found

    def rounds(self, name: str) -> dict[str, int]:
        """What the last round of this name found, by host."""
        query = select(round_made.c.host, round_made.c.found).where(round_made.c.name == name)
        return {row.host: row.found for row in self._connection.execute(query)}

    def round_made(self, host: str, name: str, at: datetime, found: int = 0) -> None:
        """A round was made and found so much."""
        values = {"host": host, "name": name, "at": at, "found": found}
        insert_or_replace(self._connection, round_made, values)

    def _merged_into(self, host: str, person_id: str) -> str | None:
        found: str | None = self._connection.scalar(
            select(person.c.merged_into).where(*_of(host, person_id))
        )
        return found


def _of(host: str, person_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return person.c.host == host, person.c.person_id == person_id


def _place(host: str, person_id: str) -> str:
    return place("person", (host, person_id), "content")
