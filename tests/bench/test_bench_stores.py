"""What the databases are compared with: the slow host, the bare row, the backlog."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from waitress.server import create_server

from bench.backlog import a_second, keep, to_read, to_write
from bench.bare_insert import app
from bench.clients import load
from bench.forms import Form
from bench.processes import free_port
from bench.slow_host import serve
from connector.model import Effect, EffectKind
from connector.store import Store
from connector.store.effect_row import EffectState, TryKind, Turn
from connector.store.tables import effect, submission
from connector.vault import Vault, new_key_text

ASK = b"POST /tasks HTTP/1.1\r\nHost: bench\r\nContent-Length: 2\r\n\r\n{}"
KEEP = b"POST /hooks/flat HTTP/1.1\r\nHost: bench\r\nContent-Length: 2\r\n\r\n{}"


async def _ids(seconds: float, calls: int) -> list[str]:
    """What so many connections at once are told was made."""
    port = free_port()
    async with await serve(port, seconds):
        return await asyncio.gather(*(_asked(port) for _ in range(calls)))


async def _asked(port: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASK)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 ")
    length = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    made: str = json.loads(await reader.readexactly(length))["id"]
    writer.close()
    return made


def test_the_slow_host_makes_something_new_for_each_of_those_who_ask_at_once() -> None:
    assert len(set(asyncio.run(_ids(0.01, 8)))) == 8


def test_the_slow_host_lets_nobody_wait_for_another() -> None:
    began = datetime.now(UTC)
    asyncio.run(_ids(0.5, 8))
    assert datetime.now(UTC) - began < timedelta(seconds=8 * 0.5)


def test_the_floor_commits_one_row_for_each_webhook(tmp_path: Path) -> None:
    path = tmp_path / "bare.db"
    client = app(f"sqlite:///{path}").test_client()
    assert [client.post("/hooks/flat", data=b"{}").status_code for _ in range(3)] == [202] * 3
    with closing(sqlite3.connect(path)) as looking:
        assert looking.execute("SELECT count(*), min(body) FROM bare").fetchone() == (3, b"{}")


def test_clients_share_out_the_ports_and_send_each_request_once() -> None:
    with _counting() as (first, heard_first), _counting() as (second, heard_second):
        told = load([first, second], [KEEP] * 40, clients=2)
    assert heard_first
    assert heard_second
    assert len(heard_first) + len(heard_second) == len(told.seconds) == 40


@contextmanager
def _counting() -> Iterator[tuple[int, list[bytes]]]:
    """A web server that notes what it is sent: its port and what it heard so far."""
    heard: list[bytes] = []

    def answer(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        heard.append(environ["wsgi.input"].read())
        start("202 Accepted", [("Content-Length", "0")])
        return []

    server = create_server(answer, listen="127.0.0.1:0")
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port, heard
    finally:
        server.close()
        thread.join(10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    vault = Vault.from_text(new_key_text())
    with Store.open(f"sqlite:///{tmp_path}/connector.db", vault) as opened:
        yield opened


BACKLOG = [Form("flat", b"{}"), Form("flat", b"[]")]


def test_all_of_a_backlog_is_to_be_read_and_then_to_be_written(store: Store) -> None:
    keep(store, BACKLOG, "bench")
    assert (to_read(store), to_write(store)) == (2, 0)
    _understand(store, store.now())
    assert (to_read(store), to_write(store)) == (0, 2)
    _write(store, store.now())
    assert (to_read(store), to_write(store)) == (0, 0)


def test_a_form_that_went_wrong_ends_the_measurement(store: Store) -> None:
    keep(store, BACKLOG, "bench")
    with store.transaction() as tx:
        first = tx.submissions.waiting(1, store.now())[0]
        tx.submissions.settle(first, "broken", processed_at=store.now())
    with pytest.raises(RuntimeError, match="went wrong"):
        to_read(store)


def test_the_pace_is_that_of_what_was_settled_since_the_backlog_was_there(store: Store) -> None:
    keep(store, [Form("flat", b"warm")], "warm")
    began = store.now()
    _understand(store, began)
    _write(store, began)
    keep(store, BACKLOG, "bench")
    _understand(store, began + timedelta(seconds=4))
    _write(store, began + timedelta(seconds=8))
    assert a_second(store, submission.c.processed_at, began) == 0.5
    assert a_second(store, effect.c.settled_at, began) == 0.25


def _understand(store: Store, at: datetime) -> None:
    """All that waits is understood at this moment, and asks for one write each."""
    with store.transaction() as tx:
        for each in tx.submissions.waiting(10, at + timedelta(days=1)):
            tx.submissions.settle(each, "processed", processed_at=at)
            owed = Effect(EffectKind.OUTCOME, "outcome", f"lcf-{each}", each, 1, {})
            tx.effects.add(each, "flat", owed, now=at)


def _write(store: Store, at: datetime) -> None:
    """All that is owed is confirmed at this moment."""
    with store.transaction() as tx:
        for [each] in tx.work_due.writes("flat", at, 10):
            row = tx.effects.claim(each, "me", at, at)
            assert row
            assert tx.effects.record(row, Turn(TryKind.SEND, EffectState.CONFIRMED, at, at))
