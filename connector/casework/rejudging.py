"""A form that is held before the rules once more, in the light of what is known now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from connector.casework.desk import Desk
from connector.casework.finishing import as_follow_up
from connector.casework.knowing import HeldForm, record_of, rounds
from connector.casework.occasions import occasion
from connector.casework.seeding import tasks_again
from connector.judging import Judged, judge
from connector.model import FollowUp
from connector.people import Person
from connector.plan import plan
from connector.store.follow_up_row import FollowUpRow


def rejudged(
    desk: Desk,
    form: HeldForm,
    held: Mapping[str, HeldForm],
    rows: Sequence[FollowUpRow],
    known: Person,
) -> Judged:
    """What the rules say of it today."""
    record = record_of(held, rows, known, form.form_id, None, form.completed_at)
    return judge(form.reading, desk.policy, desk.working, desk.now(), record)


def asked_for(
    desk: Desk, form: HeldForm, judged: Judged, rows: Sequence[FollowUpRow]
) -> tuple[FollowUp, ...]:
    """Every task it asks for; of a series the one whose turn it is."""
    number = rounds(rows, form.form_id)
    if imported := tasks_again(desk, form):
        return tuple(as_follow_up(desk, form, each, number.get(each.task, 1)) for each in imported)
    version = judged.form.envelope.submission_version
    now = replace(
        occasion(desk, form.host, form.submission_id),
        version=version,
        ordinal=form.ordinal,
        rounds=number,
    )
    return plan(judged.form, judged.decision, None, now).follow_ups
