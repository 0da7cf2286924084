"""One raid: forms come in, the host misbehaves, processes die; then it drains and is counted."""

import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import counting, secrecy
from .clients import Clients
from .council import Council, Shape, council
from .counting import Count, Sight, seen
from .forms import KINDS, Story, stories, story
from .killer import Habits, Killer
from .ledger import Ledger

PEOPLE_A_SECOND = 1.5
SENDING = 0.7
SHARE = 0.3
LONGEST_DRAIN = 240.0

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """A raid on one kind of store. `seconds` is how long processes are killed."""

    store: str
    settings: Mapping[str, str]
    seconds: float
    seed: int
    shape: Shape
    habits: Habits


@dataclass(frozen=True)
class Result:
    """What a raid found. `broken` lists every promise that was not kept, in words."""

    store: str
    people: int
    count: Count
    kills: int
    pauses: int
    resent: int
    ambiguous: int
    faults: int
    seconds: float
    broken: tuple[str, ...]


def raid(plan: Plan, folder: Path, progress: Progress) -> Result:
    """Set up a connector, raid it, and count."""
    began = time.monotonic()
    with council(folder, plan.settings, plan.seed, plan.shape) as raided:
        clients = Clients(raided, plan.seed)
        ledger = Ledger(raided.environment["CONNECTOR_DATABASE_URL"])
        progress("starting")
        raided.start_all()
        progress("a calm day")
        calm = [story(kind) for kind in KINDS]
        wanted = _calm_day(raided, clients, ledger, calm)
        told = list(stories(round(plan.seconds * PEOPLE_A_SECOND), plan.seed))
        killer = _storm(plan, raided, clients, told, progress)
        progress("draining")
        _drain(ledger, LONGEST_DRAIN)
        _stop(raided)
        people = {each.person: each.kind for each in (*calm, *told)}
        count = counting.counted(people, wanted, raided.tally(), ledger.effects())
        return Result(
            store=plan.store,
            people=len(people),
            count=count,
            kills=killer.kills,
            pauses=killer.pauses,
            resent=clients.resent,
            ambiguous=ledger.ambiguous(),
            faults=sum(raided.faults().values()),
            seconds=time.monotonic() - began,
            broken=(*_broken(count), *_promises(raided, clients, killer, ledger)),
        )


def _calm_day(
    raided: Council, clients: Clients, ledger: Ledger, calm: list[Story]
) -> dict[str, Sight]:
    """A story of each kind while nothing goes wrong: what is to come of all others."""
    for number in range(max(len(each.deliveries) for each in calm)):
        clients.send([each.part(number) for each in calm])
        _drain(ledger, 60)
    held = raided.tally()
    return {
        each.kind: seen(entry for entry in held if entry["person"] == each.person) for each in calm
    }


def _storm(
    plan: Plan, raided: Council, clients: Clients, told: list[Story], progress: Progress
) -> Killer:
    progress("the storm")
    raided.misbehave(SHARE)
    end = time.monotonic() + plan.seconds
    with Killer(raided, plan.habits, plan.seconds, plan.seed) as killer:
        clients.send(told, plan.seconds * SENDING)
        time.sleep(max(0.0, end - time.monotonic()))
    return killer


def _drain(ledger: Ledger, seconds: float) -> None:
    """Wait until nothing is under way, twice in a row; what then still is, the count tells."""
    end, quiet = time.monotonic() + seconds, 0
    while quiet < 2 and time.monotonic() < end:
        time.sleep(0.5)
        quiet = 0 if ledger.under_way() else quiet + 1


def _stop(raided: Council) -> None:
    for name in raided.running:
        raided.send_signal(name, signal.SIGTERM)
    for process in raided.running.values():
        process.wait(60)


def _broken(count: Count) -> list[str]:
    return [
        *(f"lost: {each}" for each in count.lost),
        *(f"doubled: {each}" for each in count.doubled),
        *(f"waits in silence: {each}" for each in count.silent),
    ]


def _promises(raided: Council, clients: Clients, killer: Killer, ledger: Ledger) -> list[str]:
    there = ledger.submissions()
    return [
        *(
            f"answered 2xx and not kept: {each}"
            for each, kept in clients.taken
            if kept not in there
        ),
        *(f"refused: {each}" for each in clients.refused),
        *(f"not read: {each} is {state}" for each, state in there.items() if state not in READ),
        *(f"ended on its own: {each}" for each in killer.deaths),
        *(f"in clear: {each}" for each in secrecy.told(raided, ledger)),
    ]


READ = ("processed", "duplicate", "outdated", "echo", "ignored")
"""States of a submission with which nothing is left to do for anybody."""
