"""The October overview: one task for each manager, with the list of who is due (T93, DC-35)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import structlog

from connector.casework.about_nobody import about_nobody, envelope_for
from connector.casework.desk import Desk
from connector.casework.occasions import occasion
from connector.casework.opening import open_follow_up
from connector.casework.own_work import own_delivery
from connector.casework.owning import Owner
from connector.dates import Window, in_words
from connector.errors import KeyProblem
from connector.model import Effect, EffectKind, FollowUp
from connector.plan import FIRST_TASK_POSITION, common, reference, reference_guid
from connector.policy.overview import listed, october_overview
from connector.reports.lists import yearly_contact
from connector.reports.october import COLUMNS
from connector.reports.person import RESTRICTED, PersonFile, person_file
from connector.reports.sheets import as_sheet
from connector.store import Transaction

LONGEST_TEXT = 2000
"""Where the host names no longest text, the list in a task has no more characters than this."""

ROOM_FOR_THE_REST = 600
"""Characters of a task's text that are not the list: why, who, when."""

Facts = Mapping[str, Any]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Exercise:
    """The overviews of one host and year. `name` is what the round is remembered by."""

    host: str
    window: Window
    submission_id: str

    @property
    def name(self) -> str:
        return _name(self.window)


def hosts_to_tell(tx: Transaction, desk: Desk, passed: int) -> Sequence[str]:
    """The hosts whose exercise has opened and is not over, and whose managers do not know yet."""
    window = _open_exercise(desk)
    if window is None:
        return ()
    hosts = sorted(desk.configuration.hosts)
    untold = [host for host in hosts if tx.persons.last_round(host, _name(window)) is None]
    return untold[passed:]


def tell_managers(tx: Transaction, desk: Desk, host: str) -> bool:
    """One overview for each manager with people who are due; False where they know already.

    Raises KeyProblem.
    """
    window = _open_exercise(desk)
    if window is None or tx.persons.last_round(host, _name(window)) is not None:
        return False
    by_owner = _by_owner(tx, desk, host, window)
    if by_owner:
        submission_id, _ = own_delivery(tx, desk, host, _name(window))
        exercise = _Exercise(host, window, submission_id)
        for owner, rows in by_owner.items():
            _tell(tx, desk, exercise, owner, rows)
    found = sum(map(len, by_owner.values()))
    tx.persons.round_made(host, _name(window), desk.now(), found)
    return True


def _open_exercise(desk: Desk) -> Window | None:
    """The exercise that has opened; also on a later day, if nobody was at work on the first."""
    today, annual = desk.today(), desk.policy.annual
    for year in (today.year, today.year + 1):
        window = annual.exercise.window(year, desk.working)
        opens = window.first - timedelta(days=annual.open_days_before)
        if opens <= today <= window.last:
            return window
    return None


def _name(window: Window) -> str:
    return f"october {window.first.year}"


def _by_owner(tx: Transaction, desk: Desk, host: str, window: Window) -> dict[Owner, list[Facts]]:
    found: dict[Owner, list[Facts]] = defaultdict(list)
    for file in _due(tx, desk, host, window.last):
        if row := yearly_contact(desk, file, window):
            found[file.who.manager()].append(row)
    return found


def _due(tx: Transaction, desk: Desk, host: str, opens_by: date) -> Iterator[PersonFile]:
    page = tx.lists.people_due(host, "T30", opens_by)
    while page:
        yield from filter(None, (_readable(tx, desk, host, each) for each in page))
        page = tx.lists.people_due(host, "T30", opens_by, page[-1])


def _readable(tx: Transaction, desk: Desk, host: str, person_id: str) -> PersonFile | None:
    """One whose answers do not open must not keep the list from everybody else."""
    try:
        return person_file(tx, desk, host, person_id)
    except KeyProblem as problem:
        _log.error("answers do not open", host=host, exc_info=problem)
        return None


def _tell(
    tx: Transaction, desk: Desk, exercise: _Exercise, owner: Owner, rows: Sequence[Facts]
) -> None:
    """The task at once, and the list on it where the host takes files on tasks."""
    host, now = exercise.host, desk.now()
    attached = _operation(desk, host, EffectKind.TASK_DOCUMENT) is not None
    task = october_overview(len(rows), exercise.window, desk.today(), desk.working)
    text = "The list is attached to this task." if attached else _in_the_text(desk, host, rows)
    key = f"{exercise.name} {owner.inbox.value} {owner.assignee or ''}".strip()
    planned = about_nobody(desk, host, exercise.submission_id, replace(task, text=text), key, owner)
    if not tx.follow_ups.plan(exercise.submission_id, host, planned, now):
        return
    row = tx.follow_ups.by_reference(planned.reference)
    if row is not None and open_follow_up(tx, desk, row) and attached:
        effect = _list(desk, exercise, owner, planned, rows)
        tx.effects.add(exercise.submission_id, host, effect, now=now)


def _list(
    desk: Desk, exercise: _Exercise, owner: Owner, planned: FollowUp, rows: Sequence[Facts]
) -> Effect:
    """The sheet, sent once the task is known to be there."""
    host, kind = exercise.host, EffectKind.TASK_DOCUMENT
    ours = reference(host, planned.reference, kind.value)
    content = {
        **common(envelope_for(desk, host, owner), occasion(desk, host, exercise.submission_id)),
        "reference": ours,
        "reference_guid": reference_guid(ours),
        "task_reference": planned.reference,
        "title": planned.task.title,
        "name": f"Yearly contact {exercise.window.first:%B %Y}.csv",
        "content_type": "text/csv",
        "csv": as_sheet(rows, COLUMNS),
    }
    person = planned.effect.person_id
    return Effect(kind, f"list {planned.task.task}", ours, person, _AFTER_TASKS, content)


_AFTER_TASKS = FIRST_TASK_POSITION + 1


def _in_the_text(desk: Desk, host: str, rows: Sequence[Facts]) -> str:
    operation = _operation(desk, host, EffectKind.TASK)
    longest = (operation and operation.limits.text) or LONGEST_TEXT
    ordered = sorted(rows, key=lambda row: (row["due_on"], row["record_number"]))
    return listed([_line(row) for row in ordered], max(longest - ROOM_FOR_THE_REST, 200))


def _line(row: Facts) -> str:
    restricted = f" ({RESTRICTED})" if row.get(RESTRICTED) else ""
    return f"Record {row['record_number']}{restricted}: due {in_words(row['due_on'])}"


def _operation(desk: Desk, host: str, kind: EffectKind) -> Any:
    profile = desk.configuration.hosts.get(host)
    return profile.outbound.operation(kind) if profile else None
