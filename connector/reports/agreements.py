"""The list of active agreements: when each contact was last made and is due next (DS-32, 4.3)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from connector.casework.finishing import ASSUMED
from connector.policy.agreement_case import AgreementCase
from connector.policy.stops import CONTACTS
from connector.reports.person import PersonFile, restricted_row
from connector.store.follow_up_row import FINISHED, IN_AN_INBOX, FollowUpRow

COLUMNS = {
    "record_number": "Record number",
    "agreement_date": "Agreed on",
    "visiting_pattern": "Visiting pattern",
    "worker": "Worker",
    "last_social_worker_contact_on": "Last contact with the social worker",
    "last_social_worker_contact_is": "How that is known",
    "next_social_worker_contact_on": "Next contact with the social worker",
    "last_family_contact_on": "Last family contact and plan",
    "next_family_contact_on": "Next family contact and plan",
    "allocation_until": "Allocated until",
    "overdue": "Overdue",
}

Contact = tuple[date, str]
"""The day of a contact, and how it is known: done, assumed (the host does not tell), reported."""


def agreement_row(file: PersonFile, case: AgreementCase, today: date) -> dict[str, Any]:
    """One active agreement."""
    if file.restricted:
        return restricted_row(file)
    worker, family = case.answers.last_social_worker_contact_on, _reported_to_family(case)
    last, how = _last(file.follow_ups, "T01", worker)
    return {
        "host": file.host,
        "record_number": file.person_id,
        "agreement_date": case.agreement_date,
        "visiting_pattern": case.answers.visiting_pattern or _interval(case),
        "worker": file.worker,
        "last_social_worker_contact_on": last,
        "last_social_worker_contact_is": how,
        "next_social_worker_contact_on": _next(file.follow_ups, "T01"),
        "last_family_contact_on": _last(file.follow_ups, "T02", family)[0],
        "next_family_contact_on": _next(file.follow_ups, "T02"),
        "allocation_until": case.stop_on if case.full_service else None,
        "overdue": any(_is_overdue(row, today) for row in file.follow_ups),
    }


def _reported_to_family(case: AgreementCase) -> date | None:
    """The earlier of contact and plan, from which the next of both is counted (R20)."""
    answers = case.answers
    days = (answers.last_pathway_plan_on, answers.last_family_contact_on)
    return min(filter(None, days), default=None)


def _last(
    rows: Iterable[FollowUpRow], task: str, reported: date | None
) -> Contact | tuple[None, None]:
    """The last one. A call that did not get through is none: the next is not counted from it."""
    mine = [row for row in rows if row.task == task]
    clock = next((row.counted_from for row in mine if row.stands), None)
    made = [
        (row.done_on, "assumed" if row.reason == ASSUMED else "done")
        for row in mine
        if row.state in FINISHED and row.done_on and (clock is None or row.done_on <= clock)
    ]
    known = [*made, (reported, "reported")] if reported else made
    return max(known, default=(None, None))


def _next(rows: Sequence[FollowUpRow], task: str) -> date | None:
    return next((row.due_on for row in rows if row.stands and row.task == task), None)


def _is_overdue(row: FollowUpRow, today: date) -> bool:
    return row.state in IN_AN_INBOX and row.task in CONTACTS and row.due_on < today


def _interval(case: AgreementCase) -> str | None:
    weeks = case.answers.visit_interval_weeks
    if weeks is None:
        return None
    if weeks == 0:
        return "no regular visits"
    return "every week" if weeks == 1 else f"every {weeks} weeks"
