"""The clock ends while a turn is under way, and while that turn wakes another."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from fake_host import duties
from made_once import store_in

from connector.clock import TICKS, Clock
from connector.dispatch import Dispatcher


def test_a_turn_that_wakes_another_while_the_clock_stops_does_not_hold_it_up(
    tmp_path: Path,
) -> None:
    under_way, stop = Event(), Event()

    def settles_one_as_the_clock_stops() -> int:
        under_way.set()
        stop.wait(10)
        ending.join(0.3)  # by now the clock waits for this turn
        return 1

    with store_in(tmp_path) as store:
        now = datetime.now(UTC)
        dispatcher = Dispatcher(store, {}, lambda content: b"", lambda: now)
        waiting = settles_one_as_the_clock_stops
        ours = duties(store, dispatcher, lambda: now, process_waiting=waiting)
        clock = Clock(ours, stop, TICKS)
        ending = Thread(target=clock.finish, daemon=True)
        clock.start()
        assert under_way.wait(10)
        ending.start()
        ending.join(10)
        assert not ending.is_alive()
