"""A bad line to the host, a bad line to PostgreSQL, and PostgreSQL started again (G11)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Thread, Timer
from urllib.parse import urlsplit

import psycopg
import pytest
from fault_stage import KEYS, Running, Stage
from invariants import every_promise_is_kept
from lent_databases import lent_database
from live_forms import assessment
from proxy import TROUBLES, Proxy
from sqlalchemy import URL

from connector.errors import OutOfOrder
from connector.store import Store
from connector.store.engine import address_of
from connector.store.postgres_database import PostgresDatabase
from connector.vault import Vault

TROUBLE_SECONDS = 1.0
WRITES = 5


@pytest.fixture
def line(stage: Stage) -> Iterator[Proxy]:
    """Between the connector and the host."""
    there = urlsplit(stage.environment["SANDBOX_URL"])
    proxy = Proxy((str(there.hostname), int(there.port or 0)))
    yield proxy
    proxy.close()


@pytest.mark.faults("G11", "E1", "I2")
@pytest.mark.parametrize("trouble", TROUBLES)
def test_on_a_bad_line_to_the_host_everything_arrives_once(
    trouble: str, stage: Stage, store: Store, line: Proxy
) -> None:
    through = {"SANDBOX_URL": f"http://127.0.0.1:{line.port}"}
    running = replace(stage, environment=stage.environment | through).running(store)
    running.take(assessment(), "before")
    running.duties.process_waiting()
    with line.trouble(trouble):
        running.take(assessment(), "meanwhile")
        for _ in range(3):
            running.work()
            running.later(minutes=3)
    running.until_rest()
    assert {each["state"].value for each in running.effects()} == {"confirmed"}
    assert len(stage.held()) == 2 * WRITES
    every_promise_is_kept(stage, running, "")
    running.close()


@contextmanager
def shared(stage: Stage) -> Iterator[tuple[Running, Proxy, URL]]:
    """A connector on PostgreSQL through a line of its own."""
    lent = lent_database()
    there = lent.engine.url
    line = Proxy((str(there.host), int(there.port or 5432)))
    through = there.set(drivername="postgresql", host="127.0.0.1", port=line.port)
    address = address_of(through.render_as_string(hide_password=False))
    with Store(PostgresDatabase(address, busy_seconds=5), Vault.from_text(KEYS)) as store:
        running = stage.running(store)
        yield running, line, there
        running.close()
    line.close()
    lent.close()


def work_on(running: Running) -> None:
    """A turn of the worker; its clock logs a database that is out of order, and rings again."""
    with suppress(OutOfOrder):
        running.work()
    running.later(seconds=40)


def struggle(running: Running, delivery: str) -> None:
    """A webhook and a turn of the worker while the line is bad."""
    with suppress(OutOfOrder):
        running.take(assessment(), delivery)
    work_on(running)


@pytest.mark.faults("G11", "R7", "I1", "I2")
@pytest.mark.parametrize("trouble", TROUBLES)
def test_on_a_bad_line_to_the_database_everything_arrives_once(trouble: str, stage: Stage) -> None:
    with shared(stage) as (running, line, _):
        running.take(assessment(), "before")
        for number in range(3):
            struggling = Thread(target=struggle, args=(running, f"meanwhile {number}"))
            with line.trouble(trouble):
                struggling.start()
                struggling.join(TROUBLE_SECONDS)
            struggling.join()
            work_on(running)
        every_promise_is_kept(stage, running, "")
        assert {each["state"].value for each in running.effects()} == {"confirmed"}
        assert len(stage.held()) == WRITES * len(running.submissions("processed"))


@pytest.mark.faults("G11", "I1", "I2")
def test_a_database_server_that_is_started_again_and_again_costs_nothing(stage: Stage) -> None:
    with shared(stage) as (running, _, lent):
        for number in range(6):
            running.take(assessment(), f"d{number}")
            stopping = Timer(0.05 * number, throw_everybody_out, [lent])
            stopping.start()
            work_on(running)
            stopping.join()
        every_promise_is_kept(stage, running, "")
        assert len(stage.held()) == 6 * WRITES


def throw_everybody_out(database: URL) -> None:
    """As the server does when it stops."""
    there = f"postgresql://{database.username}@{database.host}:{database.port or 5432}/postgres"
    with psycopg.connect(there, autocommit=True) as administrator:
        everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        administrator.execute(everybody, [database.database])
