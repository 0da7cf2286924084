"""Young people are looked up in the host: whose task opens or is overdue, where the last look is
old; whose death was told; and once a day whoever died, since that may have been a mistake."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from connector.casework.asking import FRESH, ask_about
from connector.casework.desk import Desk
from connector.errors import HostError, KeyProblem, OutOfOrder
from connector.store import Transaction

DEATHS = "look at deaths"
ONCE_A_DAY = timedelta(hours=23)
NOT_AT_ALL = timedelta(0)
CHUNK = 50

_log = structlog.get_logger(__name__)


class AboutSomebody(Protocol):
    """A follow-up, or whatever else is about a person of a host."""

    @property
    def host(self) -> str: ...
    @property
    def person_id(self) -> str: ...


@dataclass(frozen=True)
class Somebody:
    """A person of a host."""

    host: str
    person_id: str


def refresh(
    desk: Desk,
    rows: Sequence[AboutSomebody],
    silent: set[str],
    alive: Callable[[], object],
    fresh: timedelta = FRESH,
) -> int:
    """Ask about the people of these follow-ups, each once; of how many the host told something.

    Those asked about less than `fresh` ago are left out.

    A host that does not answer is added to `silent` and left alone: what is known has to do.
    `alive` is called after each answer. No transaction is open meanwhile.
    """
    asked = 0
    for host, person_id in dict.fromkeys((row.host, row.person_id) for row in rows):
        if host in silent or not _is_stale(desk, host, person_id, fresh):
            continue
        try:
            ask_about(desk, host, person_id)
            asked += 1
        except HostError as error:
            silent.add(host)
            _log.warning("person not looked up", host=host, exc_info=error)
        except OutOfOrder:
            raise
        except Exception as error:  # noqa: BLE001 - what is known of the others has to go on
            _log.error("person not looked up", host=host, exc_info=error)
        alive()
    return asked


def look_after_a_death(desk: Desk, host: str, person_id: str) -> None:
    """See whether the record tells of a death too: only then can it take it back later."""
    with desk.store.transaction() as tx:
        now_known_as = tx.persons.current_id(host, person_id)
    refresh(desk, [Somebody(host, now_known_as)], set(), lambda: None, NOT_AT_ALL)


def look_at_deaths(desk: Desk, host: str, going_on: Callable[[], bool] = lambda: True) -> int:
    """Once a day: how many of those who died the host was asked about."""
    with desk.store.transaction() as tx:
        last = tx.persons.last_round(host, DEATHS)
    if last is not None and desk.now() - last < ONCE_A_DAY:
        return 0
    asked, silent = 0, set[str]()
    for dead in _who_died(desk, host):
        asked += refresh(desk, dead, silent, lambda: None)
        if silent or not going_on():
            return asked
    with desk.store.transaction() as tx:
        tx.persons.round_made(host, DEATHS, desk.now(), asked)
    return asked


def _who_died(desk: Desk, host: str) -> Iterator[list[Somebody]]:
    """Of whom anything is held still; in small pieces, so that nothing else waits for it."""
    after, more = "", True
    while more:
        with desk.store.transaction() as tx:
            people = tx.answers.people(host, after, CHUNK)
            died = [Somebody(host, each) for each in people if _has_died(tx, host, each)]
        yield died
        after, more = (people or [after])[-1], len(people) == CHUNK


def _has_died(tx: Transaction, host: str, person_id: str) -> bool:
    try:
        return tx.persons.get(host, person_id).deceased
    except KeyProblem as problem:
        _log.error("person does not open", host=host, exc_info=problem)
        return False


def _is_stale(desk: Desk, host: str, person_id: str, fresh: timedelta) -> bool:
    register = desk.registers.get(host)
    if not person_id or register is None or not register.reads_people:
        return False
    with desk.store.transaction() as tx:
        looked = tx.persons.looked_at(host, person_id)
    return looked is None or desk.now() - looked >= fresh
