"""Forms fully processed per second: from the worker's start until the host holds everything."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from .bare_calls import calls_by_person, seconds_to_send
from .clients import load
from .figures import Figure
from .forms import forms, request
from .processes import await_answer, command, free_port, resident_megabytes, running
from .setting import Setting

LONGEST = 600.0
UNSETTLED = """
SELECT (SELECT count(*) FROM submission WHERE state = 'received')
     + (SELECT count(*) FROM effect WHERE state <> 'confirmed'),
       (SELECT count(*) FROM effect WHERE state = 'parked')
"""


def figures(of: Setting) -> list[Figure]:
    """The four example forms in turn, each for a person of its own, against the sandbox."""
    made = list(forms(of, of.size.forms))
    with sandbox(of, "sandbox") as address:
        env = of.with_data("data-work", SANDBOX_URL=address)
        _post(of, env, [request(of, form, number) for number, form in enumerate(made)])
        ours = _work(of, env)
    with sandbox(of, "second-sandbox") as address:
        calls = calls_by_person(of, env | {"SANDBOX_URL": address})
        bare = seconds_to_send(calls)
    floor = f"the same {sum(map(len, calls)):,} calls sent bare, two persons at a time"
    count = len(made)
    return [
        Figure("Forms processed, all written", "a second", count / ours, count / bare, floor, True)
    ]


@contextmanager
def sandbox(of: Setting, name: str) -> Iterator[str]:
    """An empty sandbox host, its data in memory."""
    port, log = free_port(), of.folder / f"{name}.log"
    with running(command("sandbox", "--port", str(port)), of.environment, log) as process:
        await_answer(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}"


def _post(of: Setting, env: dict[str, str], requests: Sequence[bytes]) -> None:
    port, log = free_port(), of.folder / "work-web.log"
    listening = env | {"CONNECTOR_LISTEN": f"127.0.0.1:{port}"}
    with running(command("serve"), listening, log) as process:
        await_answer(f"http://127.0.0.1:{port}/healthz", process, log)
        load([port], requests)


def _work(of: Setting, env: dict[str, str]) -> float:
    """Seconds from the worker's own “worker started” until nothing is unsettled."""
    log = of.folder / "worker.log"
    database = Path(env["CONNECTOR_DATA"]) / "connector.db"
    with running(command("work"), env, log) as process:
        deadline = time.monotonic() + LONGEST
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as looking:
            while (counts := looking.execute(UNSETTLED).fetchone())[0]:
                if process.poll() is not None or counts[1] or time.monotonic() > deadline:
                    raise RuntimeError(f"not everything was written:\n{log.read_text()[-2000:]}")
                time.sleep(0.02)
        ended = time.time()
        of.memory["worker"] = resident_megabytes(process)
    return ended - _started(log)


def _started(log: Path) -> float:
    lines = (json.loads(line) for line in log.read_text().splitlines() if line.startswith("{"))
    told = next(line["timestamp"] for line in lines if line["event"] == "worker started")
    return datetime.fromisoformat(told).timestamp()
