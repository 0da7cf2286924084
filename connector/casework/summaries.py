"""A case summary that could not be put onto the record: somebody attaches it by hand (DC-34)."""

from dataclasses import replace

from connector.casework.changing import Cause, end
from connector.casework.desk import Desk
from connector.casework.occasions import envelope_of, unasked
from connector.policy.unasked import attach_yourself
from connector.store import Transaction
from connector.store.effect_row import EffectRow, EffectState
from connector.store.follow_up_row import FollowUpRow, FollowUpState

ATTACHED = "The summary was attached after all."


def ask_a_person(tx: Transaction, desk: Desk, document: EffectRow) -> bool:
    """T11 for the worker, once for each document that waits for a person, and still does."""
    now = tx.effects.get(document.id)
    if now is None or now.state is not EffectState.PARKED:
        return False
    known = tx.persons.get(document.host, document.person_id)
    content = tx.effects.content(document.id)
    envelope = envelope_of(desk, document.host, document.person_id, known, content)
    link = (content.get("form") or {}).get("url")
    envelope = replace(
        envelope,
        allocated_worker_id=envelope.allocated_worker_id or content.get("worker_id"),
        form_url=link,
    )
    host, submission_id = document.host, document.submission_id
    task = attach_yourself(content["name"], submission_id, desk.today(), desk.working)
    planned = unasked(desk, host, submission_id, envelope, task, document.id)
    return tx.follow_ups.plan(submission_id, host, planned, desk.now())


def nothing_to_attach(tx: Transaction, desk: Desk, row: FollowUpRow) -> bool:
    """The document is on the record by now, or not wanted any more: T11 goes."""
    cause = Cause(row.submission_id, row.host, desk.now())
    return end(tx, cause, row, FollowUpState.DONE, ATTACHED, done_on=desk.today())
