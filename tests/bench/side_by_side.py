"""Workers side by side: what 1, 2 and 4 of them understand and write, on each database."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import requests

from connector.assembly import today
from connector.dispatch.draining import THREADS
from connector.distributed import celery_app, queue_of
from connector.dry_run import try_payload
from connector.intake import read_json
from tests.servers import rabbitmq

from .backlog import WorkedOff, opened, worked_off, workers
from .bare_calls import calls_by_person, seconds_to_send
from .figures import Figure
from .forms import Form, forms
from .processes import await_answer, free_port, running
from .setting import Setting
from .stores import POSTGRES, SQLITE, database

HOST = (("question-code", "post_21_assessment"),)
"""One case system, as a council has: it takes two calls of a worker at a time."""

WARM_UP = 4
"""Forms for each worker."""

PURE = "the pure steps alone, in one process"

Calls = Sequence[Sequence[requests.PreparedRequest]]


@dataclass(frozen=True)
class Way:
    """In which database, by how many workers, and what brings them their work."""

    store: str
    workers: int
    broker: str = ""

    def __str__(self) -> str:
        several = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        return f"{self.store}, {several}{self.broker and f', {self.broker}'}"


WAYS = (
    Way(SQLITE, 1),
    Way(POSTGRES, 1),
    Way(POSTGRES, 2),
    Way(POSTGRES, 4),
    Way(POSTGRES, 2, "RabbitMQ"),
)
BROKERS = {"": lambda: "", "RabbitMQ": rabbitmq}


def figures(of: Setting) -> list[Figure]:
    """One backlog for each way, in a host that takes 50 ms for each write (`slow_host`)."""
    made = list(forms(of, of.size.backlog, HOST))
    pure = len(made) / _seconds_to_understand(of, made)
    with _slow_host(of) as address:
        env = of.environment | {"SANDBOX_URL": address}
        at_host = Setting(of.folder, of.size, of.configuration, env)
        calls = _calls(at_host, made)
        told: list[Figure] = []
        for way in WAYS:
            try:
                done = _worked_off(at_host, way, made)
            except pytest.skip.Exception as without:
                sys.stderr.write(f"{way} is left out: {without}\n")
            else:
                told += _compared(way, done, pure, calls)
    return told


def _compared(way: Way, done: WorkedOff, pure: float, calls: Calls) -> list[Figure]:
    at_once = THREADS * way.workers
    bare = sum(map(len, calls)) / seconds_to_send(calls, at_once)
    floor = f"the same calls sent bare, {at_once} at a time"
    return [
        Figure(f"{way}: forms understood", "a second", done.understood, pure, PURE, more=True),
        Figure(f"{way}: writes confirmed", "a second", done.written, bare, floor, more=True),
    ]


def _worked_off(of: Setting, way: Way, made: Sequence[Form]) -> WorkedOff:
    broker = BROKERS[way.broker]()
    warm_up = list(forms(of, of.size.backlog + WARM_UP * way.workers, HOST))[of.size.backlog :]
    with database(of, way.store) as env, opened(env) as store:
        theirs = env | ({"CONNECTOR_BROKER_URL": broker} if broker else {})
        try:
            with workers(way.workers, theirs, of.folder):
                return worked_off(store, warm_up, made)
        finally:
            if broker:
                _leave_nothing_in(broker, queue_of(env["CONNECTOR_DATABASE_URL"]))


def _leave_nothing_in(broker: str, queue: str) -> None:
    with celery_app(broker, queue).connection() as connection:
        connection.default_channel.queue_delete(queue)


def _calls(of: Setting, made: Sequence[Form]) -> Calls:
    """What is to be sent for these forms, person by person."""
    with database(of, SQLITE) as env, opened(env) as store:
        with workers(1, env, of.folder):
            worked_off(store, (), made)
        return calls_by_person(of, env)


def _seconds_to_understand(of: Setting, made: Sequence[Form]) -> float:
    settings, working, day = of.configuration.policy, of.configuration.working, today()
    began = time.perf_counter()
    for form in made:
        profile = of.configuration.hosts[form.host]
        try_payload(profile, read_json(form.body), settings, working, day)
    return time.perf_counter() - began


@contextmanager
def _slow_host(of: Setting) -> Iterator[str]:
    port, log = free_port(), of.folder / "slow-host.log"
    arguments = [sys.executable, "-m", "tests.bench.slow_host", str(port)]
    with running(arguments, of.environment, log) as process:
        await_answer(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}"
