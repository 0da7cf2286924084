"""The story after the forms: the clock moves on, tasks come and are done, a worker changes."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connector.cli.demonstration.case_system import CaseSystem
from connector.cli.follow_up_facts import follow_up_facts
from connector.dates import in_words
from connector.errors import ConnectorError
from connector.policy.words import TASK_TITLES
from connector.profiles import Configuration
from connector.settings import Settings
from connector.store import Store

WHO, NEXT_WORKER = "P1002", "W201"
"""A made-up young person of 19, and the colleague who takes over from their worker."""

CONTACT, TELL = TASK_TITLES["T01"], TASK_TITLES["T28"]
LONGEST_WAIT = 20.0

Task = dict[str, Any]


class NotSeen(ConnectorError):
    """Something of the story did not come about; the message says what."""


@dataclass(frozen=True)
class _Story:
    """Who does what, and how long one contact is after the other."""

    system: CaseSystem
    interval: timedelta
    lead: timedelta

    def until_it_opens(self, contact: date) -> date:
        """The day on which the contact after this one is in the inbox for certain."""
        return contact + self.interval - self.lead


def years(system: CaseSystem, configuration: Configuration) -> Iterator[str]:
    """Play the story and tell it, sentence by sentence. Raises NotSeen."""
    policy = configuration.policy
    story = _Story(
        system,
        timedelta(days=policy.tailored.social_worker_contact_days),
        timedelta(days=policy.tasks.lead("T01")),
    )
    system.complete_form(WHO, "tailored_support_agreement")
    _seen("the agreement on the record", lambda: system.documents(WHO))
    yield f"{_today(system)}: {WHO} has a tailored-support agreement too. The clock moves on."
    system.move_on_to(story.until_it_opens(system.today()))
    first = _contact(system, 1)
    yield f"{_today(system)}: {_there(first)}."
    system.move_on_to(system.today() + timedelta(days=14))
    contacted = system.today()
    system.act(f"tasks/{first['id']}/complete", result="No change")
    yield f"{_today(system)}: it is done, with no change. The next is counted from today."
    system.move_on_to(story.until_it_opens(contacted))
    second = _contact(system, 2)
    yield f"{_today(system)}: {_there(second)}."
    yield _new_worker(system)


def follow_ups(environment: Mapping[str, str]) -> list[list[str]]:
    """What `connector follow-ups` has of this young person, as rows: task, inbox, days, state."""
    settings = Settings.from_environment(environment)
    with Store.open(settings.database_url, settings.vault) as store, store.transaction() as tx:
        told = [follow_up_facts(tx, row) for row in tx.follow_ups.listing("sandbox", WHO)]
    names = ("task", "what", "whose", "opens_on", "due_on", "stands")
    return [[str(each[name]) for name in names] for each in told]


def _new_worker(system: CaseSystem) -> str:
    system.act(f"people/{WHO}/roles", worker_id=NEXT_WORKER)

    def moved() -> list[Task]:
        return [each for each in system.tasks(WHO, CONTACT) if _owner(each) == NEXT_WORKER]

    _seen("the open task with the new worker", moved)
    told = _seen("the task to tell the family", lambda: system.tasks(WHO, TELL))[0]
    return (
        f"{_today(system)}: {NEXT_WORKER} takes over. What is open moves to their inbox, and a new"
        f" task comes: {_named(told)}."
    )


def _contact(system: CaseSystem, number: int) -> Task:
    """The contact of this number, counted from 1; there is never one too many."""
    found = _seen(
        f"contact number {number} in the inbox",
        lambda: (there := system.tasks(WHO, CONTACT)) and len(there) >= number and there,
    )
    if len(found) > number:
        raise NotSeen(f"{WHO} has {len(found)} tasks “{CONTACT}” instead of {number}.")
    return dict(found[-1])


def _there(task: Task) -> str:
    return f"in the inbox of {_owner(task)}: {_named(task)}"


def _named(task: Task) -> str:
    return f"“{task['title']}”, due {in_words(date.fromisoformat(task['due_on']))}"


def _owner(task: Task) -> str:
    return str(task["assignee"]["id"])


def _today(system: CaseSystem) -> str:
    return in_words(system.today())


def _seen(what: str, look: Callable[[], Any]) -> Any:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + LONGEST_WAIT
    while not (found := look()):
        if time.monotonic() > deadline:
            raise NotSeen(f"Over the years: {what} did not come in time.")
        time.sleep(0.05)
    return found
