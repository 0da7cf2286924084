"""The list of what is on hold: since when, why in one sentence, and whose turn it is (4.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connector.dates import add_months, london_date
from connector.model import Problem, Severity
from connector.policy.concluding import urgency
from connector.policy.settings import PolicySettings
from connector.policy.stops import AGREEMENT
from connector.policy.words import STATUS_WORDS
from connector.reports.person import PersonFile, restricted_row
from connector.store.follow_up_row import IN_AN_INBOX, FollowUpRow
from connector.store.submission_row import Revision

COLUMNS = {
    "record_number": "Record number",
    "form_id": "Form",
    "status_in_words": "What is on hold",
    "since": "Since",
    "why": "Why",
    "whose_turn": "Whose turn it is",
}
ON_HOLD = (
    "needs_attention",
    "not_agreed_by_manager",
    "not_agreed",
    "awaiting_agreement",
    "awaiting_manager",
    "on_hold_closure_questions",
    "on_hold",
    "request_awaiting_manager",
)
"""The statuses under which somebody has to act before a form takes effect or goes on."""

DECIDED = "not_agreed_by_manager"
"""On hold only until the worker knows: it was decided."""

MOVES_IT_ON = frozenset({"T04", "T06", "T14", "T18", "T19", "T22", "T25", "T36", "T90"})
"""The tasks that end a hold."""

UNDECIDED = dict.fromkeys(
    ("awaiting_manager", "request_awaiting_manager"), "The manager has not decided yet."
)
"""Why a form is on hold in which nothing is wrong, by its status."""

TYPED = frozenset({"EN-03", "EN-05", "EN-10"})
"""Problems whose message repeats what was typed."""

HOLDING = (Severity.ERROR, Severity.HOLD)


@dataclass(frozen=True)
class Held:
    """A form on hold: its status, what was wrong, and the versions of it that are known."""

    form_id: str
    form_type: str
    status: str
    completed_at: datetime | None
    problems: Sequence[Problem]
    versions: Sequence[Revision]


def is_over(file: PersonFile, held: Held, policy: PolicySettings, today: date) -> bool:
    """Whether nobody waits for it any more: they died or are too old, the form was withdrawn,
    another form of its kind completed later is in force, or all there was to do is done."""
    leap_day = policy.dates.leap_day_birthday
    age = 21 if held.form_type == AGREEMENT else policy.limits.upper_age
    turned = file.turns(age, leap_day)
    too_old = turned is not None and add_months(turned, 1) <= today
    told = held.status == DECIDED and _whose_turn(file.follow_ups, held.form_id) is None
    return file.known.deceased or too_old or told or _is_replaced(file, held)


def _is_replaced(file: PersonFile, held: Held) -> bool:
    form = file.held.get(held.form_type)
    if form is None:
        return False
    values = form.reading.values
    if values.get("submission_id") == held.form_id:
        return values.get("form_status") == "withdrawn"
    later = form.completed_at and held.completed_at and form.completed_at > held.completed_at
    return bool(later and form.applied.took_effect)


def hold_row(file: PersonFile, held: Held) -> dict[str, Any]:
    """One form on hold."""
    if file.restricted:
        return restricted_row(file)
    return {
        "host": file.host,
        "record_number": file.person_id,
        "form_id": held.form_id,
        "status": held.status,
        "status_in_words": STATUS_WORDS[held.status],
        "since": _since(held.versions),
        "why": _why(held),
        "whose_turn": _whose_turn(file.follow_ups, held.form_id),
    }


def _since(versions: Iterable[Revision]) -> date | None:
    """The day of the first version since which the form has been on hold."""
    first: Revision | None = None
    for version in versions:
        if version.status not in ON_HOLD:
            first = None
        elif first is None:
            first = version
    return london_date(first.completed_at) if first and first.completed_at else None


def _why(held: Held) -> str:
    holding = [each for each in held.problems if each.severity in HOLDING]
    if not holding:
        return UNDECIDED.get(held.status) or f"{STATUS_WORDS[held.status]}."
    worst = min(holding, key=urgency)
    typed = worst.rule in TYPED and worst.question
    return f"Check the answer to “{worst.question}”." if typed else worst.message


def _whose_turn(rows: Iterable[FollowUpRow], form_id: str) -> str | None:
    """Whoever has the task that moves it on, the one that is due first."""
    mine = [
        row
        for row in rows
        if row.state in IN_AN_INBOX and row.form_id == form_id and row.task in MOVES_IT_ON
    ]
    first = min(mine, key=lambda row: (row.due_on, row.task), default=None)
    return f"{first.inbox.value} {first.assignee or ''}".strip() if first else None
