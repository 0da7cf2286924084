"""The stage of the live tests on PostgreSQL: one sandbox, one web part, and as many workers as a
test starts, with or without a broker."""

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from live_forms import assessment
from live_stage import WRITTEN, LiveStage, edit, wait_for
from servers import postgres_database

from connector.cli.demonstration.stage import environment_for, free_ports
from connector.profiles import load, packaged_folder
from connector.sandbox.database import Database
from connector.sandbox.people import People
from connector.store.heartbeats import LEADER

COUNCILS = ("north", "south")
WHOLE = {"outcomes": 1, "notes": 1, "documents": 1, "tasks": 2}
LOSSY = Path(__file__).parent / "lossy_worker.py"
STARTED = '"worker started"'
LEASE = "5"
"""Seconds; the time-outs of the profiles here are one second each."""


@contextmanager
def many_stage(folder: Path, **environment: str) -> Iterator[LiveStage]:
    """Sandbox and web part are running; whatever runs at the end is killed."""
    configuration = load(_written_configuration(folder / "mappings"))
    sandbox, connector = free_ports(2)
    data = folder / "data"
    data.mkdir()
    register = Database(folder / "sandbox.db")
    with ExitStack() as ending:
        ours = {
            "CONNECTOR_TICK_SECONDS": "0.1",
            "CONNECTOR_DATABASE_URL": ending.enter_context(postgres_database()),
            "CONNECTOR_LEASE_SECONDS": LEASE,
            "SANDBOX_DATABASE": str(folder / "sandbox.db"),
            **environment,
        }
        stage = LiveStage(
            folder=folder,
            configuration=configuration,
            environment=environment_for(configuration, data, sandbox, connector) | ours,
            sandbox=f"http://127.0.0.1:{sandbox}",
            connector=f"http://127.0.0.1:{connector}",
            people=People(register),
        )
        ending.callback(register.close)
        ending.callback(lambda: [stage.kill(name) for name in list(stage.running)])
        for name in ("sandbox", "web"):
            stage.start(name)
        yield stage


def _written_configuration(folder: Path) -> Path:
    shutil.copytree(packaged_folder() / "sandbox", folder / "north")
    shutil.copytree(packaged_folder() / "sandbox", folder / "south")
    shutil.copy(packaged_folder() / "policy.yaml", folder)
    for name in COUNCILS:
        quick = {
            "connect: 5": "connect: 1",
            "read: 20": "read: 1",
            "settle_seconds: 2": "settle_seconds: 1",
        }
        there = {"/registers/sandbox/api": f"/registers/{name}/api"}
        edit(folder / name / "host.yaml", quick | there)
    return folder


def start_workers(stage: LiveStage, *names: str) -> None:
    """Start `connector work` under these names, and wait until all are at work."""
    for name in names:
        stage.start(name)
    at_work(stage, *names)


def at_work(stage: LiveStage, *names: str) -> None:
    """Wait until these workers have started."""
    wait_for(
        lambda: [name for name in names if STARTED not in said(stage, name)], lambda left: not left
    )


def start_lossy(stage: LiveStage, name: str, seed: int) -> None:
    """Start a worker whose messages are lost and doubled as the dice of this seed fall."""
    with (stage.folder / f"{name}.log").open("ab") as out:
        stage.running[name] = subprocess.Popen(
            [sys.executable, str(LOSSY), str(seed)],
            env=stage.environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def send_forms(stage: LiveStage, host: str, many: int) -> dict[str, str]:
    """So many assessments, each about somebody new: the submission of each person."""
    forms = [assessment() for _ in range(many)]
    return {form["person"]["id"]: stage.submit(host, form) for form in forms}


def all_done(stage: LiveStage, sent: Mapping[str, str], seconds: float = 90) -> None:
    """Wait until nothing is owed any more, and see that everything went well."""
    end = time.monotonic() + seconds
    states = [stage.settled(each, end - time.monotonic())["state"] for each in sent.values()]
    assert Counter(states) == {"done": len(sent)}


def held_by_person(stage: LiveStage, host: str, people: Sequence[str]) -> list[dict[str, int]]:
    """How many of each kind the host holds for each of these people."""
    held: dict[str, list[dict[str, Any]]] = stage.held(host)
    found = {kind: Counter(each["person_id"] for each in held[kind]) for kind in WRITTEN}
    return [{kind: found[kind][person] for kind in WRITTEN} for person in people]


def leader(stage: LiveStage) -> int:
    """The process that leads, as its sign of life says."""

    def named() -> str:
        with stage.store() as store, store.side_by_side() as tx:
            sign = tx.heartbeats.latest(LEADER)
        return sign.detail if sign else ""

    return process_of(wait_for(named, bool))


def process_of(owner: str) -> int:
    """The number of the process a worker's name holds."""
    found = re.search(r"-(\d+)-[0-9a-f]+$", owner)
    assert found, owner
    return int(found.group(1))


def name_of(stage: LiveStage, pid: int) -> str:
    """Under which name this stage started a process."""
    return next(name for name, process in stage.running.items() if process.pid == pid)


def said(stage: LiveStage, name: str) -> str:
    """What a process logged."""
    return (stage.folder / f"{name}.log").read_text("utf-8")


def stays(look: Callable[[], Any], seconds: float) -> list[Any]:
    """What is seen over so many seconds, each different sight once."""
    seen: list[Any] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (now := look()) not in seen:
            seen.append(now)
        time.sleep(0.05)
    return seen
