"""A backlog worked off by several workers: what is understood and what is written, a second."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from connector.settings import Settings
from connector.store import Store
from connector.store.tables import effect, submission

from .forms import Form
from .processes import command, running

LONGEST = 120.0
STARTED = '"event": "worker started"'


@dataclass(frozen=True)
class WorkedOff:
    """How it went, from the moment the backlog was there: forms and writes a second."""

    understood: float
    written: float
    writes: int


@contextmanager
def workers(number: int, env: Mapping[str, str], folder: Path) -> Iterator[None]:
    """So many `connector work`, all of them at work."""
    with ExitStack() as ending:
        logs = [folder / f"worker-{each}.log" for each in range(number)]
        for log in logs:
            ending.enter_context(running(command("work"), env, log))
        _until(lambda: all(STARTED in log.read_text() for log in logs), "a worker did not start")
        yield


def worked_off(store: Store, warm_up: Sequence[Form], forms: Sequence[Form]) -> WorkedOff:
    """Have the workers warm up, then keep all forms at one moment and see when all is written."""
    keep(store, warm_up, "warm")
    _until(lambda: not left(store), "the warm-up was not written")
    began = store.now()
    keep(store, forms, "bench")
    _until(lambda: not left(store), "the forms were not written")
    return paces(store, began)


def keep(store: Store, forms: Sequence[Form], name: str) -> None:
    """As if all of them came at the same moment."""
    with store.transaction() as tx:
        now = store.now()
        for number, form in enumerate(forms):
            tx.submissions.keep(form.host, f"{name}-{number}", form.body, now)


def left(store: Store) -> int:
    """How many forms and writes are not done. RuntimeError for one that never will be."""
    waiting = select(func.count()).where(submission.c.state == "received")
    unwritten = select(func.count()).where(effect.c.state != "confirmed")
    failed = select(func.count()).where(submission.c.state.not_in(("received", "processed")))
    parked = select(func.count()).where(effect.c.state == "parked")
    with store.database.looking() as connection:
        if connection.scalar(failed) or connection.scalar(parked):
            raise RuntimeError("something of the backlog went wrong")
        return int(connection.scalar(waiting) or 0) + int(connection.scalar(unwritten) or 0)


def paces(store: Store, began: datetime) -> WorkedOff:
    """Of what was settled since then, by the times the workers wrote down."""
    understood = select(func.count(), func.max(submission.c.processed_at)).where(
        submission.c.processed_at > began
    )
    written = select(func.count(), func.max(effect.c.settled_at)).where(effect.c.settled_at > began)
    with store.database.looking() as connection:
        forms, read = connection.execute(understood).one()
        writes, settled = connection.execute(written).one()
    return WorkedOff(
        understood=forms / (read - began).total_seconds(),
        written=writes / (settled - began).total_seconds(),
        writes=writes,
    )


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
