"""The floor of the web part: a Flask route that does nothing, under the same server.

`python -m tests.bench.bare PORT`. It imports nothing of the connector, so that its start-up and
its memory are a floor too.
"""

import signal
import sys

from flask import Flask
from waitress import serve


def app() -> Flask:
    """Takes what the connector takes and answers as much."""
    bare = Flask("bare")

    @bare.post("/hooks/<host>")
    def take(host: str) -> tuple[str, int]:
        return "x" * 150, 202

    @bare.get("/healthz")
    def alive() -> str:
        return "alive"

    return bare


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(app(), listen=f"127.0.0.1:{sys.argv[1]}", threads=8, recv_bytes=65_536, ident="")
