"""The worker as a process: killed, stopped, started twice; and in a thread."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from fake_host import Case, effect, open_store

from connector.store.effect_row import EffectState
from connector.vault import new_key_text
from connector.worker import WorkerAlreadyRuns, run

PROGRAM = Path(__file__).parent / "worker_process.py"


class Inboxes(ThreadingHTTPServer):
    """A host on a real socket. `before_answer` runs between the work and the answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Requests)
        self.held: list[str] = []
        self.before_answer: Callable[[str], None] = lambda reference: None


class Requests(BaseHTTPRequestHandler):
    server: Inboxes

    def do_POST(self) -> None:
        self.server.held.append(self.path[1:])
        self.server.before_answer(self.path[1:])
        self._answer(201, f"H{len(self.server.held)}")

    def do_GET(self) -> None:
        ids = [f"H{n}" for n, each in enumerate(self.server.held, 1) if each == self.path[1:]]
        self._answer(200, json.dumps(ids))

    def _answer(self, status: int, text: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture
def host() -> Iterator[Inboxes]:
    server = Inboxes()
    thread = Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def key() -> str:
    return new_key_text()


@pytest.fixture
def case(tmp_path: Path, key: str) -> Iterator[Case]:
    with open_store(tmp_path, key) as store:
        yield Case(store)


@pytest.fixture
def start(tmp_path: Path, key: str, host: Inboxes) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start a worker process; whatever is left at the end of the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, str(PROGRAM), str(tmp_path), key, str(host.server_port)]
        process = subprocess.Popen(
            command,
            cwd=PROGRAM.parent.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(PROGRAM.parent.parent)},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def wait_until(good: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not good():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def is_done(case: Case) -> bool:
    return {row.state for row in case.rows().values()} == {EffectState.CONFIRMED}


@pytest.mark.live
def test_a_worker_killed_between_the_work_and_the_answer_makes_one_task(
    case: Case, host: Inboxes, start: Callable[[], subprocess.Popen[str]]
) -> None:
    arrived, never = Event(), Event()

    def hold_the_first(reference: str) -> None:
        if not arrived.is_set():
            arrived.set()
            never.wait(30)

    host.before_answer = hold_the_first
    case.owe(effect("lcf-1"), effect("lcf-2", position=2))
    worker = start()
    assert arrived.wait(60)
    assert case.row("lcf-1").state is EffectState.INTENT
    worker.send_signal(signal.SIGKILL)
    assert worker.wait(10) == -signal.SIGKILL
    start()
    wait_until(lambda: is_done(case))
    never.set()
    assert sorted(host.held) == ["lcf-1", "lcf-2"]
    assert case.tries("lcf-1") == [("send", "unknown"), ("look_up", "confirmed")]


@pytest.mark.live
def test_a_worker_killed_before_the_work_is_done_makes_one_task_too(
    case: Case, host: Inboxes, start: Callable[[], subprocess.Popen[str]]
) -> None:
    arrived, never = Event(), Event()

    def lose_the_first(reference: str) -> None:
        if not arrived.is_set():
            host.held.remove(reference)
            arrived.set()
            never.wait(30)

    host.before_answer = lose_the_first
    case.owe(effect("lcf-1"))
    worker = start()
    assert arrived.wait(60)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    start()
    wait_until(lambda: is_done(case))
    never.set()
    assert host.held == ["lcf-1"]


@pytest.mark.live
@pytest.mark.faults("G4")
def test_a_second_worker_leaves_with_75_and_says_why(
    case: Case, start: Callable[[], subprocess.Popen[str]]
) -> None:
    case.owe(effect("lcf-1"))
    start()
    wait_until(lambda: is_done(case))
    second = start()
    _, said = second.communicate(timeout=20)
    assert second.returncode == 75
    assert said.startswith("Another worker is already at work on this data")


@pytest.mark.live
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.faults("G8")
def test_a_signal_lets_the_effect_in_hand_finish_and_stops(
    case: Case,
    host: Inboxes,
    start: Callable[[], subprocess.Popen[str]],
    number: signal.Signals,
) -> None:
    arrived = Event()

    def take_a_while(reference: str) -> None:
        arrived.set()
        time.sleep(0.5)

    host.before_answer = take_a_while
    case.owe(*(effect(f"lcf-{n}", position=n) for n in range(5)))
    worker = start()
    assert arrived.wait(60)
    worker.send_signal(number)
    assert worker.wait(10) == 0
    states = [row.state for row in case.rows().values()]
    assert states == [EffectState.CONFIRMED] + [EffectState.PLANNED] * 4
    assert host.held == ["lcf-0"]


def test_what_arrives_is_worked_on_at_the_next_tick_and_stop_ends_it(
    case: Case, tmp_path: Path
) -> None:
    stop, idle, received = Event(), Event(), Event()

    def process_waiting() -> int:
        idle.set()
        if not received.is_set():
            return 0
        received.clear()
        case.owe(effect("lcf-1"))
        return 1

    duties = case.duties(process_waiting=process_waiting, tick_seconds=0.1)
    worker = Thread(target=run, args=[duties, stop], kwargs={"lock": tmp_path / "worker.lock"})
    worker.start()
    assert idle.wait(10)
    received.set()
    wait_until(lambda: is_done(case))
    stop.set()
    worker.join(10)
    assert not worker.is_alive()


def test_the_lock_is_free_again_when_the_worker_has_stopped(case: Case, tmp_path: Path) -> None:
    duties = case.duties()
    stop = Event()
    stop.set()
    for _ in range(2):
        run(duties, stop, lock=tmp_path / "locks" / "worker.lock")


def test_a_worker_in_the_same_process_is_refused_too(case: Case, tmp_path: Path) -> None:
    stop, at_work, lock = Event(), Event(), tmp_path / "worker.lock"

    def process_waiting() -> int:
        at_work.set()
        return 0

    duties = case.duties(process_waiting=process_waiting)
    first = Thread(target=run, args=[duties, stop], kwargs={"lock": lock})
    first.start()
    try:
        assert at_work.wait(10)
        with pytest.raises(WorkerAlreadyRuns) as refused:
            run(duties, Event(), lock=lock)
        assert refused.value.exit_code == 75
    finally:
        stop.set()
        first.join(10)
