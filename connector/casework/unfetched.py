"""Forms of a host's list are read one by one; one that cannot be read is kept and asked for again.

Its entry in the list is a delivery of its own. It is told after a day, and never given up.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import structlog

from connector.casework.desk import Desk
from connector.casework.polling import PATIENCE
from connector.casework.registers import Register
from connector.errors import ConnectorError, Declined, HostError, KeyProblem, OutOfOrder
from connector.store.submission_row import Submission

LISTED = "connector: listed form"
A_DAY = timedelta(days=1)

TRIED_AGAIN = (
    "A form in the case system's own list could not be read. It is asked for again with each sweep."
)
TOLD = (
    "A form in the case system's own list could not be read for a day: {why} Have its webhook sent"
    " again, or mend what stands in the way. It is asked for again every day."
)
OVER = "The form came in by now, or the case system has it no more."

Take = Callable[[Any], bool]
"""Keep a form, as its webhook would have brought it, unless it is known; whether it was missing."""

_log = structlog.get_logger(__name__)


class Fetching:
    """The forms of one host, while it answers."""

    def __init__(self, desk: Desk, host: str, register: Register, take: Take) -> None:
        self._desk = desk
        self._host = host
        self._register = register
        self._take = take
        self._unanswered = 0
        with desk.store.transaction() as tx:
            self._waiting = tx.submissions.unfetched(host)
        self._names = {each.delivery_id.rpartition(" ")[2] for each in self._waiting}

    @property
    def silent(self) -> bool:
        """Whether the host is to be left alone until the next sweep."""
        return self._unanswered >= PATIENCE

    def fetch(self, entry: Any) -> bool:
        """Take in the form of an entry, or keep the entry; whether the form was missing.

        One that waits already is left to `fetch_again`.
        """
        body = json.dumps(entry, sort_keys=True).encode()
        name = hashlib.sha256(body).hexdigest()[:32]
        if name in self._names:
            return False
        found, trouble = self._tried(entry)
        if trouble:
            now, listed = self._desk.now(), f"{LISTED} {self._desk.today()} {name}"
            with self._desk.store.transaction() as tx:
                kept = tx.submissions.keep(self._host, listed, body, now, state="unfetched")
                if not kept.duplicate:
                    tx.submissions.wait(kept.submission_id, now, TRIED_AGAIN)
        return found

    def fetch_again(self, going_on: Callable[[], bool]) -> int:
        """Try those that waited before this sweep; how many forms were missing."""
        self._unanswered, found = 0, 0
        for row, entry in self._due():
            if self.silent or not going_on():
                break
            was_missing, trouble = self._tried(entry)
            found += was_missing
            if trouble:
                self._wait(row, trouble)
            else:
                self._over(row)
        return found

    def _tried(self, entry: Any) -> tuple[bool, str]:
        """Whether the form was missing; and what stands in the way, else blank."""
        trouble = ""
        try:
            form = self._register.read_form(entry)
            self._unanswered = 0
            return form is not None and self._take(form), ""
        except OutOfOrder:
            raise
        except Exception as error:  # noqa: BLE001 - the next form is looked at all the same
            silent = isinstance(error, HostError) and not isinstance(error, Declined)
            self._unanswered = self._unanswered + 1 if silent else 0
            trouble = str(error) if isinstance(error, ConnectorError) else type(error).__name__
            _log.warning("listed form not taken", host=self._host, exc_info=error)
        return False, trouble

    def _due(self) -> Iterator[tuple[Submission, Any]]:
        for row in self._waiting:
            if row.not_before and row.not_before > self._desk.now():
                continue
            try:
                with self._desk.store.transaction() as tx:
                    body = tx.submissions.body(row.id)
            except KeyProblem as problem:
                _log.error("submission does not open", submission=row.id, exc_info=problem)
                continue
            yield row, json.loads(body or b"null")

    def _wait(self, row: Submission, trouble: str) -> None:
        """Until the next sweep; a day later that is told, once, and tried every day.

        `processed_at` is when it was told.
        """
        now = self._desk.now()
        with self._desk.store.transaction() as tx:
            if now - row.received_at < A_DAY:
                tx.submissions.wait(row.id, now, TRIED_AGAIN)
                return
            told = row.processed_at or now
            tx.submissions.settle(row.id, "unfetched", processed_at=told)
            tx.submissions.wait(row.id, now + A_DAY, TOLD.format(why=trouble.rstrip(".") + "."))
        if row.processed_at is None:
            _log.error("listed form cannot be read", host=self._host, submission=row.id)

    def _over(self, row: Submission) -> None:
        with self._desk.store.transaction() as tx:
            now = self._desk.now()
            tx.submissions.settle(row.id, "ignored", processed_at=now, reason=OVER)
