"""Webhooks kept in each database: by one web process and by two, from one client and from 16."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from connector.web.server import LIMITS

from .clients import CLIENTS, Load, load
from .figures import Figure, share_below
from .forms import heavy_forms, request
from .processes import await_answer, command, free_port, running
from .setting import Setting
from .stores import POSTGRES, SQLITE, database
from .webhooks import BYTES, WARM_UP

ONE_ROW = "one row inserted and committed, same server"
THREADS = int(LIMITS["threads"])
ALL_AT_ONCE = f"one for what {THREADS} threads hold at once"


@dataclass(frozen=True)
class Way:
    """In which database, by how many web processes, from how many clients."""

    store: str
    webs: int
    clients: int

    def __str__(self) -> str:
        several = "1 client" if self.clients == 1 else f"{self.clients} clients"
        return f"{self.store}, {self.webs} serve, {several}"


WAYS = (
    Way(SQLITE, 1, 1),
    Way(SQLITE, 1, CLIENTS),
    Way(POSTGRES, 1, 1),
    Way(POSTGRES, 1, CLIENTS),
    Way(POSTGRES, 2, CLIENTS),
)


def figures(of: Setting) -> list[Figure]:
    """How many a second, how long the middle one and the slowest of a hundred take; commits."""
    made = heavy_forms(of, of.size.kept + WARM_UP, BYTES)
    requests = [request(of, form, number) for number, form in enumerate(made)]
    told: list[Figure] = []
    for way in WAYS:
        share = requests if way.clients > 1 else requests[: WARM_UP + of.size.kept // 4]
        told += _compared(way, ours(of, way, share), bare(of, way, share))
    return [*told, _commits(of, requests)]


def _compared(way: Way, mine: Load, least: Load) -> list[Figure]:
    a_second = mine.per_second, least.per_second
    p50, p99 = (
        [1000 * share_below(each.seconds, share) for each in (mine, least)] for share in (0.5, 0.99)
    )
    return [
        Figure(f"{way}: kept", "a second", *a_second, ONE_ROW, more=True),
        Figure(f"{way}: p50", "ms", *p50, ONE_ROW),
        Figure(f"{way}: p99", "ms", *p99, ONE_ROW),
    ]


def ours(of: Setting, way: Way, requests: Sequence[bytes]) -> Load:
    """What `connector serve` takes, after a warm-up."""
    with database(of, way.store) as env:
        return _loaded(of, way, command("serve"), env, requests)


def bare(of: Setting, way: Way, requests: Sequence[bytes]) -> Load:
    """The same sent to what only inserts it."""
    with database(of, way.store) as env:
        insert = [sys.executable, "-m", "tests.bench.bare_insert"]
        return _loaded(of, way, insert, env, requests)


def _commits(of: Setting, requests: Sequence[bytes]) -> Figure:
    """How many commits a webhook costs where many come at once: one for several of them."""
    way, file = Way(SQLITE, 1, CLIENTS), of.folder / "commits"
    counting = [sys.executable, "-m", "tests.bench.counted_serve", str(file)]
    with database(of, way.store) as env:
        _loaded(of, way, counting, env, requests)
    each = int(file.read_text()) / len(requests)
    return Figure(f"{way}: commits for each", "", each, 1 / THREADS, ALL_AT_ONCE)


def _loaded(
    of: Setting,
    way: Way,
    arguments: Sequence[str],
    env: Mapping[str, str],
    requests: Sequence[bytes],
) -> Load:
    with ExitStack() as ending:
        ports = [ending.enter_context(_web(of, arguments, env)) for _ in range(way.webs)]
        load(ports, requests[:WARM_UP], way.clients)
        return load(ports, requests[WARM_UP:], way.clients)


@contextmanager
def _web(of: Setting, arguments: Sequence[str], env: Mapping[str, str]) -> Iterator[int]:
    port = free_port()
    log = of.folder / f"web-{port}.log"
    with running(arguments, {**env, "CONNECTOR_LISTEN": f"127.0.0.1:{port}"}, log) as process:
        await_answer(f"http://127.0.0.1:{port}/healthz", process, log)
        yield port
