"""A follow-up's day has come: it becomes a task in the inbox of whoever is responsible now."""

from datetime import date

from connector.casework.desk import Desk
from connector.casework.occasions import envelope_of, unasked
from connector.casework.owning import Owner, as_variables, responsible
from connector.model import FollowUp, Inbox
from connector.people import Person
from connector.plan import opened
from connector.policy.stops import NO_LONGER_NEEDED
from connector.policy.unasked import NO_WORKER, WORKER_LEFT, no_worker
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow, FollowUpState


def open_follow_up(tx: Transaction, desk: Desk, row: FollowUpRow) -> bool:
    """Owe the host its task; False where it was not waiting any more. Never about the dead (1.1).

    Raises KeyProblem where its content does not open.
    """
    planned = tx.follow_ups.content(row.id)
    if planned is None:
        return False
    known = tx.persons.get(row.host, row.person_id)
    if known.deceased:
        return tx.follow_ups.leave(row, FollowUpState.CANCELLED, NO_LONGER_NEEDED)
    who = responsible(tx, desk, row.host, known, planned.effect.content)
    owner = who.owner(planned)
    late_on = escalates_on(desk, planned, owner)
    if not tx.follow_ups.open(row, owner.inbox, owner.assignee, late_on):
        return False
    effect = opened(planned, as_variables(owner, who), known.is_true("restricted"))
    tx.effects.add(row.submission_id, row.host, effect, now=desk.now(), follow_up_id=row.id)
    if owner.nobody:
        nobody_to_give_it_to(tx, desk, row, known)
    return True


def escalates_on(desk: Desk, planned: FollowUp, owner: Owner) -> date | None:
    """When the manager hears that it is overdue (T12); never of what is with the manager."""
    task = planned.task
    if owner.inbox is Inbox.MANAGER or task.task == "T12":
        return None
    days = desk.policy.tasks.overdue_to_manager_working_days
    return task.late_on or desk.working.after(task.due_on, days)


def nobody_to_give_it_to(tx: Transaction, desk: Desk, row: FollowUpRow, known: Person) -> None:
    """T91, once for each person as long as it stands (1.10)."""
    mine = tx.follow_ups.listing(row.host, row.person_id, task="T91")
    planned = tx.follow_ups.content(row.id)
    if planned is None or any(each.stands for each in mine):
        return
    why = WORKER_LEFT if known.text("worker_id") else NO_WORKER
    task = no_worker(planned.task.title, why, desk.today(), desk.working)
    envelope = envelope_of(desk, row.host, row.person_id, known)
    key = f"nobody#{len(mine) + 1}"
    notice = unasked(desk, row.host, row.submission_id, envelope, task, key)
    tx.follow_ups.plan(row.submission_id, row.host, notice, desk.now())
