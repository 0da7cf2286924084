"""The rounds at the hosts: what never arrived, how tasks stand, who has no next step, and doubles.

Hosts are visited side by side, so that a slow one holds up no other.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from connector.casework.desk import Desk
from connector.casework.doubles import look_for_doubles
from connector.casework.nightly import check, check_is_due
from connector.casework.polling import poll
from connector.casework.refreshing import look_at_deaths
from connector.casework.registers import Register
from connector.casework.sweeping import sweep, sweep_is_due

MOST_AT_ONCE = 4

GoingOn = Callable[[], bool]

_log = structlog.get_logger(__name__)


def visit_hosts(desk: Desk, going_on: GoingOn = lambda: True) -> int:
    """Whatever is due at the hosts now, until it is done or `going_on` says no; what was found."""
    hosts = sorted(desk.configuration.hosts)
    with ThreadPoolExecutor(MOST_AT_ONCE, "hosts") as threads:
        return sum(threads.map(lambda host: visit(desk, host, going_on), hosts))


def visit(desk: Desk, host: str, going_on: GoingOn) -> int:
    """The rounds at one host; one that fails leaves the others alone."""
    return sum(_safely(each, desk, host, going_on) for each in ROUNDS if going_on())


def _swept(desk: Desk, host: str, register: Register | None, going_on: GoingOn) -> int:
    if register is None:
        return 0
    with desk.store.transaction() as tx:
        due = sweep_is_due(tx, desk, host, register)
    return sweep(desk, host, register, going_on) if due else 0


def _polled(desk: Desk, host: str, register: Register | None, going_on: GoingOn) -> int:
    return poll(desk, host, register, going_on) if register else 0


def _checked(desk: Desk, host: str, register: Register | None, going_on: GoingOn) -> int:
    with desk.store.transaction() as tx:
        due = check_is_due(tx, desk, host)
    return check(desk, host, going_on) if due else 0


def _deaths(desk: Desk, host: str, register: Register | None, going_on: GoingOn) -> int:
    return look_at_deaths(desk, host, going_on) if register and register.reads_people else 0


def _doubles(desk: Desk, host: str, register: Register | None, going_on: GoingOn) -> int:
    return look_for_doubles(desk, host, register, going_on) if register else 0


Round = Callable[[Desk, str, Register | None, GoingOn], int]
ROUNDS: tuple[Round, ...] = (_swept, _polled, _checked, _deaths, _doubles)


def _safely(made: Round, desk: Desk, host: str, going_on: GoingOn) -> int:
    try:
        return made(desk, host, desk.registers.get(host), going_on)
    except Exception as error:  # noqa: BLE001 - the other rounds are made all the same
        _log.error("round at a host failed", host=host, exc_info=error)
        return 0
