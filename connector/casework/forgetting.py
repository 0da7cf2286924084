"""What may be forgotten: the answers of a young person whose last follow-up has ended.

Ids, dates, states and hashes stay; the host is the record.
"""

from datetime import datetime, timedelta

import structlog

from connector.casework.desk import Desk
from connector.casework.knowing import HeldForm, held_forms
from connector.dates import london_date
from connector.errors import KeyProblem
from connector.people import DEATH, Person
from connector.store import Transaction

CHUNK = 50
ENDED = frozenset({"ended_21", "ended_age_25", "ended_deceased", "withdrawn"})
NEVER_LASTS = frozenset(
    {"criteria_no_longer_met", "request_agreed", "request_not_agreed", "request_awaiting_manager"}
)
"""In force, but nothing follows from it by itself once its tasks are done."""

_log = structlog.get_logger(__name__)


def forget_the_ended(desk: Desk) -> int:
    """Forget everyone for whom nothing more is to come, and old texts; how many people."""
    days = desk.policy.privacy.keep_payload_days
    before = desk.now() - timedelta(days=days)
    with desk.store.transaction() as tx:
        tx.quarantine.purge(before)
        tx.follow_ups.purge(london_date(before))
        hosts = tx.answers.hosts()
    forgotten = sum(_forget_at(desk, host, before) for host in hosts)
    _log.info("answers forgotten", count=forgotten)
    return forgotten


def _forget_at(desk: Desk, host: str, before: datetime) -> int:
    """In small pieces, so that nothing else waits for it."""
    forgotten, after = 0, ""
    while True:
        with desk.store.transaction() as tx:
            people = tx.answers.people(host, after, CHUNK)
            forgotten += sum(_forget(tx, host, each, before) for each in people)
        if len(people) < CHUNK:
            return forgotten
        after = people[-1]


def _forget(tx: Transaction, host: str, person_id: str, before: datetime) -> bool:
    try:
        if not _has_ended(tx, host, person_id, before):
            return False
        known = tx.persons.get(host, person_id)
    except KeyProblem as problem:
        _log.error("answers do not open", host=host, exc_info=problem)
        return False
    tx.answers.erase(host, person_id)
    tx.follow_ups.purge_person(host, person_id)
    tx.persons.forget(host, person_id)
    if known.deceased:
        _remember_the_death(tx, host, person_id, known, before)
    return True


def _has_ended(tx: Transaction, host: str, person_id: str, before: datetime) -> bool:
    """Whether no form of theirs is in force, nothing stands, and nothing is owed to the host.

    A death that was told by mistake may still be taken back for a while.
    """
    rows = tx.follow_ups.of_person(host, person_id)
    if any(row.stands for row in rows) or tx.effects.is_unsettled(host, person_id):
        return False
    kept = {each.form_type: each.kept_at for each in tx.answers.of_person(host, person_id)}
    if tx.persons.get(host, person_id).deceased:
        return all(each < before for each in kept.values())
    held = held_forms(tx, host, person_id)
    return all(_is_over(form, kept[form.form_type], before) for form in held.values())


def _is_over(form: HeldForm, kept_at: datetime, before: datetime) -> bool:
    """An ended form at once; one that never took effect may still be put right for a while."""
    if form.status in ENDED:
        return True
    lasts = form.applied.took_effect and form.status not in NEVER_LASTS
    return not lasts and kept_at < before


def _remember_the_death(
    tx: Transaction, host: str, person_id: str, known: Person, now: datetime
) -> None:
    """Nobody is to be given work about them, whatever comes late (1.1)."""
    death = {name: each for name, each in known.facts.items() if name in DEATH}
    tx.persons.keep(host, person_id, Person(death), now)
