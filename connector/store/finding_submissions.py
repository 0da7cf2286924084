"""Finding deliveries: one, those that wait, those about one form, and what was kept of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from connector.model import Problem, Severity
from connector.store import tables
from connector.store.rows import open_json, place
from connector.store.submission_row import Revision, Submission, query_all, read, standing
from connector.vault import Vault

# A form revision is what was applied to the record, or came too late to be applied.
REVISION_STATES = ("processed", "outdated")

UNREAD_STATES = ("received", "held_stale", "unmapped", "broken")

_table = tables.submission
_OLDEST_FIRST = (_table.c.received_at, _table.c.id)


class FindsSubmissions:
    """The deliveries of every host, within one transaction, to be read."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

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
        over = or_(_table.c.not_before.is_(None), _table.c.not_before <= now)
        query = select(_table.c.id).where(_table.c.state == "received", over)
        oldest = query.order_by(*_OLDEST_FIRST).limit(limit)
        return list(self._connection.execute(oldest).scalars())

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
        ordered = mine.order_by(*_OLDEST_FIRST)
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

    def _summary(self, submission_id: str) -> Any:
        sealed = self._cell(_table.c.summary, submission_id)
        return open_json(self._vault, sealed, place("submission", submission_id, "summary"))

    def _cell(self, column: ColumnElement[bytes | None], submission_id: str) -> bytes | None:
        query = select(column).where(_table.c.id == submission_id)
        return self._connection.execute(query).scalar_one_or_none()
