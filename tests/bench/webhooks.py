"""Accepted webhooks per second and how long the slowest hundredth takes, with 16 clients."""

import sys
from collections.abc import Sequence

from .clients import Load, load
from .figures import Figure, share_below
from .forms import heavy_forms, request
from .processes import await_answer, command, free_port, resident_megabytes, running
from .setting import Setting

BYTES = 20_000
WARM_UP = 64
NOTHING = "a Flask route that does nothing, same server, same clients"


def figures(of: Setting) -> list[Figure]:
    """Bodies of about 20 kB, signed, kept in SQLite on disk before the answer."""
    count = of.size.webhooks + WARM_UP
    requests = [
        request(of, form, number) for number, form in enumerate(heavy_forms(of, count, BYTES))
    ]
    ours = _loaded(of, "web", command("serve"), requests)
    bare = _loaded(of, "bare", [sys.executable, "-m", "tests.bench.bare"], requests)
    slowest, least = (1000 * share_below(each.seconds, 0.99) for each in (ours, bare))
    return [
        Figure("Webhooks kept", "a second", ours.per_second, bare.per_second, NOTHING, more=True),
        Figure("Slowest webhook of a hundred (p99)", "ms", slowest, least, NOTHING),
    ]


def _loaded(of: Setting, name: str, arguments: list[str], requests: Sequence[bytes]) -> Load:
    port, log = free_port(), of.folder / f"{name}.log"
    env = of.with_data(f"data-{name}", CONNECTOR_LISTEN=f"127.0.0.1:{port}")
    asked = arguments if name == "web" else [*arguments, str(port)]
    with running(asked, env, log) as process:
        await_answer(f"http://127.0.0.1:{port}/healthz", process, log)
        load([port], requests[:WARM_UP])
        measured = load([port], requests[WARM_UP:])
        of.memory[name] = resident_megabytes(process)
    return measured
