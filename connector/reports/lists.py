"""The lists by name, and how the people on each are found, a page at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector.casework.desk import Desk
from connector.casework.knowing import ACTIVE
from connector.dates import Window
from connector.policy.agreement_case import as_agreement
from connector.policy.case import NOTHING_KNOWN
from connector.policy.stops import AGREEMENT
from connector.reports import agreements, holds, october
from connector.reports.person import PersonFile, person_file
from connector.store import Transaction

Facts = dict[str, Any]


@dataclass(frozen=True)
class List:
    """One list: `columns` are the headings by fact, `facts` finds the rows of one host."""

    title: str
    columns: Mapping[str, str]
    facts: Callable[[Desk, str], Iterator[Facts]]


def active_agreements(desk: Desk, host: str) -> Iterator[Facts]:
    """Every agreement that is active. Raises KeyProblem."""
    page: list[str] = [""]
    while page:
        with desk.store.transaction() as tx:
            page = tx.lists.people_with(host, AGREEMENT, page[-1])
            found = [_agreement(desk, person_file(tx, desk, host, each)) for each in page]
        yield from filter(None, found)


def _agreement(desk: Desk, file: PersonFile) -> Facts | None:
    held = file.held.get(AGREEMENT)
    if held is None or held.status != ACTIVE or file.known.deceased:
        return None
    case = as_agreement(held.case(desk, desk.today(), NOTHING_KNOWN))
    return agreements.agreement_row(file, case, desk.today())


def yearly_contacts(desk: Desk, host: str) -> Iterator[Facts]:
    """Everyone due in the coming exercise. Raises KeyProblem."""
    window = october.coming_exercise(desk.policy, desk.working, desk.today())
    page: list[str] = [""]
    while page:
        with desk.store.transaction() as tx:
            page = tx.lists.people_due(host, "T30", window.last, page[-1])
            files = [person_file(tx, desk, host, each) for each in page]
        yield from filter(None, (yearly_contact(desk, file, window) for file in files))


def yearly_contact(desk: Desk, file: PersonFile, window: Window) -> Facts | None:
    """The row of one person, None where nothing is due."""
    due = (row for row in file.follow_ups if october.is_due(row, window))
    first = min(due, key=lambda row: row.due_on, default=None)
    if first is None or file.known.deceased:
        return None
    return october.october_row(file, first, desk.policy, window)


def forms_on_hold(desk: Desk, host: str) -> Iterator[Facts]:
    """Every form somebody has to act on first. Raises KeyProblem."""
    page: list[str] = [""]
    while page:
        with desk.store.transaction() as tx:
            page = tx.lists.forms_with_status(host, holds.ON_HOLD, page[-1])
            found = [_hold(tx, desk, each) for each in page]
        yield from filter(None, found)


def _hold(tx: Transaction, desk: Desk, submission_id: str) -> Facts | None:
    submission = tx.submissions.get(submission_id)
    if submission is None or submission.status is None:
        return None
    first = next(iter(submission.person_ids), "")
    file = person_file(tx, desk, submission.host, tx.persons.current_id(submission.host, first))
    held = holds.Held(
        submission.form_id or submission_id,
        submission.form_type or "",
        submission.status,
        submission.completed_at,
        tx.submissions.problems(submission_id),
        tx.submissions.revisions(submission.host, submission.form_id or ""),
    )
    over = holds.is_over(file, held, desk.policy, desk.today())
    return None if over else holds.hold_row(file, held)


LISTS: Mapping[str, List] = {
    "agreements": List("Active agreements", agreements.COLUMNS, active_agreements),
    "october": List("Due a yearly contact", october.COLUMNS, yearly_contacts),
    "holds": List("On hold", holds.COLUMNS, forms_on_hold),
}
