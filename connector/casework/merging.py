"""Two records were found to be one young person: everything goes to the record that remains."""

from connector.casework.changing import Cause, end
from connector.casework.desk import Desk
from connector.casework.knowing import LONG_AGO, HeldForm, held_forms
from connector.people import newest_of
from connector.policy.stops import NO_LONGER_NEEDED, ONCE_IN_A_LIFE, SERIES
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow, FollowUpState

MERGED = "The records were merged; the other record has this task."


def merge(tx: Transaction, desk: Desk, cause: Cause, gone: str, remains: str) -> None:
    """Move the follow-ups, answers and facts of `gone` to `remains`; one task of each series.

    Where one of them is known to have died, nothing is left to do about either (1.1).
    """
    host = cause.host
    for row in tx.follow_ups.of_person(host, gone):
        _remap(tx, row, remains)
    tx.effects.remap(host, gone, remains)
    _one_of_each(tx, cause, tx.follow_ups.of_person(host, remains))
    _answers(tx, host, gone, remains)
    both = newest_of(tx.persons.get(host, remains), tx.persons.get(host, gone))
    tx.persons.keep(host, remains, both, desk.now())
    tx.persons.merge(host, gone, remains, desk.now())
    if both.deceased:
        _nothing_more(tx, cause, remains)


def _nothing_more(tx: Transaction, cause: Cause, person_id: str) -> None:
    for row in tx.follow_ups.of_person(cause.host, person_id):
        if row.stands:
            end(tx, cause, row, FollowUpState.CANCELLED, NO_LONGER_NEEDED)


def _remap(tx: Transaction, row: FollowUpRow, remains: str) -> None:
    taken = tx.follow_ups.in_period(row.host, remains, row.task, row.period_key)
    key = f"{row.period_key}~{row.id}" if taken else row.period_key
    tx.follow_ups.remap(row, remains, key)


def _one_of_each(tx: Transaction, cause: Cause, rows: list[FollowUpRow]) -> None:
    """Of two tasks of one series the one that is due first stays; the other is taken back."""
    for task in SERIES | ONCE_IN_A_LIFE:
        standing = sorted(
            (row for row in rows if row.stands and row.task == task),
            key=lambda row: (row.due_on, row.created_at, row.id),
        )
        for row in standing[1:]:
            end(tx, cause, row, FollowUpState.SUPERSEDED, MERGED)


def _answers(tx: Transaction, host: str, gone: str, remains: str) -> None:
    """Of two forms of one kind the one in force is held, else the one completed later."""
    theirs, held = held_forms(tx, host, gone), held_forms(tx, host, remains)
    for each in tx.answers.of_person(host, gone):
        if _has_the_say(theirs[each.form_type], held.get(each.form_type)):
            values = {**each.content["values"], "person_id": remains}
            tx.answers.keep(
                host,
                remains,
                each.form_type,
                submission_id=each.submission_id,
                ordinal=each.ordinal,
                content={**each.content, "values": values},
                turns_on=each.turns_on,
                kept_at=each.kept_at,
            )
    tx.answers.erase(host, gone)


def _has_the_say(form: HeldForm, other: HeldForm | None) -> bool:
    if other is None:
        return True
    in_force, other_in_force = form.applied.took_effect, other.applied.took_effect
    if in_force != other_in_force:
        return in_force
    return (form.completed_at or LONG_AGO) > (other.completed_at or LONG_AGO)
