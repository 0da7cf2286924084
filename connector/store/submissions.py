"""What came in: one row for each delivery, whatever becomes of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, or_, select, update

from connector.model import Problem, Severity
from connector.store import tables
from connector.store.quarantine import Quarantine
from connector.store.retention import purge_bodies
from connector.store.rows import id_of, insert_once, open_json, place, seal_json
from connector.store.submission_row import Kept, Revision, Submission, query_all, read, standing
from connector.vault import Vault

OTHER_BODY = "another body came under the same delivery id"
# A form revision is what was applied to the record, or came too late to be applied.
REVISION_STATES = ("processed", "outdated")

UNREAD_STATES = ("received", "held_stale", "unmapped", "broken")

_table = tables.submission
_UPDATE = update(_table).where(_table.c.id == bindparam("row"))
_OLDEST_FIRST = (_table.c.received_at, _table.c.id)


def is_waiting(now: datetime) -> ColumnElement[bool]:
    """Received and not understood yet, its wait over."""
    over = or_(_table.c.not_before.is_(None), _table.c.not_before <= now)
    return and_(_table.c.state == "received", over)


class Submissions:
    """The deliveries of every host, within one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

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

    def get(self, submission_id: str) -> Submission | None:
        """One delivery by its id."""
        query = query_all.where(_table.c.id == submission_id)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else read(row)

    def body(self, submission_id: str) -> bytes | None:
        """The bytes as they came; None once emptied or where there is no such row.

        Raises KeyProblem where the key is missing or wrong; the row stays as it is.
        """
        sealed = self._cell(_table.c.body, submission_id)
        if sealed is None:
            return None
        return self._vault.open(sealed, place("submission", submission_id, "body"))

    def waiting(self, limit: int, now: datetime) -> list[str]:
        """The ids still to be worked on, oldest first; none that is to wait."""
        query = select(_table.c.id).where(is_waiting(now)).order_by(*_OLDEST_FIRST).limit(limit)
        return list(self._connection.execute(query).scalars())

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

    def held_up(
        self, mine: Submission, person_ids: Sequence[str], now: datetime
    ) -> datetime | None:
        """Until when an older delivery about one of these people waits; None where none does."""
        older = or_(
            _table.c.received_at < mine.received_at,
            and_(_table.c.received_at == mine.received_at, _table.c.id < mine.id),
        )
        waits = _table.c.state == "received", _table.c.not_before > now
        query = select(_table.c.not_before, _table.c.person_ids).where(
            _table.c.host == mine.host, *waits, older
        )
        found = self._connection.execute(query)
        return max((row[0] for row in found if {*row[1]} & {*person_ids}), default=None)

    def line(self, submission_id: str) -> str | None:
        """The sentence written on the record. Raises KeyProblem."""
        summary = self._summary(submission_id)
        return None if summary is None else summary["line"]

    def problems(self, submission_id: str) -> tuple[Problem, ...]:
        """What had to be put right, as the form was read. Raises KeyProblem."""
        summary = self._summary(submission_id)
        listed = [] if summary is None else summary["problems"]
        return tuple(Problem(**{**each, "severity": Severity(each["severity"])}) for each in listed)

    def revisions(self, host: str, form_id: str) -> list[Revision]:
        """The versions of one form held so far, in the order we numbered them."""
        columns = (_table.c[name] for name in Revision.__dataclass_fields__ if name in _table.c)
        query = (
            select(_table.c.id.label("submission_id"), *columns)
            .where(_table.c.host == host, _table.c.form_id == form_id)
            .where(_table.c.state.in_(REVISION_STATES))
            .order_by(_table.c.ordinal, _table.c.received_at, _table.c.id)
        )
        return [Revision(**row) for row in self._connection.execute(query).mappings()]

    def deliveries_of(self, host: str, form_id: str) -> list[Submission]:
        """Everything that came about one form and was read, oldest first."""
        mine = query_all.where(_table.c.host == host, _table.c.form_id == form_id)
        ordered = mine.order_by(_table.c.received_at, _table.c.id)
        return [read(row) for row in self._connection.execute(ordered).mappings()]

    def unread(self, host: str, since: datetime, limit: int = 1000) -> list[Submission]:
        """What came from a host since then and is not known to be a certain form, newest first."""
        mine = query_all.where(
            _table.c.host == host,
            _table.c.received_at >= since,
            _table.c.state.in_(UNREAD_STATES),
            _table.c.body.is_not(None),
        )
        ordered = mine.order_by(_table.c.received_at.desc(), _table.c.id).limit(limit)
        return [read(row) for row in self._connection.execute(ordered).mappings()]

    def unfetched(self, host: str) -> list[Submission]:
        """The entries of a host's list whose form could not be read yet, next to be tried first."""
        mine = query_all.where(_table.c.host == host, _table.c.state == "unfetched")
        ordered = mine.order_by(_table.c.not_before, _table.c.id)
        return [read(row) for row in self._connection.execute(ordered).mappings()]

    def people_on(self, host: str, form_id: str) -> list[str]:
        """The people a form is about, over all its versions."""
        query = select(_table.c.person_ids).where(
            _table.c.host == host, _table.c.form_id == form_id, _table.c.state == "processed"
        )
        found = [each for ids in self._connection.execute(query).scalars() for each in ids]
        return list(dict.fromkeys(filter(None, found)))

    def listing(self, limit: int = 100, state: str | None = None) -> list[Submission]:
        """The newest deliveries first; `state` is a state or a standing."""
        query = query_all.order_by(_table.c.received_at.desc(), _table.c.id).limit(limit)
        if state is not None:
            query = query.where(or_(_table.c.state == state, standing == state))
        return [read(row) for row in self._connection.execute(query).mappings()]

    def state_for_people(self, submission_id: str) -> str | None:
        """What people see of a delivery (`Submission.standing`); None where there is none."""
        found = self.get(submission_id)
        return None if found is None else found.standing

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

    def _summary(self, submission_id: str) -> Any:
        sealed = self._cell(_table.c.summary, submission_id)
        return open_json(self._vault, sealed, place("submission", submission_id, "summary"))

    def _cell(self, column: ColumnElement[bytes | None], submission_id: str) -> bytes | None:
        query = select(column).where(_table.c.id == submission_id)
        return self._connection.execute(query).scalar_one_or_none()

    def _change(self, submission_id: str, values: dict[str, Any]) -> None:
        if self._connection.execute(_UPDATE, {"row": submission_id, **values}).rowcount != 1:
            raise LookupError(f"there is no submission {submission_id}")
