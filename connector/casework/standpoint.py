"""A form on the desk, what is known when it is judged, and the judgement in its light."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from connector.casework.desk import Desk
from connector.casework.knowing import HeldForm, record_of
from connector.judging import Judged, completed_at, judge
from connector.model import Problem, Reading, Severity
from connector.people import Person
from connector.store.follow_up_row import FollowUpRow
from connector.store.submission_row import Submission
from connector.versions import Arrival

NO_SUCH_RECORD = Problem(
    "EN-07",
    Severity.HOLD,
    "There is no record with the number on this form. Check whose form it is.",
)


@dataclass(frozen=True)
class Placed:
    """A reading of a delivery and where it stands among the versions of its form.

    `held_as`: the delivery its answers came with, where it is worked on because of another one.
    """

    submission: Submission
    reading: Reading
    arrival: Arrival
    problems: tuple[Problem, ...] = ()
    held_as: str = ""

    @property
    def form_id(self) -> str:
        """The host's id of the form, else ours of the delivery."""
        return str(self.reading.values.get("submission_id") or self.submission.id)

    @property
    def person_id(self) -> str:
        """The person it is about."""
        return str(self.reading.values.get("person_id") or "")

    @property
    def runs_again(self) -> bool:
        """Whether the same form, in the same words, is worked on once more."""
        return bool(self.submission.ordinal) and self.submission.version == self.arrival.version


@dataclass(frozen=True)
class Standpoint:
    """What was known when a form was judged."""

    held: Mapping[str, HeldForm]
    rows: Sequence[FollowUpRow]
    known: Person


def judged_from(desk: Desk, placed: Placed, at: Standpoint) -> Judged:
    """Judge one person's form by what was known."""
    record = record_of(
        at.held,
        at.rows,
        at.known,
        placed.form_id,
        placed.arrival.replaces,
        completed_at(placed.reading),
    )
    if _clears_a_death(placed, at.known):
        record = replace(record, deceased=False)
    reading = _with_the_record(placed.reading, at.known)
    problems = (*placed.problems, *_no_such_record(at.known))
    return judge(reading, desk.policy, desk.working, desk.now(), record, *problems)


def _no_such_record(known: Person) -> tuple[Problem, ...]:
    return (NO_SUCH_RECORD,) if known.is_false("on_record") else ()


def _clears_a_death(placed: Placed, known: Person) -> bool:
    """A form that said somebody died, and says so no more, was wrong before."""
    told = known.facts.get("died_on")
    return bool(told and told.source == placed.form_id)


def _with_the_record(reading: Reading, known: Person) -> Reading:
    """The date of birth as the host's record has it, beside the one on the form (EN-07)."""
    on_record = known.text("date_of_birth")
    if on_record is None:
        return reading
    return replace(reading, values={**reading.values, "date_of_birth_on_record": on_record})
