"""Hosts are written to side by side: one that hangs holds up no other."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from fake_host import Case, FakeHost, effect, open_store

from connector.dispatch import Dispatcher, drain
from connector.dispatch.host_by_host import host_by_host
from connector.errors import OutOfOrder


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with open_store(tmp_path) as store:
        yield Case(store)


class HangingHost(FakeHost):
    """Answers nobody before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.let_go = Event(), Event()

    def write(self, kind: Any, variables: Mapping[str, Any]) -> str:
        self.reached.set()
        assert self.let_go.wait(30)
        return super().write(kind, variables)


def test_what_comes_for_another_host_while_one_hangs_is_written_meanwhile(case: Case) -> None:
    hanging, quick = HangingHost(), FakeHost()
    hosts: Any = {"hanging": hanging, "quick": quick}
    dispatcher = Dispatcher(case.store, hosts, case.render, case.now)
    people = [effect(f"lcf-{n}", person_id=f"P{n}") for n in range(5)]
    case.owe(*people, host="hanging", form="form-1")
    written, stop = Event(), Event()

    def progress() -> None:
        if quick.held:
            written.set()

    draining = Thread(target=drain, args=[dispatcher, stop, progress])
    draining.start()
    try:
        assert hanging.reached.wait(10)
        case.owe(effect("lcf-q"), host="quick", form="form-2")
        assert written.wait(10)
        assert hanging.held == []
    finally:
        hanging.let_go.set()
        draining.join(30)
    assert len(hanging.held) == 5
    assert quick.writes == ["lcf-q"]


def test_a_host_with_which_nothing_can_be_done_ends_the_turn() -> None:
    asked: list[str] = []

    def nothing_done(host: str) -> int:
        asked.append(host)
        return 0

    assert host_by_host(lambda: ["north"], nothing_done, Event()) == 0
    assert asked == ["north"]


def test_what_was_done_at_all_hosts_is_added_up() -> None:
    left = {"north": [2, 1], "south": [3]}

    def some_done(host: str) -> int:
        return left[host].pop()

    assert host_by_host(lambda: [host for host in left if left[host]], some_done, Event()) == 6


def test_nothing_is_begun_after_a_stop() -> None:
    stop = Event()
    stop.set()
    assert host_by_host(lambda: ["north"], lambda host: 1, stop) == 0


def test_a_database_out_of_order_is_told_when_all_turns_have_ended() -> None:
    def fails(host: str) -> int:
        raise OutOfOrder("The database is too busy.")

    with pytest.raises(OutOfOrder):
        host_by_host(lambda: ["north", "south"], fails, Event())
