"""Whose task opens, or is overdue, is looked up in the host first, where the last look is old."""

from collections.abc import Callable, Sequence

import structlog

from connector.casework.asking import FRESH, ask_about
from connector.casework.desk import Desk
from connector.errors import HostError, OutOfOrder
from connector.store.follow_up_row import FollowUpRow

_log = structlog.get_logger(__name__)


def refresh(
    desk: Desk, rows: Sequence[FollowUpRow], silent: set[str], alive: Callable[[], None]
) -> int:
    """Ask about the people of these follow-ups, each once; of how many the host told something.

    A host that does not answer is added to `silent` and left alone: what is known has to do.
    `alive` is called after each answer. No transaction is open meanwhile.
    """
    asked = 0
    for host, person_id in dict.fromkeys((row.host, row.person_id) for row in rows):
        if host in silent or not _is_stale(desk, host, person_id):
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


def _is_stale(desk: Desk, host: str, person_id: str) -> bool:
    register = desk.registers.get(host)
    if not person_id or register is None or not register.reads_people:
        return False
    with desk.store.transaction() as tx:
        looked = tx.persons.looked_at(host, person_id)
    return looked is None or desk.now() - looked >= FRESH
