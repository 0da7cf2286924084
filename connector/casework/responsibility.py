"""A worker, manager or team has changed: what is open goes with the role (1.10, DS-28)."""

from dataclasses import replace
from datetime import datetime, timedelta

from connector.casework.changing import Cause, end
from connector.casework.desk import Desk
from connector.casework.knowing import ACTIVE
from connector.casework.moving import hand_over
from connector.casework.occasions import envelope_of, unasked
from connector.casework.opening import nobody_to_give_it_to
from connector.casework.owning import responsible
from connector.model import Inbox
from connector.people import ROLES, Person
from connector.policy.stops import AGREEMENT
from connector.policy.unasked import new_contact_details
from connector.store import Transaction
from connector.store.effect_row import EffectRow
from connector.store.follow_up_row import IN_AN_INBOX, FollowUpRow, FollowUpState

BY_HAND = "Put into another inbox in the case system."
CLOCKS_DIFFER = timedelta(minutes=5)


def roles_changed(
    tx: Transaction,
    desk: Desk,
    host: str,
    person_id: str,
    before: Person,
    after: Person,
    submission_id: str,
) -> None:
    """Move what is open where a role is somebody else's now, and have the family told."""
    follow_roles(tx, desk, host, person_id, before, after, submission_id)
    tell_the_family(tx, desk, host, person_id, before, after, submission_id)


def follow_roles(
    tx: Transaction,
    desk: Desk,
    host: str,
    person_id: str,
    before: Person,
    after: Person,
    submission_id: str,
) -> None:
    """Move what is open where a role is somebody else's now."""
    changed = [name for name in ROLES if before.text(name) != after.text(name)]
    if not changed and before.is_false("worker_active") == after.is_false("worker_active"):
        return
    move_open(tx, desk, host, person_id, after, submission_id)


def move_open(
    tx: Transaction, desk: Desk, host: str, person_id: str, known: Person, submission_id: str
) -> None:
    """Every open task of a person goes to whoever has its role now.

    What somebody put into another inbox by hand stays there while whoever has it is here. T91 is
    over once a worker is named.
    """
    for row in tx.follow_ups.listing(host, person_id, IN_AN_INBOX):
        planned = tx.follow_ups.content(row.id)
        if planned is None or stays_by_hand(tx, row):
            continue
        owner = responsible(tx, desk, host, known, planned.effect.content).owner(planned)
        if row.task == "T91" and _has_worker(tx, host, known):
            cause = Cause(submission_id, host, desk.now())
            done = FollowUpState.DONE
            end(tx, cause, row, done, "A worker is named.", done_on=desk.today())
            continue
        hand_over(tx, desk, row, owner, submission_id)
        if owner.nobody:
            nobody_to_give_it_to(tx, desk, row, known)


def moved_by_hand(tx: Transaction, row: FollowUpRow, inbox: Inbox, assignee: str | None) -> bool:
    """Somebody put a task into another inbox in the host, and there it stays; False where it was
    there already, or is in no inbox any more."""
    if row.state not in IN_AN_INBOX or row.assignee == assignee:
        return False
    tx.follow_ups.hand_over(row, inbox, assignee, BY_HAND)
    return True


def moved_by_us(
    tx: Transaction, row: FollowUpRow, assignee: str | None, at: datetime, now: datetime
) -> bool:
    """Whether we ourselves put a task into this inbox about then, as an event that comes late may
    tell after we have moved it on. `at` is of the host's clock."""
    made = tx.effects.by_reference(row.reference)
    moves = tx.effects.of_step(row.host, row.person_id, f"reassign task {row.task}")
    told = [(each, tx.effects.content(each.id)) for each in moves]
    mine = [(each, said) for each, said in told if made and said.get("task_effect") == made.id]
    first = [(made, said.get("had_it")) for _, said in mine[:1] if made]
    written = [*first, *((each, said.get("has_it")) for each, said in mine)]
    return any(who == assignee and _is_about(each, at, now) for each, who in written if who)


def _is_about(write: EffectRow, at: datetime, now: datetime) -> bool:
    """Whether a write was on its way then, as far as two clocks agree."""
    if write.first_sent is None:
        return False
    until = write.settled_at or now
    return write.first_sent - CLOCKS_DIFFER <= at <= until + CLOCKS_DIFFER


def stays_by_hand(tx: Transaction, row: FollowUpRow) -> bool:
    """Whether somebody put a task where it is by hand, and whoever has it now has not left."""
    left = row.assignee is not None and tx.persons.has_left(row.host, row.assignee)
    return row.reason == BY_HAND and not left


def _has_worker(tx: Transaction, host: str, known: Person) -> bool:
    worker = known.text("worker_id")
    gone = known.is_false("worker_active") or (worker and tx.persons.has_left(host, worker))
    return bool(worker and not gone)


def tell_the_family(
    tx: Transaction,
    desk: Desk,
    host: str,
    person_id: str,
    before: Person,
    after: Person,
    submission_id: str,
) -> None:
    """T28 where the worker is somebody else now and an agreement is active; one at a time (DS-28).

    Not where a form names the new worker: forms come in any order, and an agreement asks for it by
    itself.
    """
    was, now = before.text("worker_id"), after.text("worker_id")
    agreement = tx.answers.get(host, person_id, AGREEMENT)
    if not was or not now or was == now or agreement is None or after.deceased:
        return
    mine = tx.follow_ups.listing(host, person_id, task="T28")
    if agreement.content.get("status") != ACTIVE or any(each.stands for each in mine):
        return
    unsafe = agreement.content["values"].get("family_contact_safe") is False
    role = Inbox.MANAGER if unsafe else Inbox.WORKER
    task = new_contact_details(desk.today(), desk.working, role)
    envelope = envelope_of(desk, host, person_id, after)
    key = f"worker#{len(mine) + 1}"
    planned = unasked(desk, host, submission_id, envelope, task, key)
    planned = replace(planned, form_type=AGREEMENT)
    tx.follow_ups.plan(submission_id, host, planned, desk.now())
