"""A council in memory whose days pass as fast as they can: forms in, tasks out, years in a second.

The connector's own parts do the work on a real database; only the case system is made up. It does
what it is told, and people finish tasks on the day a life says.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

from life_forms import Life, payload_of
from made_once import store_in

from connector.casework import Desk
from connector.casework.daily import ROUNDS, Daily
from connector.casework.registers import Register
from connector.clock import Clock, Duties, make_round
from connector.dispatch import Dispatcher, drain
from connector.errors import Declined
from connector.model import EffectKind
from connector.pipeline import process_waiting
from connector.policy import load_policy
from connector.profiles import Configuration
from connector.store import Store

HOST = "sandbox"
EIGHT, NINE, LAST = time(8), time(9), time(16)


@dataclass
class InboxTask:
    """One task as people see it."""

    id: str
    variables: Mapping[str, Any]
    opened: date
    ended: date | None = None
    how: str = "open"
    assignee: str | None = None
    inbox: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As a life is compared: ISO dates."""
        return {
            "task": self.variables["task"],
            "opens_on": self.variables["opens_on"],
            "due_on": self.variables["due_on"],
            "title": self.variables["title"],
            "inbox": self.inbox,
            "assignee": self.assignee,
            "opened": self.opened.isoformat(),
            "ended": self.ended.isoformat() if self.ended else None,
            "how": self.how,
        }


