"""A bad line to a server, as toxiproxy makes one: slow, silent, broken or cut short.

What goes wrong concerns what the server says; it begins and ends when a test says so.
"""

import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread

Trouble = Callable[["Line", bytes], None]
"""Passes on, or does not, a piece of what the server said. OSError ends the line."""


class Line:
    """One connection through the proxy."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near = near
        self.far = far
        self.over = Event()
        self.passed = 0

    def pass_on(self, piece: bytes) -> None:
        """The caller is told this."""
        self.near.sendall(piece)
        self.passed += len(piece)

    def reset(self) -> None:
        """Broken off without a goodbye, as by a firewall."""
        self.near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionResetError

    def end(self) -> None:
        """Both sides are hung up."""
        self.over.set()
        for each in (self.near, self.far):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def plain(line: Line, piece: bytes) -> None:
    """Nothing is wrong."""
    line.pass_on(piece)


def latency(line: Line, piece: bytes) -> None:
    """Every piece takes its time."""
    time.sleep(0.01)
    line.pass_on(piece)


def timeout(line: Line, _piece: bytes) -> None:
    """Nothing comes through, and nobody hangs up, until the trouble is over."""
    line.over.wait()
    raise ConnectionAbortedError


def reset_peer(line: Line, _piece: bytes) -> None:
    """The connection is broken off as soon as the server answers."""
    line.reset()


def limit_data(line: Line, piece: bytes) -> None:
    """The connection ends after so many bytes, in the middle of an answer."""
    line.pass_on(piece[: max(0, 60 - line.passed)])
    if line.passed >= 60:
        raise ConnectionAbortedError


def slicer(line: Line, piece: bytes) -> None:
    """An answer arrives in small pieces."""
    for start in range(0, len(piece), 40):
        line.pass_on(piece[start : start + 40])
        time.sleep(0.001)


TROUBLES: dict[str, Trouble] = {
    "latency": latency,
    "timeout": timeout,
    "reset_peer": reset_peer,
    "limit_data": limit_data,
    "slicer": slicer,
}


class Proxy:
    """Listens on a port of its own and passes on to another one."""

    def __init__(self, to: tuple[str, int]) -> None:
        self._to = to
        self._trouble: Trouble = plain
        self._lines: set[Line] = set()
        self._lock = Lock()
        self._closed = Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    @contextmanager
    def trouble(self, name: str) -> Iterator[None]:
        """Within this block the line is bad; afterwards whoever still hangs on it is cut off."""
        self._trouble = TROUBLES[name]
        try:
            yield
        finally:
            self._trouble = plain
            self.cut()

    def cut(self) -> None:
        """Whoever is connected is hung up on, and may call again."""
        with self._lock:
            lines, self._lines = self._lines, set()
        for each in lines:
            each.end()

    def close(self) -> None:
        """Nobody gets through any more."""
        self._closed.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._closed.is_set():
                near, _ = self._listener.accept()
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line = Line(near, socket.create_connection(self._to))
                with self._lock:
                    self._lines.add(line)
                Thread(target=self._listen, args=(line,), daemon=True).start()
                Thread(target=self._speak, args=(line,), daemon=True).start()

    def _listen(self, line: Line) -> None:
        with suppress(OSError):
            while piece := line.near.recv(65_536):
                line.far.sendall(piece)
        self._end(line)

    def _speak(self, line: Line) -> None:
        with suppress(OSError):
            while piece := line.far.recv(65_536):
                self._trouble(line, piece)
        self._end(line)

    def _end(self, line: Line) -> None:
        with self._lock:
            self._lines.discard(line)
        line.end()
