"""A worker in a process of its own, for tests that kill it: `worker_process.py FOLDER KEY PORT`.

Its host is a plain HTTP server: POST /{reference} writes, GET /{reference} lists the ids held.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import requests
from fake_host import duties

from connector.dispatch import Dispatcher
from connector.errors import NotSent, OutcomeUnknown
from connector.store import Store
from connector.vault import Vault
from connector.worker import WorkerAlreadyRuns, run


class HttpHost:
    """The least of a class B host."""

    idempotency = "B"
    settle_seconds = 0.5
    longest_call_seconds = 12.0

    def __init__(self, port: str) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def write(self, kind: object, variables: Mapping[str, Any]) -> str:
        try:
            answer = requests.post(f"{self._base}/{variables['reference']}", timeout=(2, 10))
        except requests.RequestException:
            raise OutcomeUnknown("No answer.") from None
        if answer.status_code != 201:
            raise OutcomeUnknown("A bad answer.", status=answer.status_code)
        return answer.text

    def find(self, kind: object, variables: Mapping[str, Any]) -> tuple[str, ...]:
        try:
            answer = requests.get(f"{self._base}/{variables['reference']}", timeout=(2, 10))
        except requests.RequestException:
            raise NotSent("No answer.") from None
        return tuple(answer.json())


def now() -> datetime:
    return datetime.now(UTC)


def main(folder: Path, key: str, port: str) -> None:
    with Store.open(f"sqlite:///{folder / 'connector.db'}", Vault.from_text(key)) as store:
        hosts: Any = {"sandbox": HttpHost(port)}
        dispatcher = Dispatcher(store, hosts, lambda content: b"%PDF", now)
        ours = duties(store, dispatcher, now, tick_seconds=0.1)
        try:
            run(ours, Event(), lock=folder / "worker.lock")
        except WorkerAlreadyRuns as problem:
            sys.stderr.write(f"{problem}\n")
            sys.exit(problem.exit_code)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
