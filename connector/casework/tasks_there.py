"""How a task stands in the host, and what follows from that: done, taken away, or moved by hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from connector.casework.changing import Cause
from connector.casework.desk import Desk
from connector.casework.finishing import Done, cancelled_in_host, finish
from connector.casework.registers import Register
from connector.casework.responsibility import moved_by_hand
from connector.errors import Declined
from connector.events import HostTask
from connector.model import EffectKind, Inbox
from connector.store import Transaction
from connector.store.effect_row import EffectRow, EffectState
from connector.store.follow_up_row import FollowUpRow

SETTLING = timedelta(minutes=10)
"""A task the host confirmed so lately may not be readable yet: then it is not gone."""

Found = HostTask | Literal["there", "gone"]
"""What the host said; "there" where it can only say that it has the task."""


@dataclass(frozen=True)
class Asked:
    """An open follow-up and the variables its task is looked up by."""

    row: FollowUpRow
    variables: dict[str, Any]

    @property
    def remote_id(self) -> str | None:
        """The host's own id; our reference stands in for one it did not tell."""
        known = self.variables["remote_id"]
        return known if known and known != self.variables["reference"] else None


def to_ask(tx: Transaction, desk: Desk, row: FollowUpRow) -> Asked | None:
    """What to ask about a follow-up; None where its task is not known to be in the host yet.

    Raises KeyProblem.
    """
    effect = tx.effects.by_reference(row.reference)
    if effect is None or not _is_there(desk, effect):
        return None
    content = tx.effects.content(effect.id)
    person_id = effect.person_id or content.get("person_id")
    ours = {"reference": effect.reference, "person_id": person_id}
    return Asked(row, content | ours | {"remote_id": effect.remote_id})


def _is_there(desk: Desk, effect: EffectRow) -> bool:
    settled = effect.settled_at
    confirmed = effect.state is EffectState.CONFIRMED and settled is not None
    return bool(confirmed and settled and desk.now() - settled >= SETTLING)


def look(register: Register, asked: Asked) -> Found | None:
    """Ask the host; None where its profile does not say how. No transaction is open meanwhile.

    Raises HostError where the host's answer is not sure.
    """
    if asked.remote_id and register.reads_tasks:
        return register.read_task(asked.variables) or "gone"
    try:
        ids = register.find(EffectKind.TASK, asked.variables)
    except Declined:
        return None
    if not ids:
        return "gone"
    if not register.reads_tasks:
        return "there"
    return register.read_task(asked.variables | {"remote_id": ids[0]}) or "gone"


def take_in(tx: Transaction, desk: Desk, asked: Asked, found: Found) -> bool:
    """Note what became of a task in the host; whether that changed anything. Raises KeyProblem."""
    row = tx.follow_ups.get(asked.row.id)
    if row is None:
        return False
    tx.follow_ups.look(row, desk.now())
    if not row.stands or row.reference != asked.row.reference or found == "there":
        return False
    cause = Cause(row.submission_id, row.host, desk.now())
    if isinstance(found, str) or found.state == "cancelled":
        return cancelled_in_host(tx, desk, cause, row, desk.today())
    if found.state == "done":
        done_on = min(found.done_on or desk.today(), desk.today())
        return finish(tx, desk, cause, row, Done(done_on, found.result))
    if row.assignee != asked.row.assignee:
        return False  # moved by ourselves since the host was asked
    return _moved(tx, desk, row, found.assignee_id)


def _moved(tx: Transaction, desk: Desk, row: FollowUpRow, assignee: str | None) -> bool:
    """Somebody else has it in the host, and no move of ours is on its way there."""
    ours_on_its_way = tx.effects.is_unsettled(row.host, row.person_id, f"reassign task {row.task}")
    if not assignee or row.assignee is None or ours_on_its_way:
        return False
    known = tx.persons.get(row.host, row.person_id)
    teams = {known.text("team_id"), desk.default(row.host, "team_id")}
    if assignee in teams:
        return moved_by_hand(tx, row, Inbox.TEAM, assignee)
    inbox = Inbox.WORKER if row.inbox is Inbox.TEAM else row.inbox
    return moved_by_hand(tx, row, inbox, assignee)
