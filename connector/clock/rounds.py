"""What a new day asks for, one round after the other, until nothing is left to do."""

from typing import Any

import structlog

from connector.casework.daily import ROUNDS, Daily
from connector.clock.duties import Duties
from connector.clock.ringing import Clock
from connector.errors import ChangedMeanwhile, OutOfOrder

_log = structlog.get_logger(__name__)


def open_follow_ups(clock: Clock) -> int:
    """Whatever the day asks for (London): open, assume done, tell the manager, end; each once."""
    return sum(make_round(clock, each) for each in ROUNDS)


def make_round(clock: Clock, daily: Daily) -> int:
    """One of the daily rounds, until nothing is left to do; one that fails is passed over."""
    duties, done, passed = clock.duties, 0, 0
    silent: set[str] = set()
    while not clock.stop.is_set() and duties.leads.held():
        with duties.store.transaction() as tx:
            due = daily.due(tx, duties.desk, passed)
        if daily.first(duties.desk, due, silent, lambda: clock.progress("follow ups")):
            continue  # what the hosts said may have changed what is due
        for each in due:
            if _one(duties, daily, each):
                done += 1
            else:
                passed += 1
        if not due:
            break
        clock.progress("follow ups")
    return done


def _one(duties: Duties, daily: Daily, each: Any) -> bool:
    """One follow-up in a transaction of its own; what is wrong with it does not stop the round."""
    try:
        with duties.store.transaction() as tx:
            return daily.act(tx, duties.desk, each)
    except ChangedMeanwhile:
        return False  # a worker was faster: looked at again in the next round
    except OutOfOrder:
        raise
    except Exception as error:  # noqa: BLE001 - the follow-ups of everybody else are due too
        _log.error("follow-up not opened", tick=daily.name, exc_info=error)
        return False
