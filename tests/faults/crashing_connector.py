"""Starts connectors that crash where they are told to: `crashing_connector.py MAPPINGS`.

Each line on its input is a run: where the database is, when it is, and at which edge to crash.
Every run is a process of its own, split off from this one, which has loaded everything and holds
nothing open. What happened stands in the file the run names; the exit code is the answer.
"""

import json
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from edges import Edges, WatchedDatabase, WatchedHost
from fault_stage import HOST, KEYS, Running
from story import Step, story

from connector import logs
from connector.profiles import Configuration, load
from connector.settings import Settings
from connector.store import Store
from connector.store.database import open_database
from connector.vault import Vault


@dataclass
class Notes:
    """What a run tells: the deliveries the sender was thanked for, and how late it is."""

    file: Path

    def tell(self, **facts: Any) -> None:
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(facts) + "\n")


def live_through(running: Running, taken: set[str], start: datetime, notes: Notes) -> None:
    """The whole story; the sender sends again whatever it was not thanked for."""
    running.start()
    day = start
    for step in STORY:
        day += timedelta(days=step.days)
        running.at = max(running.at, day)
        notes.tell(at=running.at.isoformat())
        if step.delivery not in taken:
            running.take(step.payload, step.delivery)
            notes.tell(taken=step.delivery)
        running.until_rest()
        notes.tell(at=running.at.isoformat())


def run(configuration: Configuration, asked: dict[str, Any]) -> None:
    """One connector, from its start to its crash or its end."""
    edges = Edges(tuple(asked["crash_at"]) if asked["crash_at"] else None)
    notes = Notes(Path(asked["notes"]))
    database: Any = WatchedDatabase(open_database(asked["url"]), edges)
    with Store(database, Vault.from_text(KEYS)) as store:
        at = datetime.fromisoformat(asked["at"])
        running = Running(Settings.from_environment(os.environ), configuration, store, at)
        hosts = {HOST: WatchedHost(running.duties.dispatcher.hosts[HOST], edges)}
        running.with_duties(hosts=hosts, render_document=lambda _: b"%PDF-1.7")
        start = datetime.fromisoformat(asked["start"])
        live_through(running, set(asked["taken"]), start, notes)
    notes.tell(seen=edges.seen)


def split_off(configuration: Configuration, asked: dict[str, Any]) -> int:
    """The exit code of a run in a process of its own."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        run(configuration, asked)
    except BaseException:  # noqa: BLE001 - whatever it is, the test shall see it
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


STORY: tuple[Step, ...] = story()

if __name__ == "__main__":
    logs.start("DEBUG", stream=sys.stderr, env={})
    loaded = load(Path(sys.argv[1]))
    for line in sys.stdin:
        sys.stdout.write(f"{split_off(loaded, json.loads(line))}\n")
        sys.stdout.flush()
