"""One event of the host on the desk, and a form worked on once more because of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connector.casework.changing import Cause
from connector.casework.desk import Desk
from connector.casework.knowing import HeldForm
from connector.casework.owing import take_up
from connector.casework.standpoint import Placed
from connector.dates import london_date
from connector.events import Event
from connector.store import Transaction
from connector.store.submission_row import Submission
from connector.versions import Arrival

NOTHING_NEW = "Nothing changes by it."


@dataclass(frozen=True)
class Told:
    """One event on the desk. `person_id` is the id the person is known by now."""

    tx: Transaction
    desk: Desk
    submission: Submission
    event: Event
    person_id: str

    @property
    def host(self) -> str:
        """Whose event it is."""
        return self.submission.host

    @property
    def cause(self) -> Cause:
        """For the changes it makes."""
        return Cause(self.submission.id, self.host, self.desk.now())

    @property
    def came_at(self) -> datetime | None:
        """When it was told to us, by our clock."""
        return self.desk.came_at(self.submission)

    @property
    def on(self) -> date:
        """The day it happened, not after today."""
        day = self.event.done_on or london_date(self.event.occurred_at)
        return min(day, self.desk.today())

    @property
    def until(self) -> datetime:
        """The last moment that the time of the event can mean: hosts tell whole seconds or minutes.

        A form that was completed within that second was completed before it.
        """
        at = self.event.occurred_at
        if at.microsecond:
            return at
        return at + (timedelta(seconds=1) if at.second else timedelta(minutes=1))


def take_up_again(told: Told, held: HeldForm, changed: Mapping[str, str], why: str) -> None:
    """The form as it is held, with something about it changed, as a version of ours."""
    ordinal = held.ordinal + 1
    version = str(held.reading.values.get("submission_version") or "1")
    arrival = Arrival("new", f"{version}~{why} {told.submission.id}", ordinal, held.ordinal)
    submission = replace(told.submission, ordinal=None, version=None)
    reading = replace(held.reading, values={**held.reading.values, **changed})
    take_up(told.tx, told.desk, Placed(submission, reading, arrival, held_as=held.submission_id))
