"""What is overdue: assumed done where the host does not tell, else the manager is told once."""

from connector.casework.changing import Cause
from connector.casework.desk import Desk
from connector.casework.finishing import Done, finish
from connector.casework.moving import hand_over
from connector.casework.occasions import envelope_of, unasked
from connector.casework.owning import responsible
from connector.casework.responsibility import stays_by_hand
from connector.model import FollowUp
from connector.people import Person
from connector.plan import again, quiet_title, times_planned
from connector.policy.unasked import overdue
from connector.store import Transaction
from connector.store.effect_row import EffectState
from connector.store.follow_up_row import FollowUpRow

SEEN_BY_A_FORM = frozenset({"T08", "T09", "T19", "T25", "T90"})
"""Tasks that end with a completed form: that they are done need not be assumed (1.8 "stops")."""


def assume_done(tx: Transaction, desk: Desk, row: FollowUpRow) -> bool:
    """A12: where the host tells nothing, a task counts as done on its due date, once it was there.

    False where that cannot be assumed.
    """
    effect = tx.effects.by_reference(row.reference)
    there = effect is not None and effect.state is EffectState.CONFIRMED
    if row.task in SEEN_BY_A_FORM or not there:
        return False
    cause = Cause(row.submission_id, row.host, desk.now(), row.form_id)
    return finish(tx, desk, cause, row, Done(row.due_on, assumed=True))


def escalate(tx: Transaction, desk: Desk, row: FollowUpRow) -> bool:
    """T12: the manager is told, once; whoever has the role now has the task (1.8, DS-18)."""
    planned = tx.follow_ups.content(row.id)
    if planned is None or not tx.follow_ups.miss(row):
        return False
    known = tx.persons.get(row.host, row.person_id)
    who = responsible(tx, desk, row.host, known, planned.effect.content)
    if not stays_by_hand(tx, row):
        hand_over(tx, desk, row, who.owner(planned), row.submission_id)
    now = tx.follow_ups.get(row.id)
    if now is None or not now.stands:
        return True  # made again for whoever has the role now; that one is told of when it opens
    title = quiet_title(planned.task) if known.is_true("restricted") else planned.task.title
    _tell_the_manager(tx, desk, now, planned, known, title)
    return True


def _tell_the_manager(
    tx: Transaction, desk: Desk, row: FollowUpRow, planned: FollowUp, known: Person, title: str
) -> None:
    inbox = f"{row.inbox} {row.assignee or ''}".strip()
    ask = _name(known, row.assignee) or "whoever has it"
    task = overdue(title, row.due_on, inbox, ask, desk.today(), desk.working)
    at_first = planned.effect.content
    fallback = {"manager_id": at_first.get("manager_id"), "team_id": at_first.get("team_id")}
    envelope = envelope_of(desk, row.host, row.person_id, known, fallback)
    notice = unasked(desk, row.host, row.submission_id, envelope, task, row.id)
    told = tx.follow_ups.listing(row.host, row.person_id, task="T12")
    before = times_planned((each.period_key for each in told), row.id)
    planned_notice = again(notice, before + 1) if before else notice
    tx.follow_ups.plan(row.submission_id, row.host, planned_notice, desk.now())


def _name(known: Person, worker_id: str | None) -> str | None:
    """The worker's name, where it was told together with the number."""
    number, name = known.facts.get("worker_id"), known.facts.get("worker_name")
    together = number and name and (number.at, number.read_at) == (name.at, name.read_at)
    same = together and known.text("worker_id") == worker_id
    return known.text("worker_name") if same else None
