"""What a new day does to the follow-ups, as rounds: each looks for what is due, one by one.

How long a round takes follows from how much is due, never from how much is stored.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from connector.casework.desk import Desk
from connector.casework.october import hosts_to_tell, tell_managers
from connector.casework.opening import open_follow_up
from connector.casework.overdue import assume_done, escalate
from connector.casework.refreshing import refresh
from connector.casework.summaries import ask_a_person, nothing_to_attach
from connector.casework.turning import turn
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow

BATCH = 200


def _nothing_first(*_: Any) -> int:
    return 0


@dataclass(frozen=True)
class Daily:
    """One round. `due` finds some of what is due, after passing over so many that stay as they are;
    `act` deals with one of them and says whether that changed it; it is harmless on one that was
    dealt with already, as when two workers have the same list. `first` asks the hosts about
    those that are due, and says how many answered; see `refreshing.refresh`."""

    name: str
    due: Callable[[Transaction, Desk, int], Sequence[Any]]
    act: Callable[[Transaction, Desk, Any], bool]
    first: Callable[[Desk, Sequence[Any], set[str], Callable[[], None]], int] = _nothing_first


def _opening(tx: Transaction, desk: Desk, passed: int) -> Sequence[Any]:
    return tx.follow_ups.opening(desk.today(), BATCH, passed)


def _assumed(tx: Transaction, desk: Desk, passed: int) -> Sequence[Any]:
    hosts = [host for host in desk.configuration.hosts if desk.completion(host) == "assume"]
    return tx.follow_ups.assumed_done(hosts, desk.today(), BATCH, passed)


def _escalating(tx: Transaction, desk: Desk, passed: int) -> Sequence[Any]:
    return tx.follow_ups.escalating(desk.today(), BATCH, passed)


def _turning(tx: Transaction, desk: Desk, passed: int) -> Sequence[Any]:
    return tx.answers.turning(desk.today(), BATCH, passed)


def _not_attached(tx: Transaction, desk: Desk, passed: int) -> Sequence[Any]:
    return tx.effects.documents_waiting_for_a_person(BATCH, passed)


def _attached(tx: Transaction, desk: Desk, passed: int) -> Sequence[Any]:
    return tx.follow_ups.about_settled_documents(BATCH, passed)


def _as_it_stood(
    act: Callable[[Transaction, Desk, FollowUpRow], bool],
) -> Callable[[Transaction, Desk, FollowUpRow], bool]:
    """The act, on a follow-up that still is as it was when it was found.

    One that another worker, or an event of the host, changed meanwhile is found again as it is now.
    """

    def act_on_it(tx: Transaction, desk: Desk, row: FollowUpRow) -> bool:
        return tx.follow_ups.get(row.id) == row and act(tx, desk, row)

    return act_on_it


ROUNDS = (
    Daily("opening", _opening, _as_it_stood(open_follow_up), refresh),
    Daily("assumed done", _assumed, _as_it_stood(assume_done)),
    Daily("overdue", _escalating, _as_it_stood(escalate), refresh),
    Daily("turning", _turning, turn),
    Daily("summaries not attached", _not_attached, ask_a_person),
    Daily("summaries attached", _attached, _as_it_stood(nothing_to_attach)),
    Daily("october overview", hosts_to_tell, tell_managers),
)
