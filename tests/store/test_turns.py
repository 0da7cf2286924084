"""Threads take turns in the order in which they asked."""

import time
from threading import Thread

from connector.store.turns import Turns


def wait_until_asked(turns: Turns, count: int) -> None:
    deadline = time.monotonic() + 5
    while len(turns._waiting) < count and time.monotonic() < deadline:
        time.sleep(0.001)
    assert len(turns._waiting) == count


def test_a_free_turn_is_had_at_once() -> None:
    turns = Turns()
    for _ in range(3):
        assert turns.acquire(0)
        turns.release()


def test_the_turn_goes_to_whoever_asked_first() -> None:
    turns, order = Turns(), list[int]()

    def take(number: int) -> None:
        assert turns.acquire(5)
        order.append(number)
        turns.release()

    assert turns.acquire(0)
    threads = [Thread(target=take, args=(number,)) for number in range(8)]
    for asked, thread in enumerate(threads, start=1):
        thread.start()
        wait_until_asked(turns, asked)
    turns.release()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_whoever_waited_too_long_is_told_and_passed_over() -> None:
    turns = Turns()
    assert turns.acquire(0)
    assert not turns.acquire(0.01)
    turns.release()
    assert turns.acquire(0)


def test_two_never_have_the_turn_at_once() -> None:
    turns, inside, most, turns_had = Turns(), 0, 0, 0

    def take_many() -> None:
        nonlocal inside, most, turns_had
        for _ in range(200):
            if not turns.acquire(0.0005):
                continue
            inside += 1
            most = max(most, inside)
            time.sleep(0)
            inside -= 1
            turns_had += 1
            turns.release()

    threads = [Thread(target=take_many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert turns_had > 200
    assert turns.acquire(1)
