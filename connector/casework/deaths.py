"""A death is told: nothing more for anybody about them, quietly (1.1, R5). Or it was told by
mistake: what their forms ask for is planned again, and the manager hears of it."""

from collections.abc import Iterator, Sequence

from connector.casework.changing import Cause, apply, end
from connector.casework.gaps import answerable, gaps_of, plan_again
from connector.casework.knowing import LONG_AGO, HeldForm, held_forms, later_forms
from connector.casework.next_step_lists import put_on_the_list
from connector.casework.rejudging import asked_for, rejudged
from connector.casework.told import NOTHING_NEW, Told, take_up_again
from connector.casework.turning import keep_turning, tell
from connector.comparing import Comparison
from connector.dates import in_words
from connector.judging import applied
from connector.people import Person
from connector.plan import again, times_planned
from connector.policy.next_step import Line
from connector.policy.stops import NO_LONGER_NEEDED, SERIES
from connector.policy.words import STATUS_WORDS, TASK_TITLES
from connector.store.follow_up_row import FollowUpRow, FollowUpState

ASKED_BY_EVENTS = frozenset({"T05", "T09", "T28", "T32"})
"""What no form asks for and nothing brings back by itself."""

A_MISTAKE = "The case system took back a death that was recorded by mistake."


def person_died(told: Told) -> str:
    """An event tells of a death."""
    day = told.event.died_on or told.on
    before = _learn(told, died_on=day)
    if before.deceased or not _known(told).deceased:
        return NOTHING_NEW
    end_everything(told)
    return ""


def death_corrected(told: Told) -> str:
    """An event takes a death back, whoever told it."""
    before = _learn(told, died_on=None)
    if not before.deceased or _known(told).deceased:
        return NOTHING_NEW
    begin_again(told)
    return ""


def _learn(told: Told, **facts: object) -> Person:
    """Keep what an event says of a death; what was known before."""
    before = _known(told)
    after = before.told(told.until, "", told.came_at, **facts)
    told.tx.persons.keep(told.host, told.person_id, after, told.desk.now())
    return before


def _known(told: Told) -> Person:
    return told.tx.persons.get(told.host, told.person_id)


def end_everything(told: Told) -> None:
    """The newest form in the light of the death; with none, their tasks just end."""
    told.tx.answers.renew(told.host, told.person_id, told.desk.now())
    held = _oldest_first(told)
    for form in held[-1:]:
        take_up_again(told, form, {}, told.event.kind.value)
    for row in told.tx.follow_ups.of_person(told.host, told.person_id):
        if not held and row.stands:
            end(told.tx, told.cause, row, FollowUpState.CANCELLED, NO_LONGER_NEEDED)


def _oldest_first(told: Told) -> list[HeldForm]:
    held = held_forms(told.tx, told.host, told.person_id).values()
    return sorted(held, key=lambda form: (form.completed_at or LONG_AGO, form.form_type))


def begin_again(told: Told) -> None:
    """Plan whatever their forms ask for by now, and say how it stands, on the record as well."""
    forms = _oldest_first(told)
    statuses = [_as_before(told, form) for form in forms]
    for gap in gaps_of(told.tx, told.desk, told.host, told.person_id):
        plan_again(told.tx, told.desk, gap)
    _what_events_asked_for(told)
    rows = told.tx.follow_ups.of_person(told.host, told.person_id)
    planned = sorted((row for row in rows if row.stands), key=lambda row: (row.due_on, row.task))
    if forms:
        said = _said(statuses[-1], planned)
        tell(told.tx, told.desk, forms[-1], statuses[-1], said, told.submission.id)
    owner = answerable(told.tx, told.desk, told.host, told.person_id)
    line = Line(told.person_id, " ".join(_for_the_manager(planned)), happened=True)
    put_on_the_list(told.tx, told.desk, told.host, owner, [line])


def _as_before(told: Told, form: HeldForm) -> str:
    """Plan the tasks of a form that come once; the status it has."""
    tx, desk = told.tx, told.desk
    held = held_forms(tx, told.host, told.person_id)
    rows = tx.follow_ups.of_person(told.host, told.person_id)
    judged = rejudged(desk, form, held, rows, _known(told))
    status = form.status or judged.decision.status
    if _is_over(told, form):
        return status
    case = Comparison(
        form_id=form.form_id,
        applied=form.applied if form.status else applied(judged),
        completed_at=form.completed_at,
        wanted=[
            each for each in asked_for(desk, form, judged, rows) if each.task.task not in SERIES
        ],
        standing=rows,
        later=later_forms(held, form.form_id, form.completed_at),
    )
    apply(tx, Cause(form.submission_id, told.host, desk.now(), form.form_id), rows, case)
    keep_turning(tx, desk, form, judged.decision.turns_on)
    return status


def _is_over(told: Told, form: HeldForm) -> bool:
    """Whether nothing comes from a form now: it ended by itself, or is being written again."""
    withdrawn = form.reading.values.get("form_status") == "withdrawn"
    ended = form.status is not None and not form.applied.took_effect
    return withdrawn or ended or told.tx.persons.is_frozen(told.host, form.form_id)


def _what_events_asked_for(told: Told) -> None:
    """Once more as it was."""
    tx = told.tx
    rows = tx.follow_ups.of_person(told.host, told.person_id)
    for task in ASKED_BY_EVENTS:
        mine = [row for row in rows if row.task == task]
        last = mine[-1] if mine else None
        if last is None or last.form_id or last.reason != NO_LONGER_NEEDED:
            continue
        planned = tx.follow_ups.content(last.id)
        if planned is not None:
            times = times_planned((row.period_key for row in mine), last.period_key)
            once_more = again(planned, times + 1)
            tx.follow_ups.plan(last.submission_id, told.host, once_more, told.desk.now())


def _said(status: str, planned: Sequence[FollowUpRow]) -> str:
    if not planned:
        return f"{STATUS_WORDS[status]}."
    first = planned[0]
    return f"{STATUS_WORDS[status]}. Next: {_title(first)} by {in_words(first.due_on)}."


def _for_the_manager(planned: Sequence[FollowUpRow]) -> Iterator[str]:
    yield A_MISTAKE
    if not planned:
        yield "No form that is still held asks for a follow-up."
    for row in planned:
        yield f"“{_title(row)}” is planned again, due {in_words(row.due_on)}."


def _title(row: FollowUpRow) -> str:
    return TASK_TITLES[row.task].partition(":")[0].replace("{who}", "someone")
