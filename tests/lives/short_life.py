"""A short life to try one thing on: what the host sends on which day, and what then stands.

Nobody does a task here unless a test says so. Days pass only where a test names them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from life_forms import ANSWERS, payload_of
from life_stage import HOST, Council, InboxTask

from connector.casework.registers import Register
from connector.profiles import Configuration
from connector.store.follow_up_row import FollowUpRow
from connector.store.submission_row import Submission

BORN = "2007-10-01"
"""21 on 1 October 2028; one month later is 1 November 2028."""
START = "2026-03-27"
"""A Friday. Contacts counted from it: T01 on 19 June, T02 on 25 September 2026."""


class ShortLife:
    """One council, one clock, and whoever the host tells of ("P1" unless said otherwise)."""

    def __init__(
        self,
        folder: Path,
        configuration: Configuration,
        register: Register | None = None,
        born: str = BORN,
        **more: Any,
    ) -> None:
        life = {"person": {"id": "P1", "date_of_birth": born}, **more}
        self.council = Council(folder, configuration, life, register)
        self.host = self.council.host
        self.on(START)

    def on(self, day: str) -> "ShortLife":
        """It is this day, and the worker has done what there is to do."""
        self.council.at = datetime.combine(date.fromisoformat(day), time(8), UTC)
        self.council.work()
        return self

    def through(self, until: str) -> "ShortLife":
        """Every day until this one comes in turn."""
        while self.today < until:
            self.on((date.fromisoformat(self.today) + timedelta(days=1)).isoformat())
        return self

    @property
    def today(self) -> str:
        """The day it is."""
        return self.council.at.date().isoformat()

    def tells(self, kind: str, **facts: Any) -> Submission:
        """The host sends a form or an event; what became of it."""
        now = f"{self.council.at:%H:%M}"
        event = {"kind": kind, "day": self.today, "at": now, "form_id": None, **facts}
        if kind in ANSWERS:
            event["form_id"] = facts.get("form_id", kind)
        return self.sends(payload_of(self.council.life, event))

    def sends(self, payload: Mapping[str, Any]) -> Submission:
        """The host sends exactly this."""
        before = {each.id for each in self.submissions()}
        self.council.send(payload)
        self.council.at += timedelta(minutes=1)
        came = next(each for each in self.submissions() if each.id not in before)
        assert came.state != "broken", came.reason
        return came

    def task_event(self, task: InboxTask, event: str, **facts: Any) -> Submission:
        """The host tells of a task: completed, cancelled, reassigned."""
        worker, team = facts.pop("worker", None), facts.pop("team", None)
        payload: dict[str, Any] = {
            "event": f"task.{event}",
            "at": facts.pop("at", self.council.at.isoformat()),
            "task": {
                "id": facts.pop("id", task.id),
                "reference": facts.pop("reference", task.variables["reference"]),
                **facts,
            },
            "person": {"id": "P1"},
        }
        if worker:
            payload["worker"] = {"id": worker}
        if team:
            payload["team"] = {"id": team}
        return self.sends(payload)

    def done(self, name: str, on: str | None = None, result: str | None = None) -> Submission:
        """Somebody does the open task of this name."""
        task = self.the(name)
        task.how, task.ended = "done", self.council.at.date()
        return self.task_event(task, "completed", state="completed", done_on=on, result=result)

    def replay(self, submission: Submission) -> None:
        """Somebody has a kept delivery worked on once more."""
        with self.council.store.transaction() as tx:
            assert tx.submissions.rearm(submission.id)
        self.council.work()

    def inbox(self, *names: str) -> list[InboxTask]:
        """The open tasks in the host, all of them or those of these names."""
        every = [task for task in self.host.tasks.values() if task.how == "open"]
        return [task for task in every if not names or task.variables["task"] in names]

    def the(self, name: str) -> InboxTask:
        """The one open task of this name."""
        (task,) = self.inbox(name)
        return task

    def rows(self, name: str | None = None, person: str = "P1") -> list[FollowUpRow]:
        """Everything that was ever planned for somebody, oldest first."""
        with self.council.store.transaction() as tx:
            rows = tx.follow_ups.of_person(HOST, person)
        return [row for row in rows if name is None or row.task == name]

    def standing(self, name: str | None = None, person: str = "P1") -> list[FollowUpRow]:
        """What is still to be done, now or on its day."""
        return [row for row in self.rows(name, person) if row.stands]

    def next(self, name: str) -> FollowUpRow:
        """The one task of this name that stands."""
        (row,) = self.standing(name)
        return row

    def next_text(self, name: str) -> str:
        """Why the one task of this name stands, as planned."""
        row = self.next(name)
        with self.council.store.transaction() as tx:
            planned = tx.follow_ups.content(row.id)
        assert planned is not None
        return planned.task.because

    def picture(self, person: str = "P1") -> list[tuple[Any, ...]]:
        """All that stands, to be compared."""
        return sorted(
            (row.task, row.state.value, row.opens_on, row.due_on, row.inbox.value, row.assignee)
            for row in self.standing(None, person)
        )

    def submissions(self) -> Sequence[Submission]:
        """Everything the host sent."""
        with self.council.store.transaction() as tx:
            return tx.submissions.listing(1000)

    def writes(self) -> int:
        """How much was ever written to the host."""
        host = self.host
        ended = [task for task in host.tasks.values() if task.how == "cancelled"]
        return sum(map(len, (host.tasks, host.statuses, host.notes, host.documents, ended)))

    @property
    def note(self) -> str:
        """The newest case note."""
        return self.host.notes[-1]

    @property
    def status(self) -> str:
        """What the record says now."""
        return self.host.statuses[-1][1]


def due(task: InboxTask) -> str:
    """The due date in the inbox."""
    return str(task.variables["due_on"])
