"""The web application listening on a free port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from connector.web import WebServer


@contextmanager
def served(running: WebServer) -> Iterator[tuple[str, int]]:
    """Run it in a thread; where it listens. It must stop when it is asked to."""
    stop = threading.Event()
    thread = threading.Thread(target=running.run, args=(stop,))
    thread.start()
    where, _, port = running.address.rpartition(":")
    try:
        yield where, int(port)
    finally:
        stop.set()
        thread.join(15)
    assert not thread.is_alive()
