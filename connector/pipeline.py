"""From a kept delivery to what is owed: start reading here.

    translate -> validate -> decide -> plan

All four are pure. `translate` is called here, `validate` and `decide` by `judging`, `plan` by
`casework.owing`, which gathers what they need to know. What comes out is written in one
transaction, as of one moment. Whatever goes wrong with one form is settled on that form; the next
goes on.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from connector.casework import Desk
from connector.casework.asking import ask_about, people_to_ask_about
from connector.casework.refreshing import look_after_a_death
from connector.casework.settling import Work, settle_form
from connector.casework.telling import apply_event
from connector.dates import london_date
from connector.errors import (
    ChangedMeanwhile,
    ConnectorError,
    Declined,
    HostError,
    NotSent,
    OutOfOrder,
)
from connector.events import EventKind
from connector.intake import read_json
from connector.mapping import Outcome, Translation, translate
from connector.store import Transaction
from connector.store.submission_row import Submission

BATCH = 50
ASK_AGAIN_SECONDS = 60
REFUSED = "The case system refuses to say whose record this is: mend the access, then replay it."
CANNOT_BE_STORED = (
    "Something on this form cannot be stored, such as an id of thousands of letters: put it right "
    "in the case system and complete the form again."
)
WAITS_FOR_THE_HOST = "Waiting for the case system to say whose record this is."
WAITS_FOR_AN_OLDER = "Waiting for something older about the same person, which waits itself."

_log = structlog.get_logger(__name__)


def process_waiting(desk: Desk) -> int:
    """Work through what was received and not yet understood; how many were settled.

    In the order in which it came: of several workers the leader reads, so that what is told of one
    person is heard in the order in which it was told.
    """
    now = desk.now()
    with desk.store.side_by_side() as tx:
        waiting = tx.submissions.waiting(BATCH, now)
    for submission_id in waiting:
        process_safely(desk, submission_id)
    return len(waiting)


def process_safely(desk: Desk, submission_id: str) -> None:
    """Understand one delivery; whatever is wrong with it is noted on it (`process`).

    Raises OutOfOrder where the database does not answer.
    """
    try:
        process(desk, submission_id)
    except ChangedMeanwhile:
        _hand_back(desk, submission_id)
    except OutOfOrder:
        raise
    except Exception as error:  # noqa: BLE001 - one broken form must not hold up the others
        _give_up(desk, submission_id, _in_words(error), error)


def _hand_back(desk: Desk, submission_id: str) -> None:
    """Another worker was faster with something this form touches: it is read again at once."""
    with desk.store.transaction() as tx:
        if _waits(tx, submission_id):
            tx.submissions.wait(submission_id, desk.now(), "")


def process(desk: Desk, submission_id: str) -> None:
    """Understand one delivery and write down what it asks for, all of it or nothing.

    One that is settled already, by another worker meanwhile, stays as it is.
    Raises KeyProblem where its body does not open, OutOfOrder where the database does not answer.
    """
    if not _asked_about_people(desk, submission_id):
        return
    with desk.store.transaction() as tx:
        work, translation = _opened(desk, tx, submission_id)
        if work is None or translation is None:
            return
        if translation.event is not None:
            _tell(work, translation)
        elif translation.outcome is Outcome.READ:
            settle_form(work, translation.readings)
        else:
            _leave(work, translation)
    event = translation.event
    if event is not None and event.kind is EventKind.PERSON_DIED and event.person_id:
        look_after_a_death(desk, work.submission.host, event.person_id)


def _opened(
    desk: Desk, tx: Transaction, submission_id: str
) -> tuple[Work | None, Translation | None]:
    submission = tx.submissions.get(submission_id)
    body = tx.submissions.body(submission_id)
    if submission is None or body is None or submission.state != "received":
        return None, None
    work = Work(desk, tx, submission, desk.now())
    return work, _translated(work, body)


def _asked_about_people(desk: Desk, submission_id: str) -> bool:
    """Whether the host has said who the people on a form are, where it can be asked (EN-07).

    Where it does not answer, the form waits and is worked on later.
    """
    with desk.store.transaction() as tx:
        work, translation = _opened(desk, tx, submission_id)
        if work is None or translation is None:
            return False
        people = _people_on(translation)
        until = tx.submissions.held_up(work.submission, people, work.now)
        if until is not None:
            tx.submissions.wait(submission_id, until, WAITS_FOR_AN_OLDER, people)
            return False
    try:
        _ask(desk, work.submission, translation)
    except Declined as error:
        _give_up(desk, submission_id, f"{REFUSED} {error}", error)
        return False
    except HostError as error:
        _wait_for_the_host(desk, work.submission, people, error)
        return False
    return True


def _give_up(desk: Desk, submission_id: str, reason: str, error: Exception) -> None:
    """It is kept as broken until somebody replays it."""
    with desk.store.transaction() as tx:
        if _waits(tx, submission_id):
            now = desk.now()
            tx.submissions.settle(submission_id, "broken", reason=reason, processed_at=now)
    _log.error("submission broken", submission=submission_id, exc_info=error)


def _wait_for_the_host(
    desk: Desk, submission: Submission, people: Sequence[str], error: HostError
) -> None:
    until = desk.now() + timedelta(seconds=error.retry_after or ASK_AGAIN_SECONDS)
    desk.silent[submission.host] = until
    with desk.store.transaction() as tx:
        if _waits(tx, submission.id):
            tx.submissions.wait(submission.id, until, WAITS_FOR_THE_HOST, people)
    _log.warning("submission waits for its host", submission=submission.id, exc_info=error)


def _people_on(translation: Translation) -> list[str]:
    """Whom it is about, by the numbers it gives."""
    event = translation.event
    told = [each.values.get("person_id") for each in translation.readings]
    return [str(each) for each in (*told, event.person_id if event else None) if each]


def _waits(tx: Transaction, submission_id: str) -> bool:
    """Whether it is still to be worked on; else another worker has settled it meanwhile."""
    submission = tx.submissions.get(submission_id)
    return submission is not None and submission.state == "received"


def _ask(desk: Desk, submission: Submission, translation: Translation) -> None:
    """Twice: the record that is asked about may have gone into another one, which is asked then."""
    for _ in range(2):
        with desk.store.transaction() as tx:
            unknown = people_to_ask_about(tx, desk, submission, translation)
        for person_id in unknown:
            _leave_the_silent_alone(desk, submission.host)
            ask_about(desk, submission.host, person_id)


def _leave_the_silent_alone(desk: Desk, host: str) -> None:
    """A host that just hung is not asked for each form: those of all the others would wait."""
    until, now = desk.silent.get(host), desk.now()
    if until is not None and now < until:
        raise NotSent(WAITS_FOR_THE_HOST, retry_after=(until - now).total_seconds())


def _tell(work: Work, translation: Translation) -> None:
    """An event: what it changes about the follow-ups is settled in the same transaction."""
    event = translation.event
    if event is None:
        return
    reason = apply_event(work.tx, work.desk, work.submission, event)
    if reason is None:
        until = work.now + timedelta(seconds=ASK_AGAIN_SECONDS)
        work.tx.submissions.wait(work.submission.id, until, "Its task is not known yet.")
        return
    people = [each for each in (event.person_id,) if each]
    work.settle(
        "ignored" if reason else "processed",
        reason=reason,
        event=event.kind.value,
        person_ids=people,
        completed_at=event.occurred_at,
        as_of=london_date(work.now),
    )
    _log.info("event taken up", submission=work.submission.id, kind=event.kind.value)


def _in_words(error: Exception) -> str:
    if isinstance(error, ConnectorError):
        return str(error)
    return CANNOT_BE_STORED if isinstance(error, DBAPIError) else type(error).__name__


def _translated(work: Work, body: bytes) -> Translation:
    host = work.submission.host
    profile = work.desk.configuration.hosts.get(host)
    if profile is None:
        return Translation(Outcome.UNMAPPED, f"There is no folder for the host {host}.")
    return translate(profile, read_json(body))


def _leave(work: Work, translation: Translation) -> None:
    """No form of ours, or one that nobody has mapped yet: kept, and shown to IT."""
    work.settle(translation.outcome, reason=translation.reason)
    level = _log.warning if translation.outcome is Outcome.UNMAPPED else _log.info
    level("submission not read", submission=work.submission.id, state=translation.outcome)
