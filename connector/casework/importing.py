"""The catch-up import: people whose agreement or closing is older than the connector.

Each row is kept as a form in force would be, and the next task of each of its series is planned. No
outcome, note or document is written: nothing has happened that the record does not know.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from typing import Protocol

from connector.casework.changing import Cause, finish_row
from connector.casework.contacts_told import CONTACTED, REACHED
from connector.casework.desk import Desk
from connector.casework.import_file import TOGETHER
from connector.casework.import_rows import KINDS, Refused, Row
from connector.casework.occasions import occasion
from connector.casework.own_work import keep_own
from connector.casework.seeding import Seed, ended_before, seed
from connector.dates import LONDON
from connector.events import HostPerson
from connector.model import Task
from connector.plan import follow_up, period_key
from connector.policy.stops import ASSESSED, ASSESSMENT
from connector.store import Transaction

BATCH = 200
"""Rows in one transaction: what a killed import has done is done, to so many rows."""

BY_A_FORM = "A form of this person is known already; it counts. Leave the row out."
OTHERWISE = (
    "This person was imported with other values before. Complete a form in the case system"
    " instead, or leave the row as it was."
)


@dataclass(frozen=True)
class Imported:
    """What became of one row: imported, unchanged or refused, and the tasks it starts."""

    line: int
    kind: str
    person_id: str
    result: str
    reason: str = ""
    tasks: tuple[Task, ...] = ()


class PersonRegister(Protocol):
    """The host's own records of people."""

    def read_person(self, person_id: str) -> HostPerson | None:
        """A record now, None where there is none."""


Keep = Callable[[Transaction, Desk, str, Seed], None]
Object = Callable[[Row], str | None]


def import_people(
    desk: Desk,
    host: str,
    rows: Iterable[Row | Refused],
    keep: Keep,
    *,
    assessed: frozenset[str] = frozenset(),
    objects: Object = lambda row: None,
) -> Iterator[Imported]:
    """Deal with every row, some in each transaction. Raises KeyProblem.

    `keep` stores what a row starts, or leaves it. `assessed` are the people with an open case in
    the same file. `objects` says why a row must not be taken; it may ask the host.
    """
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        looked_at = [_looked_at(each, objects) for each in batch]
        with desk.store.transaction() as tx:
            forms = {each.form_id: each.person_id for each in looked_at if isinstance(each, Row)}
            strangers = tx.lists.strangers(host, forms)
            at = _Batch(tx, desk, host, keep, assessed, strangers)
            done = [_one(at, each) for each in looked_at]
        yield from done


@dataclass(frozen=True)
class _Batch:
    """Rows that are dealt with together. `strangers`: people of whom nothing is kept so far."""

    tx: Transaction
    desk: Desk
    host: str
    keep: Keep
    assessed: frozenset[str]
    strangers: set[str]


def record_disagrees(register: PersonRegister, row: Row) -> str | None:
    """Why the host's record says that a row is about somebody else. Raises HostError."""
    found = register.read_person(row.person_id)
    if found is None:
        return "The case system has no record of this number. Check person_id."
    if found.date_of_birth and found.date_of_birth != row.born:
        return "date_of_birth: it is not the one on the record. Check person_id as well."
    return None


def leave(tx: Transaction, desk: Desk, host: str, seeded: Seed) -> None:
    """Store nothing: a dry run."""


def _looked_at(row: Row | Refused, objects: Object) -> Row | Refused:
    why = objects(row) if isinstance(row, Row) else None
    return Refused(row.line, row.person_id, row.kind, why) if why else row


def _one(at: _Batch, row: Row | Refused) -> Imported:
    if isinstance(row, Refused):
        return _refused(row, row.reason)
    assessed = row.person_id in at.assessed
    if row.person_id not in at.strangers:
        before = at.tx.submissions.revisions(at.host, row.form_id)
        if before and before[-1].content_sha256 == fingerprint(row):
            return Imported(row.line, row.kind, row.person_id, "unchanged")
        why = OTHERWISE if before else _known(at.tx, at.host, row)
        if why:
            return _refused(row, why)
        held = at.tx.answers.get(at.host, row.person_id, ASSESSMENT)
        assessed = assessed or held is not None
    seeded = seed(at.desk, at.host, row, assessed=assessed)
    if isinstance(seeded, Refused):
        return _refused(row, seeded.reason)
    if over := ended_before(seeded, at.desk.today()):
        return _refused(row, over)
    at.keep(at.tx, at.desk, at.host, seeded)
    at.strangers.discard(row.person_id)
    return Imported(row.line, row.kind, row.person_id, "imported", tasks=seeded.tasks)


