"""Serving the sandbox: a threaded server that can also drop a connection on purpose."""

import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: a look-up's query is nobody's business, and the pages show what arrived."""

    def connection_dropped(
        self, error: BaseException, environ: dict[str, Any] | None = None
    ) -> None:
        """Do not wait for another request on a connection that is gone."""
        self.close_connection = True


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def shutdown_request(self, request: Any) -> None:
        """Close a finished connection; one that is to be reset gets no farewell."""
        if isinstance(request, socket.socket) and _told_to_reset(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)


# "Linger" switched on with a time of 0: closing the socket then sends RST instead of FIN.
_LINGER = "hh" if os.name == "nt" else "ii"


def reset_when_closed(connection: socket.socket) -> None:
    """Make the server drop this connection with a reset when the request is over."""
    linger = struct.pack(_LINGER, 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def _told_to_reset(connection: socket.socket) -> bool:
    size = struct.calcsize(_LINGER)
    linger = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, size)
    return bool(struct.unpack(_LINGER, linger)[0])


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that answers at `url` until `stop` is called."""

    url: str
    stop: Callable[[], None]


def _bind(app: Flask, host: str, port: int) -> _Server:
    return _Server(host, port, app, handler=_Handler)


def serve(app: Flask, host: str = "127.0.0.1", port: int | None = None) -> None:
    """Answer until interrupted. The port is that of the settings unless one is named."""
    server = _bind(app, host, app.extensions["sandbox"].settings.port if port is None else port)
    try:
        server.serve_forever()
    finally:
        server.server_close()


def start(app: Flask, host: str = "127.0.0.1", port: int = 0) -> RunningSandbox:
    """Answer in a thread of its own; port 0 takes a free one."""
    server = _bind(app, host, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    return RunningSandbox(f"http://{host}:{server.port}", stop)
