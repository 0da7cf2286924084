"""How long a command takes to start, beside Python itself and a bare Flask server."""

import sys
import time

from .figures import Figure, median
from .processes import await_answer, command, free_port, running, seconds_to_end
from .setting import Setting

PYTHON = "python -c pass"
FLASK = "a bare Flask server, until it answers"


def figures(of: Setting) -> list[Figure]:
    """`connector --help`, `connector try` and `connector serve`."""
    form = of.configuration.folder / "flat" / "samples" / "tailored_support_agreement.json"
    nothing = _median_of(of, [sys.executable, "-c", "pass"])
    flask = _median_of(of, [sys.executable, "-c", "import flask"])
    helping = _median_of(of, command("--help"))
    trying = _median_of(of, command("try", "flat", str(form), "--json", "--as-of", "2026-03-27"))
    serving = _until_it_answers(of, command("serve"), "serve")
    bare = _until_it_answers(of, [sys.executable, "-m", "tests.bench.bare"], "bare")
    return [
        Figure("connector --help", "ms", helping, nothing, PYTHON),
        Figure("connector try", "ms", trying, nothing, PYTHON),
        Figure("connector try", "ms", trying, flask, "python -c 'import flask'"),
        Figure("connector serve, until it answers", "ms", serving, bare, FLASK),
    ]


def _median_of(of: Setting, arguments: list[str]) -> float:
    env = of.environment
    return 1000 * median([seconds_to_end(arguments, env) for _ in range(of.size.starts)])


def _until_it_answers(of: Setting, arguments: list[str], name: str) -> float:
    return 1000 * median([_one_start(of, arguments, name) for _ in range(of.size.starts)])


def _one_start(of: Setting, arguments: list[str], name: str) -> float:
    port, log = free_port(), of.folder / f"start-{name}.log"
    env = of.with_data("data-start", CONNECTOR_LISTEN=f"127.0.0.1:{port}")
    asked = arguments if name == "serve" else [*arguments, str(port)]
    began = time.perf_counter()
    with running(asked, env, log) as process:
        await_answer(f"http://127.0.0.1:{port}/healthz", process, log)
        return time.perf_counter() - began
