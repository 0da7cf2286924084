"""Small follow-ups, and a delivery they hang on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from connector.model import Effect, EffectKind, FollowUp, Inbox, Task
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow

NOW = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
DAY, DUE = date(2026, 6, 1), date(2026, 6, 8)
HOST = "sandbox"


def follow_up(
    reference: str = "lcf-1",
    key: str | None = None,
    person_id: str = "P1",
    opens_on: date = DAY,
    due_on: date = DUE,
    **task: Any,
) -> FollowUp:
    """A call to make; its period is that of its reference unless one is given."""
    wanted = Task(
        task="T01",
        rule="DS-18",
        title="Ring Zephyrine",
        inbox=Inbox.WORKER,
        assignee="20931",
        opens_on=opens_on,
        due_on=due_on,
        because="Signed on 25 March 2026.",
    )
    wanted = replace(wanted, **task)
    content = {
        "title": wanted.title,
        "person_id": person_id,
        "inbox": {"kind": "worker", "id": "20931"},
    }
    effect = Effect(EffectKind.TASK, f"task {wanted.task}", reference, person_id, 4, content)
    form = ("tailored_support_agreement", "F1")
    return FollowUp(wanted, person_id, reference, effect, key or f"F1 {reference}", *form)


def delivery(tx: Transaction, name: str = "form-1", completed_at: datetime | None = None) -> str:
    """A form that came and was worked on; its submission."""
    kept = tx.submissions.keep(HOST, name, b"{}", NOW).submission_id
    tx.submissions.settle(kept, "processed", processed_at=NOW, completed_at=completed_at)
    return kept


def plan(tx: Transaction, *follow_ups: FollowUp, host: str = HOST) -> str:
    """Keep them all; the submission they hang on."""
    submission = delivery(tx)
    for each in follow_ups:
        assert tx.follow_ups.plan(submission, host, each, NOW)
    return submission


def only(tx: Transaction, reference: str = "lcf-1") -> FollowUpRow:
    """The follow-up of this reference as it is now."""
    row = tx.follow_ups.by_reference(reference)
    assert row is not None
    return row


def put_in_inbox(
    tx: Transaction,
    reference: str = "lcf-1",
    assignee: str | None = "20931",
    escalates_on: date | None = None,
) -> FollowUpRow:
    """Open it; as it is then."""
    assert tx.follow_ups.open(only(tx, reference), Inbox.WORKER, assignee, escalates_on)
    return only(tx, reference)
