"""A small host over real sockets that answers as it is told: well, badly, or not at all."""

import json
import re
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Seen:
    """A request as it arrived; header names in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


Answering = Callable[[socket.socket, Seen], None]


def reply(status: int, body: Any = b"", **headers: str) -> Answering:
    """A whole answer; anything but bytes goes as JSON, `Retry_After` as Retry-After."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"Content-Type": "application/json", "Content-Length": str(len(content))} | given
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return raw(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content)


def raw(content: bytes) -> Answering:
    """These bytes, whatever they are."""
    return lambda connection, _: connection.sendall(content)


def then(first: Answering, second: Answering) -> Answering:
    """One after the other on the same connection."""

    def both(connection: socket.socket, seen: Seen) -> None:
        first(connection, seen)
        second(connection, seen)

    return both


def hang_up(connection: socket.socket, _: Seen) -> None:
    """Close without a word."""
    connection.shutdown(socket.SHUT_RDWR)


def reset(connection: socket.socket, _: Seen) -> None:
    """A TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class MisbehavingHost:
    """Answers each request with the next of `answers`, the last one for ever."""

    def __init__(self, *answers: Answering, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self._answers = deque(answers)
        self._tls = tls
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self.address = f"{'https' if tls else 'http'}://localhost:{self.port}"

    def say_nothing(self, _connection: socket.socket, _seen: Seen) -> None:
        """Keep the caller waiting until the test is over."""
        self._over.wait(10)

    def drip(self, connection: socket.socket, _seen: Seen) -> None:
        """Begin a long answer and send one byte of it at a time."""
        connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n")
        while not self._over.wait(0.05):
            connection.sendall(b" ")

    def answer_with(self, *answers: Answering) -> None:
        """From now on these."""
        with self._lock:
            self._answers = deque(answers)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(0.1)
        try:
            if self._tls:
                connection.settimeout(2)
                connection = self._tls.wrap_socket(connection, server_side=True)
                connection.settimeout(0.1)
            while not self._over.is_set() and (seen := self._read(connection)):
                self.seen.append(seen)
                self._next_answer()(connection, seen)
        except OSError:
            pass
        finally:
            connection.close()

    def _next_answer(self) -> Answering:
        with self._lock:
            return self._answers.popleft() if len(self._answers) > 1 else self._answers[0]

    def _read(self, connection: socket.socket) -> Seen | None:
        gathered = b""
        while b"\r\n\r\n" not in gathered:
            piece = self._receive(connection)
            if not piece:
                return None
            gathered += piece
        head, _, body = gathered.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length: *(\d+)", head)
        while length and len(body) < int(length[1]):
            body += self._receive(connection)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.split(": ", 1) for line in lines)
        return Seen(method, path, {name.lower(): value for name, value in pairs}, body)

    def _receive(self, connection: socket.socket) -> bytes:
        while not self._over.is_set():
            try:
                return connection.recv(65536)
            except TimeoutError:
                continue
        return b""
