"""Works that wait together are committed together, and none of them pays for another's mistake."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from connector.errors import OutOfOrder
from connector.store.engine import address_of
from connector.store.gathered import MOST, Gathered
from connector.store.sqlite_database import open_sqlite

Work = Callable[[Connection], int]


class Desk:
    """A table of numbers behind a `Gathered` whose commits can be held up, counted and spoilt."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.commits: list[int] = []
        self.open = Event()
        self.open.set()
        self.entered = Event()
        self.spoil: Exception | None = None
        self.gathered = Gathered(self._begin)

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        self.entered.set()
        assert self.open.wait(10)
        with self.engine.begin() as connection:
            before = self._count(connection)
            yield connection
            self.commits.append(self._count(connection) - before)
            if self.spoil:
                raise self.spoil

    def _count(self, connection: Connection) -> int:
        return int(connection.scalar(text("SELECT count(*) FROM number")) or 0)

    def numbers(self) -> list[int]:
        with self.engine.begin() as connection:
            return list(connection.scalars(text("SELECT n FROM number ORDER BY rowid")))

    def waiting(self, count: int) -> None:
        """Until so many works wait in the queue."""
        deadline = time.monotonic() + 10
        while len(self.gathered._waiting) < count and time.monotonic() < deadline:
            time.sleep(0.001)
        assert len(self.gathered._waiting) == count


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = open_sqlite(address_of(f"sqlite:///{tmp_path / 'numbers.db'}")).engine
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE number (n INTEGER PRIMARY KEY)"))
    yield Desk(engine)
    engine.dispose()


def write(number: int) -> Work:
    def work(connection: Connection) -> int:
        connection.execute(text("INSERT INTO number VALUES (:n)"), {"n": number})
        return number

    return work


def write_then(number: int, error: BaseException) -> Work:
    def work(connection: Connection) -> int:
        write(number)(connection)
        raise error

    return work


def sent(desk: Desk, pool: ThreadPoolExecutor, works: list[Work]) -> list[Future[int]]:
    """The first is being committed, and held up there, while the others come in order."""
    desk.open.clear()
    desk.entered.clear()
    futures = [pool.submit(desk.gathered.run, works[0])]
    assert desk.entered.wait(10)
    for already, work in enumerate(works[1:]):
        desk.waiting(already)
        futures.append(pool.submit(desk.gathered.run, work))
    desk.waiting(len(works) - 1)
    desk.open.set()
    return futures


def test_what_waits_during_a_commit_goes_into_the_next_one_in_order(desk: Desk) -> None:
    with ThreadPoolExecutor(20) as pool:
        futures = sent(desk, pool, [write(number) for number in range(20)])
        assert [each.result(10) for each in futures] == list(range(20))
    assert desk.commits == [1, 19]
    assert desk.numbers() == list(range(20))


def test_no_commit_takes_more_than_its_share(desk: Desk) -> None:
    count = MOST + 7
    with ThreadPoolExecutor(count) as pool:
        for each in sent(desk, pool, [write(number) for number in range(count)]):
            each.result(10)
    assert desk.commits == [1, MOST, 6]


def test_one_that_raises_is_undone_alone_and_alone_is_told(desk: Desk) -> None:
    works = [write(0), write(1), write_then(2, LookupError("not there")), write(3)]
    with ThreadPoolExecutor(4) as pool:
        first, second, wrong, last = sent(desk, pool, works)
        assert (first.result(10), second.result(10), last.result(10)) == (0, 1, 3)
        with pytest.raises(LookupError, match="not there"):
            wrong.result(10)
    assert desk.numbers() == [0, 1, 3]


def test_a_row_that_cannot_be_stored_is_nobody_elses_trouble(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        first, second, copy, last = sent(desk, pool, [write(0), write(1), write(1), write(3)])
        assert (first.result(10), second.result(10), last.result(10)) == (0, 1, 3)
        with pytest.raises(IntegrityError):
            copy.result(10)
    assert desk.numbers() == [0, 1, 3]


def test_an_outage_in_the_middle_is_everybodys(desk: Desk) -> None:
    full = OperationalError("INSERT", {}, Exception("disk full"))
    with ThreadPoolExecutor(3) as pool:
        first, before, hit = sent(desk, pool, [write(0), write(1), write_then(2, full)])
        assert first.result(10) == 0
        for each in (before, hit):
            with pytest.raises(OperationalError):
                each.result(10)
    assert desk.numbers() == [0]


def test_a_commit_that_fails_fails_for_all_in_it_and_the_next_one_works(desk: Desk) -> None:
    desk.spoil = OutOfOrder("The disk the database lives on is full.")
    with ThreadPoolExecutor(5) as pool:
        for each in sent(desk, pool, [write(number) for number in range(5)]):
            with pytest.raises(OutOfOrder, match="is full"):
                each.result(10)
    assert desk.numbers() == []
    desk.spoil = None
    assert desk.gathered.run(write(9)) == 9
    assert desk.numbers() == [9]


def test_a_thread_told_to_stop_stops_and_the_others_learn_that_nothing_is_kept(desk: Desk) -> None:
    works = [write(0), write(1), write_then(2, KeyboardInterrupt()), write(3)]
    with ThreadPoolExecutor(4) as pool:
        first, *others = sent(desk, pool, works)
        assert first.result(10) == 0
        told = [type(each.exception(10)) for each in others]
    assert told.count(OutOfOrder) == 2
    assert told.count(KeyboardInterrupt) == 1
    assert desk.numbers() == [0]
    assert desk.gathered.run(write(9)) == 9


def test_many_threads_at_once_each_get_their_own_result(desk: Desk) -> None:
    results: dict[int, int] = {}

    def write_some(start: int) -> None:
        for number in range(start, start + 25):
            results[number] = desk.gathered.run(write(number))

    threads = [Thread(target=write_some, args=(100 * n,)) for n in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert all(number == result for number, result in results.items())
    assert sorted(desk.numbers()) == sorted(results)
    assert len(results) == 16 * 25 == sum(desk.commits)
