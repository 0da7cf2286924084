"""A council with one made-up case system that can be asked: forms, tasks and people are in memory.

The connector's own parts do the work on a real database; time moves when a test says so.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

from made_once import packaged, store_in

from connector.casework import Desk
from connector.casework.visiting import visit_hosts
from connector.clock import Clock, Duties, open_follow_ups
from connector.dispatch import Dispatcher, drain
from connector.errors import Declined, NotSent
from connector.events import HostPerson, HostTask
from connector.model import EffectKind
from connector.pipeline import process_waiting
from connector.profiles import Configuration, packaged_folder
from connector.store import Store
from connector.store.follow_up_row import FollowUpRow
from connector.store.submission_row import Submission

HOST, PERSON = "flat", "400123"
BORN = date(2007, 10, 1)
START = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
DOWN = NotSent("The host does not answer.")


@dataclass
class AskableHost:
    """Keeps what is written and says what it holds. `silent`: it answers nothing.

    `when_asked` is called before it does anything; `fetched` makes a form of an entry of the list.
    """

    idempotency: str = "B"
    settle_seconds: float = 2.0
    longest_call_seconds: float = 60.0
    forms_every_minutes: int = 15
    lists_forms: bool = True
    reads_tasks: bool = True
    reads_people: bool = True
    silent: bool = False
    when_asked: Callable[[], None] = lambda: None
    fetched: Callable[[Any], Any] = lambda entry: entry
    forms: list[Any] = field(default_factory=list)
    tasks: dict[str, HostTask] = field(default_factory=dict)
    people: dict[str, HostPerson] = field(default_factory=lambda: {PERSON: HostPerson(BORN)})
    written: list[tuple[EffectKind, Mapping[str, Any]]] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    since: list[datetime] = field(default_factory=list)
    asked_about: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    def write(self, kind: EffectKind, variables: Mapping[str, Any]) -> str:
        self._answer()
        self.written.append((kind, variables))
        if kind is not EffectKind.TASK:
            return f"R{len(self.written)}"
        remote_id = f"H{len(self.tasks) + 1}"
        assignee = (variables.get("inbox") or {}).get("id")
        self.tasks[remote_id] = HostTask(remote_id, "open", assignee_id=assignee)
        self.references[variables["reference"]] = remote_id
        return remote_id

    def find(self, kind: EffectKind, variables: Mapping[str, Any]) -> tuple[str, ...]:
        self._answer()
        found = self.references.get(variables["reference"])
        return (found,) if found in self.tasks else ()

    def cancel(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        self._answer()
        self.becomes(variables["remote_id"], "cancelled")

    def reassign(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        self._answer()
        task = self.tasks[variables["remote_id"]]
        self.tasks[task.remote_id] = replace(task, assignee_id=variables["inbox"]["id"])

    def update(self, kind: EffectKind, variables: Mapping[str, Any]) -> None:
        self._answer()

    def read_task(self, variables: Mapping[str, Any]) -> HostTask | None:
        self._answer()
        if not self.reads_tasks:
            raise Declined("The profile does not say how to read a task.")
        self.read.append(variables["reference"])
        return self.tasks.get(variables["remote_id"])

    def read_person(self, person_id: str) -> HostPerson | None:
        self.asked_about.append(person_id)
        self._answer()
        return self.people.get(person_id)

    def listed_forms(self, since: datetime) -> Iterator[Any]:
        self._answer()
        self.since.append(since)
        yield from self.forms

    def read_form(self, entry: Any) -> Any:
        self._answer()
        return self.fetched(entry)

    def becomes(self, remote_id: str, state: Any, **more: Any) -> None:
        """Somebody changes a task in the host."""
        self.tasks[remote_id] = replace(self.tasks[remote_id], state=state, **more)

    def _answer(self) -> None:
        self.when_asked()
        if self.silent:
            raise DOWN


@dataclass
class Council:
    """The connector of one council, as of `at`."""

    store: Store
    configuration: Configuration
    database: Path
    host: AskableHost = field(default_factory=AskableHost)
    at: datetime = START
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def desk(self) -> Desk:
        chosen = self.configuration
        registers: Any = {HOST: self.host}
        return Desk(self.store, chosen, chosen.working, lambda: self.at, registers)

    @property
    def clock(self) -> Clock:
        gateways: Any = {HOST: self.host}
        dispatcher = Dispatcher(self.store, gateways, lambda _: b"%PDF-1.7", lambda: self.at)
        desk = self.desk
        duties = Duties(
            self.store, dispatcher, desk, lambda: process_waiting(desk), lambda: 0, desk.now
        )
        return Clock(duties, Event())

    def take(self, payload: Any) -> Submission:
        """A webhook comes and is worked on."""
        with self.store.transaction() as tx:
            body = json.dumps(payload).encode()
            kept = tx.submissions.keep(HOST, f"d{next(self._numbers)}", body, self.at)
        self.work()
        return self.of(kept.submission_id)

    def work(self) -> None:
        """Everything that is due now is done, but for the rounds at the hosts."""
        clock = self.clock
        process_waiting(clock.duties.desk)
        open_follow_ups(clock)
        drain(clock.duties.dispatcher, Event(), lambda: None)

    def on(self, day: date, at: time = time(9)) -> None:
        """That day comes, and what is due on it is done."""
        self.at = datetime.combine(day, at, UTC)
        self.work()

    def visit(self) -> int:
        """The rounds at the hosts, and whatever follows from them at once."""
        found = visit_hosts(self.desk)
        self.work()
        return found

    def later(self, **how_long: float) -> None:
        """Time passes; nothing is done in it."""
        self.at += timedelta(**how_long)

    def of(self, submission_id: str) -> Submission:
        with self.store.transaction() as tx:
            found = tx.submissions.get(submission_id)
        assert found is not None
        return found

    def submissions(self) -> list[Submission]:
        """What came in from the host, newest first; not the connector's own work."""
        with self.store.transaction() as tx:
            found = tx.submissions.listing(1000)
        return [each for each in found if not each.delivery_id.startswith("connector:")]

    def tasks(self, task: str, person: str | None = PERSON) -> list[FollowUpRow]:
        with self.store.transaction() as tx:
            return tx.follow_ups.listing(HOST, person, task=task)

    def tasks_standing(self) -> list[FollowUpRow]:
        """Whatever of the young person waits or is in an inbox."""
        with self.store.transaction() as tx:
            return [each for each in tx.follow_ups.of_person(HOST, PERSON) if each.stands]

    def the(self, task: str, person: str = PERSON) -> FollowUpRow:
        """The one of this id that stands."""
        (row,) = [each for each in self.tasks(task, person) if each.stands]
        return row

    def remote(self, row: FollowUpRow) -> str:
        """The number of its task in the host."""
        return self.host.references[row.reference]

    def text(self, row: FollowUpRow) -> str:
        with self.store.transaction() as tx:
            planned = tx.follow_ups.content(row.id)
        assert planned is not None
        return planned.task.text


def council_in(folder: Path, completion: str = "poll", **defaults: str) -> Council:
    """A council whose host is asked how tasks stand, unless `completion` says otherwise."""
    chosen = packaged()
    profile = chosen.hosts[HOST]
    profile = replace(profile, completion=completion, defaults={**profile.defaults, **defaults})
    configuration = replace(chosen, hosts={HOST: profile})
    return Council(store_in(folder), configuration, folder / "connector.db")


def agreement(**over: Any) -> dict[str, Any]:
    """The flat host's completed agreement: full service, born 1 October 2007."""
    path = packaged_folder() / HOST / "samples" / "tailored_support_agreement.json"
    form: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return form | over
