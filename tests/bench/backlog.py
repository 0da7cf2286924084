"""A backlog worked off by several workers: what is understood and what is written, a second.

One after the other: the host is left alone until all is understood, so that neither holds up the
other while it is measured.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, ColumnElement, func, select

from connector.settings import Settings
from connector.store import Store
from connector.store.tables import effect, submission

from .forms import Form
from .processes import command, running

LONGEST = 120.0
STARTED = '"event": "worker started"'


@dataclass(frozen=True)
class WorkedOff:
    """How it went: forms understood and writes confirmed a second, each from its own start."""

    understood: float
    written: float


@contextmanager
def workers(number: int, env: Mapping[str, str], folder: Path) -> Iterator[None]:
    """So many `connector work`, all of them at work."""
    started: list[tuple[subprocess.Popen[bytes], Path]] = []
    with ExitStack() as ending:
        for each in range(number):
            log = folder / f"worker-{each}.log"
            started.append((ending.enter_context(running(command("work"), env, log)), log))
        _until(lambda: all(_at_work(*each) for each in started), "a worker did not start")
        yield


def _at_work(process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"a worker ended at once:\n{log.read_text()[-2000:]}")
    return STARTED in log.read_text()


def worked_off(store: Store, warm_up: Sequence[Form], forms: Sequence[Form]) -> WorkedOff:
    """Have the workers warm up, then keep all forms at one moment, and then let all be written."""
    keep(store, warm_up, "warm")
    _until(lambda: not (to_read(store) or to_write(store)), "the warm-up was not written")
    hosts = {each.host for each in forms}
    _leave_alone(store, hosts)
    came = store.now()
    keep(store, forms, "bench")
    _until(lambda: not to_read(store), "the forms were not understood")
    free = _let_go(store, hosts)
    _until(lambda: not to_write(store), "the forms were not written")
    return WorkedOff(
        understood=a_second(store, submission.c.processed_at, came),
        written=a_second(store, effect.c.settled_at, free),
    )


def _leave_alone(store: Store, hosts: Set[str]) -> None:
    with store.transaction() as tx:
        for host in hosts:
            tx.host_states.failed(host)
            tx.host_states.leave_alone(host, store.now() + timedelta(hours=1))


def _let_go(store: Store, hosts: Set[str]) -> datetime:
    with store.transaction() as tx:
        for host in hosts:
            tx.host_states.answered(host)
        return store.now()


def keep(store: Store, forms: Sequence[Form], name: str) -> None:
    """As if all of them came at the same moment."""
    with store.transaction() as tx:
        now = store.now()
        for number, form in enumerate(forms):
            tx.submissions.keep(form.host, f"{name}-{number}", form.body, now)


def to_read(store: Store) -> int:
    """How many forms are not understood. RuntimeError for one that never will be."""
    failed = submission.c.state.not_in(("received", "processed"))
    return _left(store, submission.c.state == "received", failed)


def to_write(store: Store) -> int:
    """How many writes are not confirmed. RuntimeError for one that waits for a person."""
    return _left(store, effect.c.state != "confirmed", effect.c.state == "parked")


def _left(store: Store, which: ColumnElement[bool], failed: ColumnElement[bool]) -> int:
    with store.database.looking() as connection:
        if connection.scalar(select(func.count()).where(failed)):
            raise RuntimeError("something of the backlog went wrong")
        return connection.scalar(select(func.count()).where(which)) or 0


def a_second(store: Store, at: Column[datetime], began: datetime) -> float:
    """How many were settled a second since then, by the times the workers wrote down."""
    with store.database.looking() as connection:
        count, last = connection.execute(select(func.count(), func.max(at)).where(at > began)).one()
    return float(count / (last - began).total_seconds())


def opened(env: Mapping[str, str]) -> Store:
    """The database the workers use."""
    settings = Settings.from_environment(env)
    return Store.open(settings.database_url, settings.vault)


def _until(done: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + LONGEST
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.1)
