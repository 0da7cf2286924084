"""A case system that misbehaves: `python -m tests.chaos.hostile_host PORT JOURNAL SEED`.

It speaks what mappings/sandbox/host.yaml expects, over real sockets, and shares no code with the
product. `GET /tally` tells everything it holds, `GET /faults` what went wrong so far, and
`POST /misbehave?share=0.3` how much shall go wrong from now on.
"""

import json
import os
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from .acts import ACTS
from .faults import Faults
from .held import OPEN, Held

ROOT = "/registers/chaos/api"
PAGE = 10
ALIKE = 5
KINDS = {
    "outcomes": "outcome",
    "notes": "note",
    "documents": "document",
    "tasks": "task",
    "task-documents": "task_document",
}
SLOW_SECONDS = 0.2

Done = tuple[int, Mapping[str, Any]]
Work = Callable[[], Done]


class HostileHost(ThreadingHTTPServer):
    """The host on one port. Every connection has a thread, so that one that hangs holds up none."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, held: Held, faults: Faults) -> None:
        self.held = held
        self.faults = faults
        self.late: list[Work] = []
        self._callers: set[socket.socket] = set()
        self.behave()
        super().__init__(("127.0.0.1", port), Caller)

    def behave(self) -> None:
        """A plain host: it merges nothing, renames nothing, and names no other address.

        `unique`: it refuses a second thing with one reference (class A). `renames`: it
        puts a number behind every title. `elsewhere`: where a redirect leads.
        `poison`: nothing is ever written for this person. `slow_at`: where the next caller has to
        wait a moment, and `reached` that one does: person, look-up, or what is written.
        """
        self.unique = False
        self.renames = False
        self.elsewhere = "http://169.254.169.254/latest/meta-data/"
        self.poison = ""
        self.slow_at = ""
        self.reached = Event()
        self.tokens = 0
        self.uploads = 0
        self.late.clear()

    def keep_waiting(self, step: str) -> None:
        """Whoever comes first to the slow step waits there."""
        if step == self.slow_at:
            self.slow_at = ""
            self.reached.set()
            time.sleep(SLOW_SECONDS)

    def let_go(self) -> None:
        """What was held back after its 504 is done now."""
        while self.late:
            self.late.pop(0)()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Somebody calls, on a connection that may be kept."""
        caller, address = super().get_request()
        self._callers.add(caller)
        return caller, address

    def go_away(self) -> None:
        """Refuse every connection, as a machine that is being restarted."""
        self.shutdown()
        self.socket.close()
        for each in self._callers:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._callers.clear()

    def come_back(self) -> None:
        """Answer on the same port again; `serve_forever` is the caller's."""
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()
        self.server_activate()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever was to be answered may have left long ago."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Caller(BaseHTTPRequestHandler):
    """One connection of the connector's."""

    server: HostileHost
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """A read, or a question about the host itself."""
        address = urlsplit(self.path)
        if address.path == "/tally":
            self.say(200, {"held": [each.as_json() for each in self.server.held.all()]})
        elif address.path == "/faults":
            self.say(200, self.server.faults.counted)
        elif self.server.faults.of_read("read 502"):
            self.say(502, {"detail": "Bad gateway."})
        elif self.server.faults.of_read("read redirect"):
            self.say(302, {}, Location=self.server.elsewhere)
        else:
            self.say(*self._read(address.path.removeprefix(ROOT).split("/")[1:]))

    def do_POST(self) -> None:
        """A write, or how it is to behave from now on."""
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if address.path == "/misbehave":
            self.server.faults.misbehave(float(parse_qs(address.query)["share"][0]))
            return self.say(200, {})
        if address.path == "/token":
            self.server.tokens += 1
            return self.say(200, {"access_token": f"token-{self.server.tokens}"})
        way = address.path.removeprefix(ROOT).split("/")[1:]
        fields = self._fields(body)
        self.server.keep_waiting("tasks" if way[0] == "tasks" else way[-1])
        fault = self.server.faults.of_write()
        if self.server.poison and self.server.poison in way:
            fault = "500 without work"
        ACTS[fault or ""](self, lambda: self._write(way, fields))
        return None

    do_PATCH = do_POST  # noqa: N815 - the name http.server calls

    def _read(self, way: list[str]) -> Done:
        held = self.server.held
        match way:
            case ["people", person]:
                self.server.keep_waiting("person")
                return 200, {"id": person, "worker_active": True, "restricted": False}
            case ["whoami"]:
                return 200, {"name": "connector"}
            case ["forms"]:
                return 200, {"items": [], "next": None}
            case ["tasks", number]:
                task = held.one("task", number)
                return (200, task.as_json()) if task else (404, {})
            case [kind] if kind in KINDS:
                self.server.keep_waiting("look-up")
                if self.server.faults.of_read("look-up 502"):
                    return 502, {"detail": "Bad gateway."}
                return 200, self._found(KINDS[kind])
        return 404, {}

    def _found(self, kind: str) -> dict[str, Any]:
        """A careless search: everything that begins alike, in pages, at times out of date."""
        asked = {name: each[0] for name, each in parse_qs(urlsplit(self.path).query).items()}
        stale = self.server.faults.of_read("stale replica")
        behind = self.server.faults.behind() if stale else 0
        start, skip = asked["reference"][:ALIKE], int(asked.get("skip", 0))
        found = self.server.held.like(kind, start, behind)
        more = (
            f"{urlsplit(self.path).path}?reference={quote(asked['reference'])}&skip={skip + PAGE}"
        )
        return {
            "items": [
                {"id": each.number, "reference": each.reference, "title": each.body.get("title")}
                for each in found[skip : skip + PAGE]
            ],
            "next": more if len(found) > skip + PAGE else None,
        }

    def _write(self, way: list[str], body: dict[str, Any]) -> Done:
        match way:
            case ["people", person, ("outcomes" | "notes" | "documents") as kind]:
                return self._made(KINDS[kind], person, body)
            case ["uploads"]:
                self.server.uploads += 1
                return 201, {"id": f"upload-{self.server.uploads}"}
            case ["tasks"]:
                return self._made("task", body.get("person_id", ""), body | {"state": OPEN})
            case ["tasks", number, "documents"]:
                return self._made("task_document", "", body | {"task": number})
            case ["tasks", number, "cancel"]:
                return self._changed(number, {"state": "cancelled", **body})
            case ["tasks", number]:
                return self._changed(number, body)
        return 404, {}

    def _made(self, kind: str, person: str, body: dict[str, Any]) -> Done:
        reference, held = body.pop("reference"), list(self.server.held.all())
        if self.server.unique and reference in {each.reference for each in held}:
            return 409, {"detail": "This reference is known."}
        if self.server.renames and "title" in body:
            body["title"] += f" ({len(held) + 1})"
        return 201, {"id": self.server.held.add(kind, reference, person, body).number}

    def _changed(self, number: str, change: dict[str, Any]) -> Done:
        if self.server.held.one("task", number) is None:
            return 404, {}
        task = self.server.held.change(number, change)
        return (200, {"id": number}) if task else (409, {"detail": "This task is closed."})

    def _fields(self, body: bytes) -> dict[str, Any]:
        """The JSON object, or the fields of a form with a file, of which the size is kept."""
        kind = self.headers.get("Content-Type", "")
        if kind == "application/pdf":
            return {"size": len(body)}
        if not kind.startswith("multipart/"):
            return dict(json.loads(body or b"{}"))
        parts = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).get_payload()
        named = {part.get_param("name", header="content-disposition"): part for part in parts}
        size = len(named.pop("file").get_payload(decode=True))
        texts = {name: part.get_payload(decode=True).decode() for name, part in named.items()}
        return {**texts, "size": size}

    def say(self, status: int, body: Mapping[str, Any], **headers: str) -> None:
        """Answer with JSON."""
        self.say_bytes(status, json.dumps(body).encode(), "application/json", headers)

    def say_bytes(
        self, status: int, body: bytes, kind: str, headers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Answer with whatever this is."""
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body))}.items():
            if name not in headers:
                self.send_header(name, value)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drop(self) -> None:
        """Break the connection without another word."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    port, journal, seed = sys.argv[1:]
    HostileHost(int(port), Held(Path(journal)), Faults(int(seed))).serve_forever()
