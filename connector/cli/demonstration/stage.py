"""The three processes of the demonstration, on free loopback ports, with secrets of their own."""

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests

from connector.dates import LONDON
from connector.errors import ConnectorError
from connector.profiles import Configuration
from connector.vault import new_key_text

SANDBOX_TOKEN = "SANDBOX_TOKEN"  # noqa: S105 - the name of a variable
LONGEST_START = 30.0


class NotStarted(ConnectorError):
    """A process of the demonstration ended or did not answer; the message holds its last words."""


@dataclass(frozen=True)
class Stage:
    """What is running. `environment` holds every secret both sides were given."""

    sandbox: str
    connector: str
    environment: dict[str, str]
    folder: Path

    @property
    def clock(self) -> Path:
        """The file with the day it is, for the case system and the worker."""
        return self.folder / "clock.txt"


@contextmanager
def stage(configuration: Configuration, folder: Path) -> Iterator[Stage]:
    """Start sandbox, web service and worker; stop all of them at the end."""
    sandbox_port, connector_port = free_ports(2)
    built = Stage(
        sandbox=f"http://127.0.0.1:{sandbox_port}",
        connector=f"http://127.0.0.1:{connector_port}",
        environment=environment_for(configuration, folder, sandbox_port, connector_port),
        folder=folder,
    )
    built.clock.write_text(f"{datetime.now(LONDON):%Y-%m-%dT%H:%M:%S}", encoding="utf-8")
    built.environment["SANDBOX_CLOCK_FILE"] = str(built.clock)
    with ExitStack() as running:
        processes = [
            running.enter_context(_process(built, name, arguments))
            for name, arguments in {
                "sandbox": ["sandbox", "--port", str(sandbox_port)],
                "web": ["serve"],
                "worker": ["work", "--clock-from-file", str(built.clock)],
            }.items()
        ]
        answering(f"{built.sandbox}/", processes[0], folder / "sandbox.log")
        answering(f"{built.connector}/healthz", processes[1], folder / "web.log")
        yield built


def environment_for(
    configuration: Configuration, folder: Path, sandbox_port: int, connector_port: int
) -> dict[str, str]:
    """Settings for all three, and a fresh secret for every name the profiles use."""
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    made = {
        "CONNECTOR_CONFIG": str(configuration.folder),
        "CONNECTOR_DATA": str(folder),
        "CONNECTOR_KEYS": new_key_text(),
        "CONNECTOR_API_TOKEN": secrets.token_urlsafe(24),
        "CONNECTOR_LISTEN": f"127.0.0.1:{connector_port}",
        "CONNECTOR_TICK_SECONDS": "0.2",
        "CONNECTOR_URL": f"http://127.0.0.1:{connector_port}",
        "SANDBOX_URL": sandbox,
        SANDBOX_TOKEN: secrets.token_urlsafe(24),
    }
    for profile in configuration.hosts.values():
        for name in profile.inbound.authentication.secret_env:
            made[name] = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONNECTOR_")}
    return kept | made


@contextmanager
def _process(built: Stage, name: str, arguments: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    log = (built.folder / f"{name}.log").open("wb")
    process = subprocess.Popen(  # noqa: S603 - our own program with arguments of ours
        [sys.executable, "-m", "connector", *arguments],
        env=built.environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT if name == "sandbox" else signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def answering(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something answers at `url`. Raises NotStarted where the process ends instead."""
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"A process ended at once. It said:\n{_last_words(log)}")
        try:
            requests.get(url, timeout=(1, 2))
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return
    raise NotStarted(f"{url} did not answer within {LONGEST_START:.0f} seconds.")


def _last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-5:])


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at now, each once."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
