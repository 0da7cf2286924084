"""`connector serve` as a real process on a database of the test's choice, and a host that posts."""

import base64
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from connector.cli.demonstration.stage import answering, free_ports
from connector.settings import Settings
from connector.signature import sign_standard_webhook
from connector.store import Store
from connector.vault import new_key_text

SENDERS = 16
CONFIGURATION = Path(__file__).parents[2] / "mappings"


@dataclass
class FrontDoor:
    """One web process. Its sandbox host takes any signed JSON."""

    address: str
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes]

    def post(
        self, form: Any, delivery: str, session: requests.Session | None = None
    ) -> requests.Response:
        """A webhook, signed; the body is `form` itself where that is bytes."""
        body = form if isinstance(form, bytes) else json.dumps(form).encode()
        stamp = int(time.time())
        signature = sign_standard_webhook(
            self.environment["SANDBOX_WEBHOOK_SECRET"], delivery, stamp, body
        )
        return (session or requests).post(
            f"{self.address}/hooks/sandbox",
            data=body,
            headers={
                "Content-Type": "application/json",
                "webhook-id": delivery,
                "webhook-timestamp": str(stamp),
                "webhook-signature": signature,
            },
            timeout=(5, 60),
        )

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The same database, in this process."""
        settings = Settings.from_environment(self.environment)
        with Store.open(settings.database_url, settings.vault) as opened:
            yield opened

    def kept(self) -> dict[str, str]:
        """Which delivery is kept as which submission."""
        with self.store() as store, store.transaction() as tx:
            return {each.delivery_id: each.id for each in tx.submissions.listing(10_000)}


def settings(folder: Path, database_url: str = "") -> dict[str, str]:
    """An environment for any number of web processes on one database."""
    folder.mkdir(exist_ok=True)
    made = {
        "CONNECTOR_CONFIG": str(_sandbox_alone(folder)),
        "CONNECTOR_DATA": str(folder),
        "CONNECTOR_KEYS": new_key_text(),
        "CONNECTOR_API_TOKEN": secrets.token_urlsafe(24),
        "SANDBOX_URL": "http://127.0.0.1:9",
        "SANDBOX_TOKEN": secrets.token_urlsafe(24),
        "SANDBOX_WEBHOOK_SECRET": f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }
    if database_url:
        made["CONNECTOR_DATABASE_URL"] = database_url
    ours = {name: text for name, text in os.environ.items() if not name.startswith("CONNECTOR_")}
    return ours | made


def _sandbox_alone(folder: Path) -> Path:
    """The packaged configuration with the sandbox as its only host, which loads faster."""
    alone = folder / "mappings"
    alone.mkdir(exist_ok=True)
    for name in ("policy.yaml", "sandbox"):
        if not (alone / name).exists():
            (alone / name).symlink_to(CONFIGURATION / name)
    return alone


@contextmanager
def front_door(
    environment: Mapping[str, str], before: Callable[[], None] | None = None
) -> Iterator[FrontDoor]:
    """A web process that answers; `before` is called in it before it starts."""
    (port,) = free_ports(1)
    environment = {**environment, "CONNECTOR_LISTEN": f"127.0.0.1:{port}"}
    log = Path(environment["CONNECTOR_DATA"]).parent / f"web-{port}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "connector", "serve"],
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=before,
        )
    door = FrontDoor(f"http://127.0.0.1:{port}", environment, process)
    try:
        answering(f"{door.address}/healthz", process, log)
        yield door
    finally:
        process.terminate()
        process.wait(30)


def at_once(doors: list[FrontDoor], posts: list[tuple[Any, str]]) -> list[requests.Response]:
    """All of these sent by sixteen senders at once, to the doors in turn; answers in order."""

    def send_every_sixteenth(first: int) -> list[requests.Response]:
        with requests.Session() as session:
            mine = range(first, len(posts), SENDERS)
            return [doors[n // SENDERS % len(doors)].post(*posts[n], session) for n in mine]

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(send_every_sixteenth, range(SENDERS)))
    return [answers[n % SENDERS][n // SENDERS] for n in range(len(posts))]
