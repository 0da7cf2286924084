"""What a change on the host's record does, where we read it there and no event told us (1.10)."""

from connector.casework.desk import Desk
from connector.casework.own_work import own_delivery
from connector.casework.responsibility import move_open, roles_changed
from connector.casework.telling import apply_event
from connector.events import Event, EventKind, HostPerson
from connector.people import ROLES, Person, told_by_host
from connector.store import Transaction


def take_in(
    tx: Transaction, desk: Desk, host: str, person_id: str, found: HostPerson | None
) -> None:
    """Keep what the record says now; a death, a merger or a new role acts as its event would.

    `found` is None where there is no such record. Raises KeyProblem.
    """
    now, before = desk.now(), tx.persons.get(host, person_id)
    if found is None:
        after = before.told(now, on_record=False)
    else:
        after = told_by_host(before.told(now, on_record=True), found, now)
    tx.persons.keep(host, person_id, after, now)
    tx.persons.look(host, person_id, now)
    _back_at_work(tx, desk, host, person_id, found)
    if found is None:
        return
    if _is_known(tx, host, person_id):
        _follow(tx, desk, host, person_id, before, after)
    _merged(tx, desk, host, person_id, found.merged_into)


def _back_at_work(
    tx: Transaction, desk: Desk, host: str, person_id: str, found: HostPerson | None
) -> None:
    """A worker who was said to have left is there, as the record says: open tasks go back."""
    worker = found.worker_id if found and found.worker_active else None
    if worker is None or not tx.persons.has_left(host, worker):
        return
    tx.persons.worker_is_back(host, worker, desk.now())
    submission_id, _ = own_delivery(tx, desk, host, _today(desk))
    known = tx.persons.get(host, person_id)
    move_open(tx, desk, host, person_id, known, submission_id)


def _is_known(tx: Transaction, host: str, person_id: str) -> bool:
    """Whether anything was planned for them or is held of them."""
    answers = tx.answers.of_person(host, person_id)
    return bool(answers or tx.follow_ups.of_person(host, person_id))


def _follow(
    tx: Transaction, desk: Desk, host: str, person_id: str, before: Person, after: Person
) -> None:
    if after.deceased and not before.deceased:
        died_on = after.day("died_on")
        event = Event(EventKind.PERSON_DIED, desk.now(), person_id=person_id, died_on=died_on)
        _tell(tx, desk, host, event)
    elif before.facts and not after.deceased and _roles(before) != _roles(after):
        submission_id, _ = own_delivery(tx, desk, host, _today(desk))
        roles_changed(tx, desk, host, person_id, before, after, submission_id)


def _roles(known: Person) -> list[str | bool | None]:
    return [*(known.text(name) for name in ROLES), known.is_false("worker_active")]


def _merged(tx: Transaction, desk: Desk, host: str, person_id: str, into: str | None) -> None:
    if into and tx.persons.current_id(host, into) != person_id:
        event = Event(EventKind.PERSON_MERGED, desk.now(), person_id=person_id, new_person_id=into)
        _tell(tx, desk, host, event)


def _tell(tx: Transaction, desk: Desk, host: str, event: Event) -> None:
    submission_id, _ = own_delivery(tx, desk, host, _today(desk))
    submission = tx.submissions.get(submission_id)
    if submission is not None:
        apply_event(tx, desk, submission, event)


def _today(desk: Desk) -> str:
    return f"people read {desk.today()}"
