"""What came in: one row for each delivery, whatever becomes of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, select, update

from connector.model import Problem
from connector.store import tables
from connector.store.finding_submissions import FindsSubmissions
from connector.store.quarantine import Quarantine
from connector.store.retention import purge_bodies
from connector.store.rows import id_of, insert_once, place, seal_json
from connector.store.submission_row import Kept

OTHER_BODY = "another body came under the same delivery id"

_table = tables.submission
_UPDATE = update(_table).where(_table.c.id == bindparam("row"))


class Submissions(FindsSubmissions):
    """The deliveries of every host within one transaction: kept, settled; and found."""

    def keep(
        self,
        host: str,
        delivery_id: str,
        body: bytes,
        received_at: datetime,
        *,
        state: str = "received",
    ) -> Kept:
        """Keep a delivery once. Every copy of it gets the id of the first.

        Another body under the same delivery id goes into the quarantine and changes nothing else.
        """
        row_id = id_of("sub", host, delivery_id)
        values = {
            "id": row_id,
            "host": host,
            "delivery_id": delivery_id,
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "body": self._vault.seal(body, place("submission", row_id, "body")),
            "received_at": received_at,
            "state": state,
        }
        if insert_once(self._connection, _table, values):
            return Kept(row_id, state, duplicate=False, conflict=False)
        return self._again(host, delivery_id, body, received_at)

    def completed(self, submission_id: str, at: datetime | None) -> None:
        """Note when its form was completed, before anything is owed for it."""
        if at is not None:
            self._change(submission_id, {"completed_at": at})

    def settle(
        self,
        submission_id: str,
        state: str,
        *,
        processed_at: datetime,
        reason: str = "",
        form_type: str | None = None,
        form_id: str | None = None,
        version: str | None = None,
        ordinal: int | None = None,
        content_sha256: str | None = None,
        person_ids: Sequence[str] = (),
        completed_at: datetime | None = None,
        as_of: date | None = None,
        status: str | None = None,
        line: str | None = None,
        problems: Sequence[Problem] = (),
        configuration_hash: str | None = None,
        event: str | None = None,
    ) -> None:
        """Write down what became of a delivery. Raises LookupError where there is none.

        A fact that is not given stays as it was: a form run again under a worse mapping keeps the
        place among its versions that its writes to the host were made under.
        """
        facts = {
            "form_type": form_type,
            "form_id": form_id,
            "version": version,
            "ordinal": ordinal,
            "content_sha256": content_sha256,
            "person_ids": list(person_ids),
            "completed_at": completed_at,
            "as_of": as_of,
            "status": status,
            "summary": self._sealed_summary(submission_id, line, problems),
            "configuration_hash": configuration_hash,
            "event": event,
        }
        known = {name: fact for name, fact in facts.items() if fact}
        settled = {"state": state, "processed_at": processed_at, "reason": reason}
        self._change(submission_id, known | settled)

    def wait(
        self, submission_id: str, until: datetime, reason: str, person_ids: Sequence[str] = ()
    ) -> None:
        """Have a delivery wait before it is worked on again; newer ones of its people wait too."""
        people = {"person_ids": list(person_ids)} if person_ids else {}
        self._change(submission_id, {"not_before": until, "reason": reason, **people})

    def rearm(self, submission_id: str) -> bool:
        """Have a delivery worked on again; False where it is unknown or its body is emptied.

        What the host could not hand out is asked for again.
        """
        unfetched = _table.c.state == "unfetched"
        statement = (
            update(_table)
            .where(_table.c.id == submission_id, _table.c.body.is_not(None))
            .values(
                state=case((unfetched, "unfetched"), else_="received"),
                reason="",
                processed_at=None,
                not_before=None,
            )
        )
        return self._connection.execute(statement).rowcount == 1

    def purge_bodies(self, before: datetime) -> int:
        """Empty what is finished since `before` (design decision 10); how many were emptied."""
        return purge_bodies(self._connection, before)

    def _again(self, host: str, delivery_id: str, body: bytes, received_at: datetime) -> Kept:
        query = select(_table.c.id, _table.c.state, _table.c.body_sha256).where(
            _table.c.host == host, _table.c.delivery_id == delivery_id
        )
        first = self._connection.execute(query).one()
        if first.body_sha256 == hashlib.sha256(body).hexdigest():
            return Kept(first.id, first.state, duplicate=True, conflict=False)
        quarantine = Quarantine(self._connection, self._vault)
        quarantine.keep(host, delivery_id, body, received_at, OTHER_BODY)
        return Kept(first.id, first.state, duplicate=False, conflict=True)

    def _sealed_summary(
        self, submission_id: str, line: str | None, problems: Sequence[Problem]
    ) -> bytes | None:
        if line is None and not problems:
            return None
        summary = {"line": line, "problems": [asdict(problem) for problem in problems]}
        return seal_json(self._vault, summary, place("submission", submission_id, "summary"))

    def _change(self, submission_id: str, values: dict[str, Any]) -> None:
        if self._connection.execute(_UPDATE, {"row": submission_id, **values}).rowcount != 1:
            raise LookupError(f"there is no submission {submission_id}")
