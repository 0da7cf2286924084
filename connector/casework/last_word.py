"""The status a record shows last is that of the form in force (DS-20, R10)."""

from collections.abc import Mapping

from connector.casework.desk import Desk
from connector.casework.knowing import ACTIVE, LONG_AGO, HeldForm, is_later
from connector.casework.turning import tell
from connector.dates import in_words, london_date
from connector.judging import Judged
from connector.policy.stops import AGREEMENT
from connector.policy.words import STATUS_WORDS
from connector.store import Transaction

SUPERSEDED = "superseded"
BEFORE, AFTER = -1, 1


def supersede(
    tx: Transaction,
    desk: Desk,
    judged: Judged,
    form_id: str,
    held: Mapping[str, HeldForm],
    submission_id: str,
) -> None:
    """The agreement before is superseded on the day another becomes active, said first (DS-20)."""
    before, completed = held.get(AGREEMENT), judged.form.envelope.completed_at
    active = judged.decision.form_type == AGREEMENT and judged.decision.status == ACTIVE
    if not active or before is None or before.status != ACTIVE or before.form_id == form_id:
        return
    if not is_later(before, completed):
        day = in_words(london_date(completed) if completed else desk.today())
        line = f"{STATUS_WORDS[SUPERSEDED]}: {day}."
        tell(tx, desk, before, SUPERSEDED, line, submission_id, BEFORE)


def say_what_stands(
    tx: Transaction,
    desk: Desk,
    judged: Judged,
    form_id: str,
    held: Mapping[str, HeldForm],
    submission_id: str,
) -> None:
    """After a form that came late, or was withdrawn, the status of the one in force once more."""
    withdrawn, completed = judged.decision.status == "withdrawn", judged.form.envelope.completed_at
    in_force = [
        each
        for each in held.values()
        if each.form_id != form_id
        and each.applied.took_effect
        and (each.form_type == judged.decision.form_type or each.applied.closes)
        and (withdrawn or is_later(each, completed))
    ]
    if not in_force or judged.decision.status == "ended_deceased":
        return
    newest = max(in_force, key=lambda form: form.completed_at or LONG_AGO)
    status = str(newest.status)
    line = f"{STATUS_WORDS[status]}. A later form says so."
    tell(tx, desk, newest, status, line, submission_id, AFTER)
