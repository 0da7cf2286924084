"""A form is written again, or is withdrawn, and an event says so (1.10)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from connector.casework.changing import end
from connector.casework.desk import Desk
from connector.casework.knowing import HeldForm, held_forms
from connector.casework.rereading import read_again
from connector.casework.told import NOTHING_NEW, Told, take_up_again
from connector.comparing import WITHDRAWN
from connector.events import Event, EventKind
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpState
from connector.store.submission_row import Submission

TELLS_THE_MANAGER = "T35"


def form_reopened(told: Told) -> str:
    """Nothing new from it until it is completed again; what is open stays."""
    form_id, tx = told.event.form_id or "", told.tx
    completed = [each.completed_at for each in tx.submissions.revisions(told.host, form_id)]
    if any(each and each > told.event.occurred_at for each in completed):
        return NOTHING_NEW
    tx.persons.freeze(told.host, form_id, told.event.occurred_at)
    return ""


def form_withdrawn(told: Told) -> str:
    """Tasks made from it are taken back, the record says so, and the manager hears of it."""
    form_id, tx = told.event.form_id or "", told.tx
    completed = [each.completed_at for each in tx.submissions.revisions(told.host, form_id)]
    if any(each and each > told.until for each in completed):
        return NOTHING_NEW
    tx.persons.thaw(told.host, form_id)
    people = _people_on(tx, told.host, form_id)
    ended = [_withdrawn(replace(told, person_id=each), form_id) for each in people]
    return "" if any(ended) else NOTHING_NEW


def withdraw_for_others(
    tx: Transaction, desk: Desk, submission: Submission, form_id: str, people: Collection[str]
) -> None:
    """A new version of a form names these people; it is withdrawn for whoever it named before."""
    event = Event(EventKind.FORM_WITHDRAWN, desk.now(), form_id=form_id)
    for each in _people_on(tx, submission.host, form_id):
        if each not in people:
            _withdrawn(Told(tx, desk, submission, event, each), form_id)


def _people_on(tx: Transaction, host: str, form_id: str) -> Iterable[str]:
    """By the ids they are known by now, each once."""
    named = tx.submissions.people_on(host, form_id)
    return dict.fromkeys(tx.persons.current_id(host, each) for each in named)


def _withdrawn(told: Told, form_id: str) -> bool:
    """For one of the people on it; False where it is withdrawn already."""
    held = held_forms(told.tx, told.host, told.person_id).values()
    mine = next((each for each in held if each.form_id == form_id), None)
    if mine is not None and mine.reading.values.get("form_status") == "withdrawn":
        return False
    every = told.tx.follow_ups.of_person(told.host, told.person_id)
    its_own = [row for row in every if row.form_id == form_id]
    rows = [row for row in its_own if row.stands and row.task != TELLS_THE_MANAGER]
    is_news = rows or all(row.task != TELLS_THE_MANAGER for row in its_own)
    form = mine or (next(_as_they_came(told, form_id), None) if is_news else None)
    if form is not None:
        take_up_again(told, form, _withdrawn_on(told.event), "withdrawn")
        return True
    for row in rows:
        end(told.tx, told.cause, row, FollowUpState.CANCELLED, WITHDRAWN)
    return bool(rows)


def _as_they_came(told: Told, form_id: str) -> Iterator[HeldForm]:
    """What the form said of this person, newest first, where another form of its kind is held."""
    for submission in reversed(told.tx.submissions.deliveries_of(told.host, form_id)):
        if submission.state == "processed":
            yield from _on(told, submission, form_id)


def _on(told: Told, submission: Submission, form_id: str) -> Iterator[HeldForm]:
    translation = read_again(told.tx, told.desk, told.host, submission.id)
    for reading in translation.readings if translation else ():
        typed = str(reading.values.get("person_id") or "")
        if told.tx.persons.current_id(told.host, typed) == told.person_id:
            yield HeldForm(
                told.host,
                told.person_id,
                reading.form_type,
                submission.id,
                submission.ordinal or 1,
                None,
                form_id,
                submission.completed_at,
                replace(reading, values={**reading.values, "person_id": told.person_id}),
            )


def _withdrawn_on(event: Event) -> dict[str, str]:
    """From that day the manager's days count."""
    return {"form_status": "withdrawn", "completed_at": event.occurred_at.isoformat()}
