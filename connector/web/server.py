"""The web application under waitress: bounded sizes and times, and a graceful stop."""

import logging
import threading
import time
from typing import Any

import structlog
from flask import Flask
from waitress import wasyncore  # type: ignore[import-untyped] # waitress ships no types
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]

from connector.intake import MOST_BYTES

FINISH_SECONDS = 10
# A body between our limit and the server's still gets our own clear answer.
LIMITS: dict[str, Any] = {
    "max_request_body_size": 2 * MOST_BYTES,
    "inbuf_overflow": 2 * MOST_BYTES + 1,  # never spill a form in clear into a temporary file
    "max_request_header_size": 32_768,
    "recv_bytes": 65_536,
    "channel_timeout": 30,
    "cleanup_interval": 10,
    "connection_limit": 500,
    "threads": 8,
}

log = structlog.get_logger("connector.web")


class WebServer:
    """One listening server. `address` is known from the start, also where the port was 0."""

    def __init__(self, app: Flask, listen: str, *, arrival_seconds: float = 60) -> None:
        """Take the address ("127.0.0.1:8080"). Raises OSError where it is taken.

        A request still arriving after `arrival_seconds` is given up.
        """
        self._arrival_seconds = arrival_seconds
        self._sockets: dict[int, Any] = {}
        try:
            self._server = create_server(
                app, map=self._sockets, listen=listen, ident="", expose_tracebacks=False, **LIMITS
            )
        except OSError:
            wasyncore.close_all(self._sockets)
            raise
        self._arriving: dict[HTTPChannel, float] = {}
        self._next_look = 0.0
        first = self._listeners()[0]
        self.address = f"{first.effective_host}:{first.effective_port}"

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop` is set; then take nothing new and finish what is under way."""
        # Its warning per queued request would drown our own events in a busy hour.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        log.info("serving", address=self.address)
        while not stop.is_set():
            self._turn()
            if time.monotonic() >= self._next_look:
                self._drop_dawdlers(time.monotonic())
        for listener in self._listeners():
            listener.accepting = False
        latest = time.monotonic() + FINISH_SECONDS
        while self._busy() and time.monotonic() < latest:
            self._turn()
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._sockets)
        log.info("served", address=self.address)

    def _turn(self) -> None:
        wasyncore.loop(timeout=0.25, use_poll=True, map=self._sockets, count=1)

    def _listeners(self) -> list[BaseWSGIServer]:
        return [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]

    def _channels(self) -> list[HTTPChannel]:
        return [each for each in self._sockets.values() if isinstance(each, HTTPChannel)]

    def _busy(self) -> bool:
        return any(each.requests or each.total_outbufs_len for each in self._channels())

    def _drop_dawdlers(self, now: float) -> None:
        """Close a connection whose request has been arriving for too long, drop by drop (R11)."""
        self._next_look = now + 1
        arriving = [each for each in self._channels() if each.request is not None]
        self._arriving = {each: self._arriving.get(each, now) for each in arriving}
        for channel, since in self._arriving.items():
            if now - since > self._arrival_seconds:
                channel.will_close = True
                log.warning("request given up", seconds=round(now - since))


def serve(app: Flask, listen: str, stop: threading.Event) -> None:
    """Serve `app` on `listen` until `stop` is set. Raises OSError where the address is taken."""
    WebServer(app, listen).run(stop)
