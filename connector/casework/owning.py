"""Whose inbox a task goes to now: a role is looked up when the task opens, and again when it is
overdue. A leaver is nobody; where there is nobody, the next rung is asked, in the end the team."""

from dataclasses import dataclass
from typing import Any

from connector.casework.desk import Desk
from connector.model import FollowUp, Inbox
from connector.people import Person
from connector.store import Transaction

NEXT_RUNG = "next_manager_id"
"""The key in `defaults:` for who decides where the manager wrote the form or has left."""


@dataclass(frozen=True)
class Owner:
    """Who has a task. `nobody`: it is for a worker, and there is none to give it to."""

    inbox: Inbox
    assignee: str | None
    nobody: bool = False


@dataclass(frozen=True)
class Responsible:
    """Everyone who may be asked about one person: who is there, and who is not any more."""

    worker: str | None
    managers: tuple[str, ...]
    team: str | None
    gone: frozenset[str] = frozenset()

    def owner(self, planned: FollowUp) -> Owner:
        """Who has this task now."""
        task, author = planned.task, planned.effect.content.get("author_id")
        if task.named and task.assignee and task.assignee not in self.gone:
            return Owner(task.inbox, task.assignee)
        if task.role is Inbox.WORKER:
            return self._worker()
        if task.role is Inbox.MANAGER:
            return self.manager(author)
        return Owner(Inbox.TEAM, self.team)

    def _worker(self) -> Owner:
        if self.worker and self.worker not in self.gone:
            return Owner(Inbox.WORKER, self.worker)
        return Owner(Inbox.TEAM, self.team, nobody=True)

    def manager(self, author: Any = None) -> Owner:
        """Who decides; nobody decides about a form they wrote themselves."""
        fit = (each for each in self.managers if each not in self.gone and each != author)
        manager = next(fit, None)
        return Owner(Inbox.MANAGER, manager) if manager else Owner(Inbox.TEAM, self.team)


def responsible(
    tx: Transaction, desk: Desk, host: str, known: Person, at_first: Any
) -> Responsible:
    """Who is responsible for a person; `at_first` are the template variables of the task, which
    say who it was when it was planned."""
    worker = known.text("worker_id") or at_first.get("worker_id")
    manager = known.text("manager_id") or at_first.get("manager_id")
    rungs = (manager, desk.default(host, NEXT_RUNG), desk.default(host, "manager_id"))
    managers = tuple(dict.fromkeys(each for each in rungs if each))
    team = known.text("team_id") or at_first.get("team_id") or desk.default(host, "team_id")
    asked = {each for each in (worker, *managers) if each}
    gone = {each for each in asked if tx.persons.has_left(host, each)}
    if worker and known.is_false("worker_active"):
        gone.add(worker)
    return Responsible(worker, managers, team, frozenset(gone))


def as_variables(owner: Owner, who: Responsible) -> dict[str, Any]:
    """The template variables that may have changed since the task was planned."""
    return {
        "inbox": {"kind": owner.inbox.value, "id": owner.assignee},
        "worker_id": who.worker,
        "manager_id": who.managers[0] if who.managers else None,
        "team_id": who.team,
    }
