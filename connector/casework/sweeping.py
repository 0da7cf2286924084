"""The sweep: forms whose webhook never came are read from the host's own list (R9).

What is found goes the way of every webhook; what is known already leaves no trace.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import structlog

from connector.casework.desk import Desk
from connector.casework.registers import Register
from connector.casework.rereading import read_again
from connector.casework.unfetched import Fetching
from connector.casework.versions_held import content_hash
from connector.errors import HostError, KeyProblem
from connector.intake import Webhook, read_json
from connector.intake.receive import delivery_id
from connector.judging import is_reopened
from connector.mapping import Outcome, Translation, translate
from connector.store import Transaction
from connector.store.submission_row import Submission
from connector.versions import host_version

SWEEP, TRIED = "sweep", "sweep tried"
OVERLAP = timedelta(days=1)
FIRST_TIME = timedelta(days=7)
WORTH_KEEPING = frozenset({Outcome.READ, Outcome.UNMAPPED})

_log = structlog.get_logger(__name__)


def sweep_is_due(tx: Transaction, desk: Desk, host: str, register: Register) -> bool:
    """Whether the host is to be asked for its completed forms now."""
    if not register.lists_forms:
        return False
    tried = tx.persons.last_round(host, TRIED)
    every = timedelta(minutes=register.forms_every_minutes)
    return tried is None or desk.now() - tried >= every


def sweep(
    desk: Desk, host: str, register: Register, going_on: Callable[[], bool] = lambda: True
) -> int:
    """Ask a host for what was completed since the last time; how many forms were missing.

    A form that cannot be read waits, and the others are gone on with. Where the list is not read
    to its end, the same time is asked about again.
    """
    began = desk.now()
    with desk.store.transaction() as tx:
        last = tx.persons.last_round(host, SWEEP)
        tx.persons.round_made(host, TRIED, began)
    since = last - OVERLAP if last else began - FIRST_TIME
    at = _Sweep(desk, host, since)
    forms = Fetching(desk, host, register, lambda payload: _take(at, payload))
    found = 0
    try:
        for entry in register.listed_forms(since):
            found += forms.fetch(entry)
            if forms.silent or not going_on():
                return found
    except HostError as error:
        _log.warning("sweep not finished", host=host, count=found, exc_info=error)
        return found
    found += forms.fetch_again(going_on)
    with desk.store.transaction() as tx:
        tx.persons.round_made(host, SWEEP, began, found)
    level = _log.warning if found else _log.debug
    level("sweep made", host=host, count=found)
    return found


@dataclass
class _Sweep:
    """One sweep of one host; what came and was not read yet is looked through once."""

    desk: Desk
    host: str
    since: datetime
    _unread: Mapping[object, Submission] | None = field(default=None)

    def unread(self, tx: Transaction, found: "_Found") -> Submission | None:
        """The delivery that brought this very form and waits, or could not be read."""
        if self._unread is None:
            self._unread = {
                key: each
                for each in tx.submissions.unread(self.host, self.since - OVERLAP)
                for key in _keys_of(tx, self.desk, each)
            }
        return next((self._unread[key] for key in found.keys if key in self._unread), None)


@dataclass(frozen=True)
class _Found:
    """One form of the list: `body` is what its webhook would have brought."""

    payload: Any
    body: bytes
    translation: Translation

    @cached_property
    def keys(self) -> tuple[object, ...]:
        """What tells it apart from others before it was worked on."""
        return _keys(self.body, self.translation)


def _take(at: _Sweep, payload: Any) -> bool:
    """Keep a form that is not known, as its webhook would have; whether it was missing."""
    profile = at.desk.configuration.hosts[at.host]
    body = canonical(payload)
    found = _Found(payload, body, translate(profile, read_json(body)))
    outcome, readings = found.translation.outcome, found.translation.readings
    if outcome not in WORTH_KEEPING or any(map(is_reopened, readings)):
        return False
    named = delivery_id(profile.inbound, Webhook({}, {}, body), payload)
    with at.desk.store.transaction() as tx:
        if _is_known(tx, at.desk, at.host, found.translation):
            return False
        waiting = at.unread(tx, found)
        if waiting is not None:
            # Our own connection proves what a late webhook alone could not.
            return waiting.state == "held_stale" and tx.submissions.rearm(waiting.id)
        kept = tx.submissions.keep(at.host, named, body, at.desk.now())
    if kept.conflict:
        _log.error("listed form refused", host=at.host, submission=kept.submission_id)
    return not (kept.duplicate or kept.conflict)


def canonical(payload: Any) -> bytes:
    """The payload as the bytes of one fixed spelling."""
    text = json.dumps(
        payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def _is_known(tx: Transaction, desk: Desk, host: str, translation: Translation) -> bool:
    """Whether this version of the form, with these answers, was worked on already."""
    if translation.outcome is not Outcome.READ or not translation.form_id:
        return False
    content, version = content_hash(translation.readings), translation.version or "1"
    return any(
        _is_same(tx, desk, each, content)
        for each in tx.submissions.deliveries_of(host, translation.form_id)
        if host_version(each.version) == str(version)
    )


def _is_same(tx: Transaction, desk: Desk, held: Submission, content: str) -> bool:
    """The same answers; read again, since another mapping may have read them otherwise."""
    if held.content_sha256 == content:
        return True
    if held.configuration_hash == desk.configuration.hash:
        return False
    again = read_again(tx, desk, held.host, held.id)
    return again is None or content_hash(again.readings) == content


def _keys_of(tx: Transaction, desk: Desk, held: Submission) -> tuple[object, ...]:
    try:
        body = tx.submissions.body(held.id)
        translation = read_again(tx, desk, held.host, held.id)
    except KeyProblem as problem:
        _log.error("submission does not open", submission=held.id, exc_info=problem)
        return ()
    if body is None or translation is None:
        return ()
    return _keys(canonical(read_json(body)), translation)


def _keys(body: bytes, translation: Translation) -> tuple[object, ...]:
    if translation.form_id is None:
        return (body,)
    content = content_hash(translation.readings)
    return body, (translation.form_type, translation.form_id, translation.version, content)
