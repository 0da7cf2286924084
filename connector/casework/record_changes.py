"""What a change on the host's record does, where we read it there and no event told us (1.10)."""

from dataclasses import replace

from connector.casework.deaths import begin_again, end_everything
from connector.casework.desk import Desk
from connector.casework.own_work import own_delivery
from connector.casework.responsibility import move_open, roles_changed
from connector.casework.telling import apply_event
from connector.casework.told import Told
from connector.events import Event, EventKind, HostPerson
from connector.people import ROLES, Person, died_no_more, told_by_host
from connector.store import Transaction


def take_in(
    tx: Transaction, desk: Desk, host: str, person_id: str, found: HostPerson | None
) -> None:
    """Keep what the record says now; a death, a merger or a new role acts as its event would.

    `found` is None where there is no such record. Raises KeyProblem.
    """
    now, before = desk.now(), tx.persons.get(host, person_id)
    if found is None:
        after = before.read(now, on_record=False)
    else:
        after = _as_recorded(desk, host, before.read(now, on_record=True), found)
    tx.persons.keep(host, person_id, after, now)
    tx.persons.look(host, person_id, now)
    _back_at_work(tx, desk, host, person_id, found)
    if found is None:
        return
    if _is_known(tx, host, person_id):
        _follow(tx, desk, host, person_id, before, after)
    _merged(tx, desk, host, person_id, found.merged_into)


def _as_recorded(desk: Desk, host: str, known: Person, found: HostPerson) -> Person:
    """With what the record says, and without a death it told of and does not any more."""
    after = told_by_host(known, found, desk.now())
    profile = desk.configuration.hosts.get(host)
    read = profile.outbound.person if profile else None
    silent = read is None or "died_on" not in read.values
    return after if silent or found.died_on else died_no_more(after, desk.now())


def _back_at_work(
    tx: Transaction, desk: Desk, host: str, person_id: str, found: HostPerson | None
) -> None:
    """A worker who was said to have left is there, as the record says: open tasks go back."""
    worker = found.worker_id if found and found.worker_active else None
    if worker is None or not tx.persons.has_left(host, worker):
        return
    tx.persons.worker_is_back(host, worker)
    known = tx.persons.get(host, person_id)
    move_open(tx, desk, host, person_id, known, _own(tx, desk, host))


def _is_known(tx: Transaction, host: str, person_id: str) -> bool:
    """Whether anything was planned for them or is held of them."""
    answers = tx.answers.of_person(host, person_id)
    return bool(answers or tx.follow_ups.of_person(host, person_id))


def _follow(
    tx: Transaction, desk: Desk, host: str, person_id: str, before: Person, after: Person
) -> None:
    if after.deceased and not before.deceased:
        end_everything(_told(tx, desk, host, person_id, EventKind.PERSON_DIED))
    elif before.deceased and not after.deceased:
        begin_again(_told(tx, desk, host, person_id, EventKind.DEATH_CORRECTED))
    elif before.facts and not after.deceased and _roles(before) != _roles(after):
        roles_changed(tx, desk, host, person_id, before, after, _own(tx, desk, host))


def _roles(known: Person) -> list[str | bool | None]:
    return [*(known.text(name) for name in ROLES), known.is_false("worker_active")]


def _merged(tx: Transaction, desk: Desk, host: str, person_id: str, into: str | None) -> None:
    if into and tx.persons.current_id(host, into) != person_id:
        told = _told(tx, desk, host, person_id, EventKind.PERSON_MERGED)
        event = replace(told.event, new_person_id=into)
        apply_event(tx, desk, told.submission, event)


def _told(tx: Transaction, desk: Desk, host: str, person_id: str, kind: EventKind) -> Told:
    """What was read, as the event that would have told it."""
    event = Event(kind, desk.now(), person_id=person_id)
    submission = tx.submissions.get(_own(tx, desk, host))
    if submission is None:
        raise LookupError("A delivery that was kept just now is gone.")
    return Told(tx, desk, submission, event, person_id)


def _own(tx: Transaction, desk: Desk, host: str) -> str:
    submission_id, _ = own_delivery(tx, desk, host, f"people read {desk.today()}")
    return submission_id
