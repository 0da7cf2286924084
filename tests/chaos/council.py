"""A connector set up as the runbook says, and what happens to its processes."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from connector.cli.demonstration.stage import answering, free_ports

from . import hostile_host

ROOT = Path(__file__).parents[2]
HOST = "chaos"
AT_WORK = b'"event": "worker started"'
HAS_DONE_SOMETHING = (b'"event": "effect tried"', b'"event": "submission processed"')
LONGEST_START = 60.0
SECRET = "CHAOS_WEBHOOK_SECRET"  # the name of a variable
TOKEN = "CHAOS_TOKEN"  # the name of a variable

PROFILE = {
    "secret_env: SANDBOX_WEBHOOK_SECRET": f"secret_env: {SECRET}",
    "token_env: SANDBOX_TOKEN": f"token_env: {TOKEN}",
    "base_url_env: SANDBOX_URL": "base_url_env: CHAOS_URL",
    "base_path: /registers/sandbox/api": f"base_path: {hostile_host.ROOT}",
    "timeouts: {connect: 5, read: 20}": "timeouts: {connect: 1, read: 1}",
    "settle_seconds: 2": "settle_seconds: 3\n  probe: {method: GET, path: /whoami}",
    "items: items, reference: reference": "items: items, next: next, reference: reference",
    "title: Sandbox\n": "title: Chaos\n",
}
"""How the profile of this host differs from the sandbox's."""


@dataclass(frozen=True)
class Shape:
    """How many processes of each kind there are."""

    webs: int
    workers: int


@dataclass
class Council:
    """The processes of one connector, by name (`web 1`, `worker 1`), and its host."""

    folder: Path
    environment: dict[str, str]
    host: str
    webs: Mapping[str, str]
    workers: tuple[str, ...]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _before: dict[str, int] = field(default_factory=dict)

    def log(self, name: str) -> Path:
        """What a process said, in all its lives."""
        return self.folder / "logs" / f"{name.replace(' ', '-')}.log"

    def start(self, name: str) -> None:
        """Start one process."""
        web, log = self.webs.get(name), self.log(name)
        ours = {"CONNECTOR_LISTEN": web.removeprefix("http://")} if web else {}
        self._before[name] = log.stat().st_size if log.exists() else 0
        arguments = ["-m", "connector", "serve" if web else "work"]
        self.running[name] = _process(arguments, self.environment | ours, log)

    def start_all(self) -> None:
        """Start every process, and wait until each is at work. RuntimeError where one ends."""
        for name in (*self.webs, *self.workers):
            self.start(name)
            end = time.monotonic() + LONGEST_START
            while not self.is_at_work(name):
                if time.monotonic() > end or self.running[name].poll() is not None:
                    raise RuntimeError(
                        f"{name} does not work: {self.log(name).read_text()[-2000:]}"
                    )
                time.sleep(0.05)

    def is_at_work(self, name: str, signs: Iterable[bytes] = (AT_WORK,)) -> bool:
        """Whether it answers, or has given one of these signs since it was started last."""
        if name not in self.webs:
            with self.log(name).open("rb") as log:
                log.seek(self._before[name])
                said = log.read()
            return any(sign in said for sign in signs)
        try:
            return requests.get(f"{self.webs[name]}/healthz", timeout=1).ok
        except requests.RequestException:
            return False

    def send_signal(self, name: str, number: signal.Signals) -> None:
        """Pause it, let it go on, ask it to end or end it."""
        self.running[name].send_signal(number)
        if number is signal.SIGKILL:
            self.running[name].wait()

    def tally(self) -> list[dict[str, Any]]:
        """Everything the host says it holds."""
        return list(requests.get(f"{self.host}/tally", timeout=30).json()["held"])

    def faults(self) -> dict[str, int]:
        """What went wrong in the host, by its name."""
        return dict(requests.get(f"{self.host}/faults", timeout=30).json())

    def misbehave(self, share: float) -> None:
        """Let this share of all writes to the host go wrong."""
        requests.post(f"{self.host}/misbehave", params={"share": share}, timeout=30)


def _process(
    arguments: list[str], environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=dict(environment),
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def council(
    folder: Path, settings: Mapping[str, str], seed: int, shape: Shape
) -> Iterator[Council]:
    """All is set up and the host runs; the web parts and workers are for the caller to start."""
    ports = free_ports(1 + shape.webs)
    made = Council(
        folder=folder,
        environment=_environment(folder, ports[0]) | settings,
        host=f"http://127.0.0.1:{ports[0]}",
        webs={f"web {n}": f"http://127.0.0.1:{port}" for n, port in enumerate(ports[1:], 1)},
        workers=tuple(f"worker {n}" for n in range(1, shape.workers + 1)),
    )
    made.log("host").parent.mkdir(parents=True)
    _configure(folder / "mappings")
    host = _process(
        ["-m", hostile_host.__name__, str(ports[0]), str(folder / "held.jsonl"), str(seed)],
        os.environ,
        made.log("host"),
    )
    try:
        answering(f"{made.host}/faults", host, made.log("host"))
        yield made
    finally:
        for process in (host, *made.running.values()):
            process.kill()
            process.wait()


def _configure(folder: Path) -> None:
    """`connector init`, the hosts we do not have deleted, and ours edited."""
    connector = [sys.executable, "-m", "connector"]
    subprocess.run([*connector, "init", str(folder)], check=True, capture_output=True, cwd=ROOT)
    for name in ("dataverse", "fhir", "flat", "question-code"):
        shutil.rmtree(folder / name)
    shutil.move(folder / "sandbox", folder / HOST)
    profile = folder / HOST / "host.yaml"
    text = profile.read_text(encoding="utf-8")
    for old, new in PROFILE.items():
        if old not in text:
            raise ValueError(f"{old!r} is not in the sandbox's profile any more")
        text = text.replace(old, new)
    profile.write_text(text, encoding="utf-8")
    subprocess.run(
        [*connector, "check", "--config", str(folder)], check=True, capture_output=True, cwd=ROOT
    )


def _environment(folder: Path, host_port: int) -> dict[str, str]:
    keys = subprocess.run(
        [sys.executable, "-m", "connector", "keys"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.strip()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTOR_")}
    return kept | {
        "CONNECTOR_CONFIG": str(folder / "mappings"),
        "CONNECTOR_DATA": str(folder / "data"),
        "CONNECTOR_DATABASE_URL": f"sqlite:///{folder / 'data' / 'connector.db'}",
        "CONNECTOR_KEYS": keys,
        "CONNECTOR_API_TOKEN": secrets.token_urlsafe(24),
        "CONNECTOR_LOG_LEVEL": "DEBUG",
        "CONNECTOR_TICK_SECONDS": "0.1",
        "MALLOC_ARENA_MAX": "2",  # as in deploy/: threads of short life keep less memory
        "CHAOS_URL": f"http://127.0.0.1:{host_port}",
        TOKEN: secrets.token_urlsafe(24),
        SECRET: f"whsec_{b64encode(secrets.token_bytes(32)).decode()}",
    }
