"""A form that was judged beside the tasks that stand: what can be asked of the two."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from connector.model import FollowUp, Inbox, Task
from connector.plan import base_key, times_planned
from connector.policy.stops import Applied, stopped_by


class Standing(Protocol):
    """What has to be known of a task that was planned before."""

    @property
    def id(self) -> str: ...
    @property
    def task(self) -> str: ...
    @property
    def period_key(self) -> str: ...
    @property
    def form_type(self) -> str | None: ...
    @property
    def form_id(self) -> str | None: ...
    @property
    def due_on(self) -> date: ...
    @property
    def opens_on(self) -> date: ...
    @property
    def counted_from(self) -> date | None: ...
    @property
    def wanted_on(self) -> date | None: ...
    @property
    def role(self) -> Inbox: ...
    @property
    def asked_at(self) -> datetime | None: ...
    @property
    def stands(self) -> bool: ...
    @property
    def is_used_up(self) -> bool: ...
    @property
    def is_planned(self) -> bool: ...


@dataclass(frozen=True)
class Comparison:
    """A form that was judged, against what stands.

    `texts` are the tasks as planned before, by row, where they could be read. `later` are the
    forms held that were completed after this one, with what they led to, `later_agreement` the id
    of such an agreement. `runs_again`: the same form in the same words, worked on once more.
    `done` are the periods of the actions the form says are done.
    `right_person`: False where the form may be about somebody else; then what stands stays (EN-07).
    """

    form_id: str
    applied: Applied
    completed_at: datetime | None
    wanted: Sequence[FollowUp]
    standing: Sequence[Standing]
    texts: Mapping[str, Task] = field(default_factory=dict)
    later: Sequence[Applied] = ()
    later_agreement: str | None = None
    runs_again: bool = False
    done: Set[str] = frozenset()
    right_person: bool = True

    def of_period(self, key: str, task: str) -> Standing | None:
        """The newest row of a period; one planned anew has a "~" behind its key."""
        mine = [
            row
            for row in self.standing
            if row.task == task and base_key(row.period_key) == base_key(key)
        ]
        standing = [row for row in mine if row.stands]
        used = [row for row in mine if row.is_used_up]
        return next(iter([*standing, *used, *reversed(mine)]), None)

    def times(self, new: FollowUp) -> int:
        """How often this period was planned, with this time."""
        same = (row.period_key for row in self.standing if row.task == new.task.task)
        return 1 + times_planned(same, new.period_key)

    def newer_clock(self, new: FollowUp) -> Standing | None:
        """The same contact of another form, counted from a later day."""
        ours = new.task.counted_from
        for row in self.standing:
            same = row.stands and row.task == new.task.task and row.form_id != new.form_id
            if same and ours and row.counted_from and row.counted_from > ours:
                return row
        return None

    def is_earlier(self, row: Standing) -> bool:
        """Whether what asked for a task was completed before this form, or it is not known when."""
        if row.asked_at is None or self.completed_at is None:
            return True
        return row.asked_at <= self.completed_at

    def stopped_already(self, new: FollowUp) -> str | None:
        """Why a later form, which came before, has no place for a task of this one."""
        task = new.task
        reasons = (stopped_by(each, task.task, new.form_type, task.opens_on) for each in self.later)
        return next(filter(None, reasons), None)
