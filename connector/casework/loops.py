"""The loop breaker: a form that brings the same answers again and again is held for a look."""

from collections.abc import Iterator, Sequence

from connector.casework.desk import Desk
from connector.casework.rereading import read_again
from connector.casework.versions_held import answers_hash
from connector.model import Reading
from connector.store import Transaction
from connector.store.submission_row import Submission
from connector.versions import LOOP_WINDOW, MOST_TIMES, goes_round

GOES_ROUND = (
    "This form came more than 5 times within 10 minutes with the same answers: the case system may"
    " be answering what the connector writes. Add echo_if: to its host.yaml. To process this one"
    " all the same, replay it."
)
COUNTED = frozenset({"processed", "outdated", "held_loop"})


def comes_round_again(
    tx: Transaction, desk: Desk, submission: Submission, readings: Sequence[Reading]
) -> bool:
    """Whether a new version is to be held; never one that a person runs again.

    Raises KeyProblem.
    """
    judged_before = submission.content_sha256 is not None
    form_id = readings[0].values.get("submission_id")
    if judged_before or not form_id:
        return False
    lately = _lately(tx, submission, str(form_id))
    if len(lately) < MOST_TIMES:
        return False
    return goes_round(_answers(tx, desk, lately), answers_hash(readings))


def _lately(tx: Transaction, submission: Submission, form_id: str) -> list[Submission]:
    """The versions of the form that came shortly before this one."""
    since, until = submission.received_at - LOOP_WINDOW, submission.received_at
    return [
        each
        for each in tx.submissions.deliveries_of(submission.host, form_id)
        if each.id != submission.id and each.state in COUNTED and since <= each.received_at <= until
    ]


def _answers(tx: Transaction, desk: Desk, deliveries: Sequence[Submission]) -> Iterator[str]:
    for each in deliveries:
        translation = read_again(tx, desk, each.host, each.id)
        if translation is not None and translation.readings:
            yield answers_hash(translation.readings)
