"""Two workers have the same list of what is due and act one after the other: as if there were one.

On PostgreSQL a leader that was paused may wake up with a list that another one has worked through.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from short_life import ShortLife

from connector.casework.daily import ROUNDS, Daily
from connector.casework.desk import Desk
from connector.model import EffectKind
from connector.store import Transaction
from connector.store.effect_row import Resolution

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


class Twice:
    """Every act is done twice from one list. `first` and `second` name the rounds it changed."""

    def __init__(self) -> None:
        self.first: set[str] = set()
        self.second: set[str] = set()
        self.rounds = [replace(each, act=self._twice(each)) for each in ROUNDS]

    def _twice(self, daily: Daily) -> Callable[[Transaction, Desk, Any], bool]:
        def act(tx: Transaction, desk: Desk, each: Any) -> bool:
            if not daily.act(tx, desk, each):
                return False
            self.first.add(daily.name)
            if daily.act(tx, desk, each):
                self.second.add(daily.name)
            return True

        return act


def until_21_and_closed(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, form_id="A", family_request_details="Lessons.")
    life.on("2026-04-01")
    life.tells(
        "assessment",
        form_id="B",
        assessment_type="approaching_21",
        outcome="close_case",
        actions=[{"what": "Ring the landlord", "who": "pa", "due_on": "2026-05-26"}],
    )
    life.on("2026-06-09").on("2026-06-10").on("2026-07-11").on("2026-10-19")


def until_the_manager_hears(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.on("2026-06-05").on("2026-07-20").on("2026-11-02")


def until_the_summary_is_attached(life: ShortLife) -> None:
    life.host.refuses.add(EffectKind.DOCUMENT)
    submission = life.tells("agreement")
    with life.council.store.transaction() as tx:
        effects = tx.effects.of_submission(submission.id)
        document = next(each.id for each in effects if each.kind is EffectKind.DOCUMENT)
    life.on("2026-03-30")
    with life.council.store.transaction() as tx:
        assert tx.effects.resolve(document, Resolution.THERE, life.council.at)
    life.on("2026-03-31")


STORIES: dict[str, tuple[Callable[[ShortLife], None], dict[str, Any], set[str]]] = {
    "a planned closing": (
        until_21_and_closed,
        {"born": "2005-06-10"},
        {"opening", "overdue", "turning", "october overview"},
    ),
    "nobody does a thing": (until_the_manager_hears, {}, {"opening", "overdue"}),
    "a host that does not tell": (
        until_the_manager_hears,
        {"completion": "assume"},
        {"opening", "assumed done"},
    ),
    "a summary that is refused": (
        until_the_summary_is_attached,
        {},
        {"opening", "summaries not attached", "summaries attached"},
    ),
}


def told(life: ShortLife) -> tuple[Any, ...]:
    """All that people see of a life in the case system, and what is still planned.

    What is about different people is written side by side, in any order.
    """
    tasks = sorted((task.as_dict() for task in life.host.tasks.values()), key=str)
    return tasks, life.host.statuses, life.host.notes, life.picture()


@pytest.mark.parametrize("name", STORIES)
def test_acting_twice_from_one_list_is_as_acting_once(new_life: NewLife, name: str) -> None:
    story, how, rounds = STORIES[name]
    alone, doubled, twice = new_life(**how), new_life(**how), Twice()
    doubled.council.rounds = twice.rounds
    story(alone)
    story(doubled)
    assert told(doubled) == told(alone)
    assert twice.first >= rounds
    assert twice.second == set()


def test_every_round_is_tried_twice() -> None:
    tried = set.union(*(rounds for _, _, rounds in STORIES.values()))
    assert tried == {each.name for each in ROUNDS}
