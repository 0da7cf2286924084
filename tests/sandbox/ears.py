"""A connector that only listens."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Listener:
    """It keeps what it is sent (path, headers, body) and answers `status`."""

    url: str = ""
    status: int = 202
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


def body_of(listener: Listener, number: int = -1) -> dict[str, Any]:
    """What the last webhook said, or the one of this number."""
    body: dict[str, Any] = json.loads(listener.heard[number][2])
    return body


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on a real socket."""
    ears = Listener()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ears.heard.append((self.path, dict(self.headers), body))
            self.send_response(ears.status)
            self.end_headers()
            self.wfile.write(b'{"state": "received"}')

        def log_message(self, *_: Any) -> None:
            """Keep the output of the tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    ears.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield ears
    server.shutdown()
    thread.join()
    server.server_close()
