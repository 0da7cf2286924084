"""Handing out writes by the id of their form, where a broker carries it to several workers.

A message is a wake-up and no more: what is to be done stands in our tables. The leader hands out
what is due, a little of each host at a time, and again after a while what is still due then, so
that a lost message costs a moment and a doubled one nothing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import structlog

from connector.clock import Clock, Tick
from connector.errors import BrokerAway

OF_EACH_HOST = 8
"""Forms of one host that are handed out at a time, so that one that hangs leaves room."""

AGAIN = 30.0
"""Seconds after which a form that is still due is handed out once more."""

IN_VAIN = 4
"""A form that was handed out so often and is still due is worked on by the leader itself."""

WITHOUT_A_BROKER = 10.0
"""Seconds for which a broker that did not answer is left alone."""

_log = structlog.get_logger(__name__)


@dataclass
class HandingOut:
    """What was handed out. `send` puts one id into the broker, or raises BrokerAway; `seconds` is
    a clock that only goes forward."""

    send: Callable[[str], None]
    again: float = AGAIN
    seconds: Callable[[], float] = time.monotonic
    _sent: dict[str, tuple[float, int]] = field(default_factory=dict)
    _away_until: float | None = None

    def instead_of(self, tick: Tick) -> Tick:
        """The same duty handed out; done here only by the leader, and where the broker fails."""

        def hand_out_or_do(clock: Clock) -> int:
            if not clock.duties.leads.held():
                return 0
            return 0 if self.hand_out(clock) else tick.run(clock)

        return replace(tick, run=hand_out_or_do)

    def hand_out(self, clock: Clock) -> bool:
        """Whether all that is due is in the hands of the broker; else it is to be done here."""
        if self._away_until is not None and self.seconds() < self._away_until:
            return False
        with clock.duties.store.side_by_side() as tx:
            due = tx.work_due.forms_owing(clock.duties.now(), OF_EACH_HOST)
        self._sent = {each: self._sent[each] for each in due if each in self._sent}
        try:
            for each in due:
                self._hand_out_one(each)
        except BrokerAway as error:
            self._note_outage(error)
            return False
        self._note_return()
        return all(times < IN_VAIN for _, times in self._sent.values())

    def _hand_out_one(self, submission_id: str) -> None:
        at, times = self._sent.get(submission_id, (None, 0))
        now = self.seconds()
        if at is None or now - at >= self.again:
            self.send(submission_id)
            self._sent[submission_id] = (now, times + 1)

    def _note_outage(self, error: BrokerAway) -> None:
        if self._away_until is None:
            _log.warning("broker away", error=type(error.__cause__ or error).__name__)
        self._away_until = self.seconds() + WITHOUT_A_BROKER

    def _note_return(self) -> None:
        if self._away_until is not None:
            _log.info("broker back")
            self._away_until = None
