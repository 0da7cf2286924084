"""Who has no next step where the rules ask for one (1.8): found by asking the rules again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog

from connector.casework.desk import Desk
from connector.casework.finishing import as_follow_up, as_task, next_task
from connector.casework.knowing import HeldForm, clocks, held_forms, later_forms, rounds
from connector.casework.owning import Owner, responsible
from connector.casework.seeding import tasks_again
from connector.dates import in_words, london_date
from connector.errors import KeyProblem
from connector.judging import judge
from connector.model import PersonRecord, Task
from connector.people import YEARLY_CONTACT_ENDED_ON, Person
from connector.plan import again, times_planned
from connector.policy.stops import SERIES, stopped_by
from connector.policy.words import TASK_TITLES
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow, FollowUpState

CHUNK = 10
"""Of so many people is read, or planned, while everybody else who writes has to wait."""

PATIENCE = timedelta(days=28)
"""How long a form may be open again before what waits for it is told."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Gap:
    """A task of a series that a form in force asks for, and that nobody has or waits for.

    `written_again_since`: it waits for a form that was opened again long ago (1.10).
    """

    held: HeldForm
    task: Task
    written_again_since: date | None = None

    @property
    def host(self) -> str:
        """Whose young person it is."""
        return self.held.host

    @property
    def person_id(self) -> str:
        """Their record number."""
        return self.held.person_id

    @property
    def reason(self) -> str:
        """What is missing, in one sentence."""
        if self.written_again_since:
            since = in_words(self.written_again_since)
            return (
                f"“{TASK_TITLES[self.task.task]}” waits: its form was opened again on {since} and"
                " not completed since."
            )
        return f"No “{TASK_TITLES[self.task.task]}” is planned or open."

    @property
    def mended(self) -> str:
        """What was missing and is planned now."""
        due = in_words(self.task.due_on)
        return f"“{TASK_TITLES[self.task.task]}” was missing. It is planned again, due {due}."


def people_with_gaps(
    desk: Desk, host: str, going_on: Callable[[], bool] = lambda: True
) -> Iterator[tuple[Owner, tuple[Gap, ...]]]:
    """Everyone of a host who lacks a next step, with who answers for them.

    Read in small pieces and judged while nothing else has to wait for it.
    """
    after = ""
    while going_on():
        with desk.store.transaction() as tx:
            people = tx.answers.people(host, after, CHUNK)
            known = [each for name in people if (each := _readable(tx, host, name))]
        for each in known:
            if gaps := _gaps(desk, each):
                with desk.store.transaction() as tx:
                    owner = answerable(tx, desk, host, gaps[0].person_id)
                yield owner, gaps
        if len(people) < CHUNK:
            return
        after = people[-1]


@dataclass(frozen=True)
class _Known:
    """What is known of one person; `frozen`: since when their forms are being written again."""

    held: Mapping[str, HeldForm]
    rows: Sequence[FollowUpRow]
    frozen: Mapping[str, datetime]
    person: Person


def _readable(tx: Transaction, host: str, person_id: str) -> _Known | None:
    """A lost key is told, and does not hide what others lack."""
    try:
        return _known(tx, host, person_id)
    except KeyProblem as problem:
        _log.error("answers do not open", host=host, exc_info=problem)
        return None


def _known(tx: Transaction, host: str, person_id: str) -> _Known:
    held = held_forms(tx, host, person_id)
    forms = {form.form_id: tx.persons.frozen_since(host, form.form_id) for form in held.values()}
    return _Known(
        held,
        tx.follow_ups.of_person(host, person_id),
        {form_id: since for form_id, since in forms.items() if since},
        tx.persons.get(host, person_id),
    )


def gaps_of(tx: Transaction, desk: Desk, host: str, person_id: str) -> tuple[Gap, ...]:
    """What a young person lacks. A form that is being written again lacks nothing.

    Raises KeyProblem.
    """
    return _gaps(desk, _known(tx, host, person_id))


def _gaps(desk: Desk, known: _Known) -> tuple[Gap, ...]:
    if known.person.deceased:
        return ()
    there = {row.task for row in known.rows if row.stands}
    missing = {
        task.task: Gap(form, task)
        for form in known.held.values()
        if form.applied.took_effect and form.form_id not in known.frozen
        for task in _wanted(desk, form, known)
        if task.task not in there
    }
    return (*missing.values(), *_held_up(desk, known))


def _held_up(desk: Desk, known: _Known) -> Iterator[Gap]:
    """Tasks whose day has come, of a form that was opened again and left so."""
    for form in known.held.values():
        since = known.frozen.get(form.form_id)
        if since is None or desk.now() - since < PATIENCE:
            continue
        for row in known.rows:
            due = row.is_planned and row.opens_on <= desk.today()
            if due and row.form_id == form.form_id and row.task in SERIES:
                yield Gap(form, as_task(row), london_date(since))


def _wanted(desk: Desk, form: HeldForm, known: _Known) -> Iterator[Task]:
    """The next task of each series the form asks for today."""
    later = later_forms(known.held, form.form_id, form.completed_at)
    for first in tasks_again(desk, form) or _asked_for(desk, form, known):
        goes_on = not any(stopped_by(each, first.task, form.form_type) for each in later)
        if first.task in SERIES and goes_on and (task := _next(desk, form, known.rows, first)):
            yield task


def _asked_for(desk: Desk, form: HeldForm, known: _Known) -> Sequence[Task]:
    record = PersonRecord(
        case_open=True if form.status == "open" else None,
        clocks=clocks(known.rows, form.form_id),
        yearly_contact_ended_on=known.person.day(YEARLY_CONTACT_ENDED_ON),
    )
    return judge(form.reading, desk.policy, desk.working, desk.now(), record).decision.tasks


def _next(desk: Desk, form: HeldForm, rows: Sequence[FollowUpRow], first: Task) -> Task | None:
    """The one after the last that was done or taken away, else the first."""
    mine = [row for row in rows if row.task == first.task and row.form_id == form.form_id]
    last = max(
        (row for row in mine if row.is_used_up),
        key=lambda row: (row.done_on, row.due_on),
        default=None,
    )
    if last is None:
        return first
    taken_away = last.state is FollowUpState.CANCELLED or last.done_on is None
    return next_task(desk, form, last, last.due_on if taken_away else last.done_on or last.due_on)


def plan_again(tx: Transaction, desk: Desk, gap: Gap) -> bool:
    """Plan what is missing; False where its place is taken after all."""
    rows = tx.follow_ups.of_person(gap.host, gap.person_id)
    number = rounds(rows, gap.held.form_id).get(gap.task.task, 1)
    planned = as_follow_up(desk, gap.held, gap.task, number)
    same = [row for row in rows if row.task == gap.task.task]
    if any(row.stands for row in same):
        return False
    before = times_planned((row.period_key for row in same), planned.period_key)
    once_more = again(planned, before + 1) if before else planned
    return tx.follow_ups.plan(gap.held.submission_id, gap.host, once_more, desk.now())


def answerable(tx: Transaction, desk: Desk, host: str, person_id: str) -> Owner:
    """The manager of a young person; the team where none is known or is still there."""
    held = held_forms(tx, host, person_id).values()
    on_forms = {
        name: value
        for form in held
        for name in ("manager_id", "team_id")
        if (value := form.reading.values.get(name))
    }
    return responsible(tx, desk, host, tx.persons.get(host, person_id), on_forms).manager()
