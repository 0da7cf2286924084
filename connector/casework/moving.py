"""A task that is in an inbox goes into another one, or gets another date where it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector.casework.changing import Cause, end, end_notice
from connector.casework.desk import Desk
from connector.casework.opening import escalates_on
from connector.casework.owning import Owner, as_variables, responsible
from connector.comparing import Change
from connector.mapping.outbound import Operation
from connector.model import FollowUp
from connector.people import Person
from connector.plan import (
    again,
    opened,
    reassignment,
    reference_guid,
    staying,
    times_planned,
    update,
)
from connector.policy.stops import NO_LONGER_NEEDED
from connector.store import Transaction
from connector.store.effect_row import EffectRow, EffectState
from connector.store.follow_up_row import FollowUpRow, FollowUpState

SOMEONE_ELSE = "Someone else is responsible now."
COMPLETED_AGAIN = "The form was completed again."
RESTRICTED = "The record is restricted now."
ANOTHER_DATE = "It has another date now."


def follow_changes(
    tx: Transaction,
    desk: Desk,
    cause: Cause,
    rows: Sequence[FollowUpRow],
    changes: Sequence[Change],
    known: Person,
) -> None:
    """What a form changes about tasks that stay in an inbox: their date and words, or their role.

    In a host that cannot change a task it is taken back and made again.
    """
    by_id = {row.id: row for row in rows}
    for change in changes:
        row = by_id.get(change.row or "")
        if row is None or change.follow_up is None:
            continue
        if change.anew is not None:
            if not _redate(tx, desk, cause, row, change.follow_up, known):
                end(tx, cause, row, FollowUpState.CANCELLED, change.reason or NO_LONGER_NEEDED)
                tx.follow_ups.plan(cause.submission_id, cause.host, change.anew, cause.now)
        elif change.way == "handed over":
            planned = change.follow_up
            tx.follow_ups.reword(row, cause.submission_id, planned)
            who = responsible(tx, desk, row.host, known, planned.effect.content)
            hand_over(tx, desk, row, who.owner(planned), cause.submission_id)


def _redate(
    tx: Transaction, desk: Desk, cause: Cause, row: FollowUpRow, wanted: FollowUp, known: Person
) -> bool:
    """Give an open task its new date and words where it is; False where its host cannot."""
    effect = tx.effects.by_reference(row.reference)
    calls = _task_calls(desk, row.host)
    if effect is None or effect.state is EffectState.CANCELLED or not (calls and calls.update):
        return False
    planned = staying(wanted, row.opens_on)
    who = responsible(tx, desk, row.host, known, planned.effect.content)
    here, same_role = Owner(row.inbox, row.assignee), row.role is planned.task.role
    late_on = escalates_on(desk, planned, here if same_role else who.owner(planned))
    state = _state_now(desk, row, planned)
    tx.follow_ups.redate(row, cause.submission_id, planned, state, late_on)
    if state is not row.state:
        end_notice(tx, cause, row, FollowUpState.CANCELLED, ANOTHER_DATE)
    effect_now = opened(planned, as_variables(here, who), known.is_true("restricted"))
    _rewrite(tx, desk, row, effect, effect_now.content, COMPLETED_AGAIN, cause.submission_id)
    if not same_role:
        hand_over(tx, desk, row, who.owner(planned), cause.submission_id)
    return True


def _state_now(desk: Desk, row: FollowUpRow, planned: FollowUp) -> FollowUpState:
    """What was missed is to be done again, where its new day is still to come."""
    return FollowUpState.OPEN if planned.task.due_on >= desk.today() else row.state


def _rewrite(
    tx: Transaction,
    desk: Desk,
    row: FollowUpRow,
    effect: EffectRow,
    says: Mapping[str, Any],
    reason: str,
    submission_id: str,
) -> None:
    """A task that was not sent yet leaves with the new words; any other is changed in the host."""
    ours = {"reference": effect.reference, "reference_guid": reference_guid(effect.reference)}
    content = tx.effects.content(effect.id) | dict(says) | ours
    if _is_unsent(effect) and tx.effects.rewrite(effect, content):
        return
    tx.effects.renew(effect, content)
    count = tx.effects.count_like(row.host, row.person_id, f"update {effect.step}") + 1
    known = _known(desk, effect, reason)
    owed = update(row.host, row.person_id, effect.step, effect.reference, known, count)
    tx.effects.add(submission_id, row.host, owed, now=desk.now())


def say_less(tx: Transaction, desk: Desk, row: FollowUpRow, submission_id: str) -> bool:
    """The record is restricted now: an open task says no more than it has to, where its host can
    change a task."""
    effect, planned = tx.effects.by_reference(row.reference), tx.follow_ups.content(row.id)
    if effect is None or planned is None or effect.state is EffectState.CANCELLED:
        return False
    calls = _task_calls(desk, row.host)
    if not _is_unsent(effect) and not (calls and calls.update):
        return False
    content = opened(planned, {}, True).content
    says = {name: content[name] for name in ("title", "text")}
    _rewrite(tx, desk, row, effect, says, RESTRICTED, submission_id)
    return True


def hand_over(
    tx: Transaction, desk: Desk, row: FollowUpRow, owner: Owner, submission_id: str
) -> bool:
    """Owe the host the move of an open task to its owner of now; False where it is there already.

    A task that has not been sent yet leaves for the right inbox at once. In a host that cannot
    move a task it is taken back and made again.
    """
    if (row.inbox, row.assignee) == (owner.inbox, owner.assignee):
        return False
    effect = tx.effects.by_reference(row.reference)
    if effect is None or effect.state is EffectState.CANCELLED:
        return False
    inbox = {"kind": owner.inbox.value, "id": owner.assignee}
    before = tx.effects.content(effect.id)
    content = before | {"inbox": inbox}
    if _is_unsent(effect) and tx.effects.rewrite(effect, content):
        tx.follow_ups.hand_over(row, owner.inbox, owner.assignee)
        return True
    calls = _task_calls(desk, row.host)
    if calls is None or calls.reassign is None:
        return _make_again(tx, desk, row, submission_id)
    tx.follow_ups.hand_over(row, owner.inbox, owner.assignee)
    tx.effects.renew(effect, content)
    count = tx.effects.count_like(row.host, row.person_id, f"reassign {effect.step}") + 1
    had_it = (before.get("inbox") or {}).get("id")
    known = _known(desk, effect, SOMEONE_ELSE) | {"had_it": had_it, "has_it": owner.assignee}
    owed = reassignment(row.host, row.person_id, effect.step, effect.reference, known, count)
    return tx.effects.add(submission_id, row.host, owed, now=desk.now())


def _task_calls(desk: Desk, host: str) -> Operation | None:
    profile = desk.configuration.hosts.get(host)
    return profile.outbound.task if profile else None


def _is_unsent(effect: EffectRow) -> bool:
    return effect.last_sent is None and effect.state is EffectState.PLANNED


def _known(desk: Desk, effect: EffectRow, reason: str) -> dict[str, str | None]:
    """What is known of a task in the host. What it says is read when a change of it is sent, so
    that one that was held up brings nothing old."""
    on_its_way = effect.lease_until if effect.state is EffectState.INTENT else None
    return {
        "task_effect": effect.id,
        "remote_id": effect.remote_id,
        "sent_until": max(desk.now(), on_its_way or desk.now()).isoformat(),
        "reason": reason,
    }


def _make_again(tx: Transaction, desk: Desk, row: FollowUpRow, submission_id: str) -> bool:
    """Take a task back and plan it once more; whoever has it now is found when it opens."""
    planned = tx.follow_ups.content(row.id)
    if planned is None:
        return False
    cause = Cause(submission_id, row.host, desk.now(), row.form_id)
    end(tx, cause, row, FollowUpState.SUPERSEDED, SOMEONE_ELSE)
    rows = tx.follow_ups.listing(row.host, row.person_id, task=row.task)
    before = times_planned((each.period_key for each in rows), row.period_key)
    once_more = again(planned, before + 1)
    return tx.follow_ups.plan(row.submission_id, row.host, once_more, desk.now())