def _refused(row: Row | Refused, reason: str) -> Imported:
    return Imported(row.line, row.kind, row.person_id, "refused", reason)


def _known(tx: Transaction, host: str, row: Row) -> str | None:
    """Why what is known of this person rules the row out."""
    if tx.persons.current_id(host, row.person_id) != row.person_id:
        return "This record was merged into another one. Use the number of that record."
    if tx.persons.get(host, row.person_id).deceased:
        return "This person is recorded as having died. Leave the row out."
    for each in tx.answers.of_person(host, row.person_id):
        form_id = str(each.content["values"].get("submission_id") or "")
        kind = next((k for k in KINDS if form_id == f"import-{k}-{row.person_id}"), None)
        if kind is None:
            return BY_A_FORM
        if kind not in TOGETHER[row.kind]:
            return f"This person was imported as {kind} before. Complete a form instead."
    return None


def fingerprint(row: Row) -> str:
    """The same for the same values, in whatever order the columns stand."""
    values = {**row.values, **{name: day.isoformat() for name, day in row.days.items()}}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def store_seed(tx: Transaction, desk: Desk, host: str, seeded: Seed) -> None:
    """Hold the row as a form in force, with its tasks planned and what it says of the person."""
    submission_id = _delivery(tx, desk, host, seeded)
    row, now = seeded.row, desk.now()
    tx.answers.keep(
        host,
        row.person_id,
        row.form_type,
        submission_id=submission_id,
        ordinal=1,
        content={"values": dict(seeded.reading.values), "labels": {}, "status": seeded.status},
        turns_on=seeded.turns_on,
        kept_at=now,
    )
    _learn(tx, desk, host, row)
    if row.form_type == ASSESSMENT:
        _assessed(tx, desk, host, submission_id, row)
    for task in seeded.tasks:
        planned = follow_up(
            task,
            period_key(row.form_id, task),
            seeded.case.envelope,
            occasion(desk, host, submission_id),
            asked_by=(row.form_type, row.form_id),
        )
        tx.follow_ups.plan(submission_id, host, planned, now)


def _delivery(tx: Transaction, desk: Desk, host: str, seeded: Seed) -> str:
    """Its place among the forms is the day it tells of: a form completed later counts for more."""
    row = seeded.row
    submission_id, _ = keep_own(tx, desk, host, f"import {row.kind} {row.person_id}")
    tx.submissions.settle(
        submission_id,
        "processed",
        processed_at=desk.now(),
        form_type=row.form_type,
        form_id=row.form_id,
        version="1",
        ordinal=1,
        content_sha256=fingerprint(row),
        person_ids=[row.person_id],
        completed_at=datetime.combine(row.began, time(), LONDON),
        as_of=desk.today(),
        status=seeded.status,
        configuration_hash=desk.configuration.hash,
        event="import",
    )
    return submission_id


def _learn(tx: Transaction, desk: Desk, host: str, row: Row) -> None:
    roles = {
        "worker_id": row.values.get("allocated_worker_id"),
        "manager_id": row.values.get("manager_id"),
        "team_id": row.values.get("team_id"),
        "restricted": row.values.get("record_restricted") or None,
    }
    contacts = {CONTACTED: row.last_contact, REACHED: row.days.get("last_reached_on")}
    known = tx.persons.get(host, row.person_id)
    after = known.read(desk.now(), **{name: each for name, each in roles.items() if each})
    told = {name: each for name, each in contacts.items() if each}
    after = after.told(desk.now(), row.form_id, **told)
    if after != known:
        tx.persons.keep(host, row.person_id, after, desk.now())


def _assessed(tx: Transaction, desk: Desk, host: str, submission_id: str, row: Row) -> None:
    """The assessment before 21 that an imported agreement asked for has been made."""
    cause = Cause(submission_id, host, desk.now(), row.form_id)
    for each in tx.follow_ups.listing(host, row.person_id, task="T08"):
        if each.stands:
            finish_row(tx, cause, each, row.began, ASSESSED)