@dataclass
class CaseSystem:
    """The host: keeps what is written, in order."""

    today: Any
    idempotency: str = "B"
    settle_seconds: float = 2.0
    longest_call_seconds: float = 60.0
    tasks: dict[str, InboxTask] = field(default_factory=dict)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    documents: list[Mapping[str, Any]] = field(default_factory=list)
    written_back: list[Mapping[str, Any]] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    refuses: set[EffectKind] = field(default_factory=set)
    references: dict[str, str] = field(default_factory=dict)
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def write(self, kind: EffectKind, variables: Mapping[str, Any]) -> str:
        if kind in self.refuses:
            raise Declined("It is too large.", status=413)
        number = str(next(self._ids))
        self.references[number] = variables["reference"]
        if kind is EffectKind.OUTCOME:
            self.statuses.append((self.today().isoformat(), variables["status"]))
            self.written_back.append(variables["write_back"])
        if kind is EffectKind.CASE_NOTE:
            self.notes.append(variables["text"])
        if kind is EffectKind.DOCUMENT:
            self.documents.append(variables)
        if kind is EffectKind.TASK:
            inbox = variables["inbox"]
            self.tasks[number] = InboxTask(
                number, variables, self.today(), assignee=inbox["id"], inbox=inbox["kind"]
            )
        return number

    def find(self, kind: EffectKind, variables: Mapping[str, Any]) -> tuple[str, ...]:
        wanted = variables["reference"]
        return tuple(number for number, ours in self.references.items() if ours == wanted)

    def cancel(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        task = self.tasks[variables["remote_id"]]
        assert variables["reason"], "case systems ask why a task is cancelled"
        if task.how == "open":
            task.how, task.ended = "cancelled", self.today()

    def reassign(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        task = self.tasks[variables["remote_id"]]
        task.inbox, task.assignee = variables["inbox"]["kind"], variables["inbox"]["id"]

    def update(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        task = self.tasks[variables["remote_id"]]
        self.updated.append(task.id)
        words = ("title", "text", "due_on", "opens_on")
        task.variables = {**task.variables, **{name: variables[name] for name in words}}


class Council:
    """One council, one clock, one case system."""

    def __init__(
        self,
        folder: Path,
        configuration: Configuration,
        life: Life,
        register: Register | None = None,
        store: Store | None = None,
    ) -> None:
        self.life = life
        self.rounds: Sequence[Daily] = ROUNDS
        self.at = datetime(2000, 1, 1, tzinfo=UTC)
        self.host = CaseSystem(lambda: self.at.date())
        self.sent: list[tuple[str, Mapping[str, Any]]] = []
        self.store = store or store_in(folder)
        self.desk = Desk(
            self.store,
            _configured(configuration, life),
            configuration.working,
            lambda: self.at,
            {HOST: register} if register else {},
        )
        self._duties = Duties(
            store=self.store,
            dispatcher=Dispatcher(
                self.store,
                {HOST: self.host},  # type: ignore[dict-item]
                lambda content: b"%PDF-1.7",
                lambda: self.at,
            ),
            desk=self.desk,
            process_waiting=lambda: process_waiting(self.desk),
            retain=lambda: None,
            now=lambda: self.at,
        )
        self._clock = Clock(self._duties, Event())
        self._deliveries = count(1)
        self._counted: dict[str, dict[str, int]] = {}
        self._plans: dict[str, date | None] = {}

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def goes_on_from(self, other: "Council") -> None:
        """This connector takes the place of another one; the case system and its people go on."""
        self.at, self._deliveries = other.at, other._deliveries
        self._counted, self._plans = other._counted, other._plans
        for name in ("tasks", "references", "statuses", "notes", "documents", "_ids"):
            setattr(self.host, name, getattr(other.host, name))

    def send(self, payload: Mapping[str, Any]) -> None:
        """The host sends something; it is worked on at once."""
        self.deliver(f"d{next(self._deliveries)}", payload)

    def deliver(self, delivery: str, payload: Mapping[str, Any]) -> None:
        """The same under a delivery id, as when it is sent again."""
        self.sent.append((delivery, payload))
        with self.store.transaction() as tx:
            tx.submissions.keep(HOST, delivery, json.dumps(payload).encode(), self.at)
        self.work()

    def work(self) -> None:
        """Everything the worker does now, until nothing is left."""
        for _ in range(20):
            done = process_waiting(self.desk)
            done += sum(make_round(self._clock, each) for each in self.rounds)
            done += drain(self._duties.dispatcher, Event(), lambda: None)
            if not done:
                return
            self.at += timedelta(seconds=1)
        raise AssertionError("the work of one moment never ends")

    def live(self, every_day: bool = False) -> None:
        """The whole life, to its last day."""
        events = sorted(enumerate(self.life["events"]), key=lambda each: (each[1]["day"], each[0]))
        until = date.fromisoformat(self.life["until"])
        waiting = [(date.fromisoformat(event["day"]), event) for _, event in events]
        day = waiting[0][0]
        while day <= until:
            self.live_day(day, [event for on, event in waiting if on == day])
            rest = [on for on, _ in waiting if on > day]
            day = day + timedelta(days=1) if every_day else self.next_day(day, rest)

    def live_day(self, day: date, events: Sequence[Mapping[str, Any]]) -> None:
        """What the host sends, then the night's rounds, then what people do."""
        self.at = datetime.combine(day, EIGHT, UTC)
        for event in events:
            self.at += timedelta(minutes=1)
            self.send(payload_of(self.life, event))
        self.at = max(self.at, datetime.combine(day, NINE, UTC))
        self.work()
        self.at = datetime.combine(day, LAST, UTC)
        self._people_finish_tasks(day)

    def _people_finish_tasks(self, day: date) -> None:
        """By event: each task on its due date, earlier or later as the life says."""
        if self.life.get("completion", "event") != "event":
            return
        for task in list(self.host.tasks.values()):
            on = self._plans[task.id] = self._done_on(task)
            if task.how == "open" and on and on <= day:
                task.how, task.ended = "done", day
                self.send(_completed(self.life, task, day))

    def _done_on(self, task: InboxTask) -> date | None:
        """So many days after its due date, which may have moved since it opened."""
        name = task.variables["task"]
        numbers = self._counted.setdefault(name, {})
        number = numbers.setdefault(task.id, len(numbers))
        delays = self.life.get("delays", {}).get(name, [])
        delay = delays[number] if number < len(delays) else 0
        if delay is None:
            return None
        due = date.fromisoformat(task.variables["due_on"])
        return max(due + timedelta(days=delay), task.opened + timedelta(days=1))

    def next_day(self, day: date, rest: list[date]) -> date:
        """The next day on which anything can happen."""
        with self.store.transaction() as tx:
            rows = [row for row in tx.follow_ups.listing() if row.stands]
            turning = tx.answers.turning(date.max, 100)
        days = [*rest, *(on for on in self._plans.values() if on)]
        for row in rows:
            days += [row.opens_on, row.due_on, row.escalates_on or row.due_on]
        days += [each.turns_on for each in turning if each.turns_on]
        days += [task.opened + timedelta(days=1) for task in self.host.tasks.values()]
        return min((each for each in days if each > day), default=date.max)


def _configured(configuration: Configuration, life: Life) -> Configuration:
    """As a life says; `without` names what its case system cannot do with a task."""
    host = configuration.hosts[HOST]
    assert host.outbound.task is not None
    calls = replace(host.outbound.task, **dict.fromkeys(life.get("without", ())))
    profile = replace(
        host,
        outbound=replace(host.outbound, task=calls),
        completion=life.get("completion", "event"),
        defaults={**host.defaults, **life.get("defaults", {})},
    )
    policy = load_policy(life.get("settings", {}))
    return replace(configuration, policy=policy, hosts={HOST: profile})


def _completed(life: Life, task: InboxTask, day: date) -> dict[str, Any]:
    return {
        "event": "task.completed",
        "at": f"{day}T{LAST.isoformat()}+00:00",
        "task": {
            "id": task.id,
            "reference": task.variables["reference"],
            "state": "completed",
            "result": life.get("results", {}).get(task.variables["task"]),
            "done_on": day.isoformat(),
        },
        "person": {"id": life["person"]["id"]},
    }
