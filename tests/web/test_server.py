"""The receiver over real sockets: chunked, oversize, truncated and slow bodies, and the stop."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from receiving import SECRET, START, Clock
from serving import served

from connector.signature import sign_standard_webhook
from connector.store import Store
from connector.web import WebServer, WebServices, create_app

pytestmark = pytest.mark.live
FORM = json.dumps({"form": {"id": "F-1"}}).encode()


@pytest.fixture
def address(services: WebServices) -> Iterator[tuple[str, int]]:
    with served(WebServer(create_app(services), "127.0.0.1:0")) as where:
        yield where


def head(body: bytes, message_id: str = "msg_1", at: datetime = START, **more: str) -> bytes:
    stamp = int(at.timestamp())
    lines = {
        "Host": "forms.example.gov.uk",
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign_standard_webhook(SECRET, message_id, stamp, body),
        **more,
    }
    listed = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /hooks/north HTTP/1.1\r\n{listed}\r\n".encode()


def exchange(address: tuple[str, int], *pieces: bytes) -> tuple[int, dict[str, str], bytes]:
    with socket.create_connection(address, timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, dict(answer.headers), answer.read()


def chunks(body: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(body), size):
        piece = body[at : at + size]
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    yield b"0\r\n\r\n"


def rows(store: Store) -> int:
    with store.transaction() as tx:
        return len(tx.submissions.listing())


def test_a_body_of_stated_length_is_taken_without_a_server_banner(
    address: tuple[str, int], store: Store
) -> None:
    status, headers, _ = exchange(address, head(FORM, **{"Content-Length": str(len(FORM))}), FORM)
    assert status == 202
    assert "Server" not in headers
    assert rows(store) == 1


def test_a_chunked_body_is_taken_whole(address: tuple[str, int], store: Store) -> None:
    body = json.dumps({"text": "a" * 90_000}).encode()
    chunked = {"Transfer-Encoding": "chunked"}
    status, _, answer = exchange(address, head(body, **chunked), *chunks(body, 7_001))
    assert status == 202
    with store.transaction() as tx:
        assert tx.submissions.body(json.loads(answer)["submission"]) == body


@pytest.mark.parametrize("size", [1_000_001, 1_500_000])
def test_a_chunked_body_over_the_limit_is_refused_not_cut(
    size: int, address: tuple[str, int], store: Store
) -> None:
    # Cut at the limit it would still be a form: only blanks stand beyond it.
    body = b"{}" + b" " * (size - 2)
    signed = head(body[:1_000_000], **{"Transfer-Encoding": "chunked"})
    status, headers, _ = exchange(address, signed, *chunks(body, 65_536))
    assert (status, headers["Content-Type"]) == (413, "application/problem+json")
    assert rows(store) == 0


def test_a_stated_length_far_over_the_limit_is_refused_before_it_arrives(
    address: tuple[str, int], store: Store
) -> None:
    status, _, _ = exchange(address, head(b"", **{"Content-Length": "5000000000"}), b"{}")
    assert status == 413
    assert rows(store) == 0


@pytest.mark.faults("R11")
def test_a_truncated_body_leaves_no_row(address: tuple[str, int], store: Store) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(head(FORM, **{"Content-Length": str(len(FORM))}) + FORM[:-4])
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert rows(store) == 0


def test_slow_bodies_do_not_hold_up_the_others(address: tuple[str, int]) -> None:
    slow = [socket.create_connection(address, timeout=10) for _ in range(64)]
    try:
        for connection in slow:
            connection.sendall(head(FORM, **{"Content-Length": str(len(FORM))}) + FORM[:5])
        began = time.monotonic()
        status, _, _ = exchange(
            address, head(FORM, "msg_9", **{"Content-Length": str(len(FORM))}), FORM
        )
        assert status == 202
        assert time.monotonic() - began < 2
    finally:
        for connection in slow:
            connection.close()


@pytest.mark.faults("R11")
def test_a_body_arriving_drop_by_drop_is_given_up(services: WebServices, store: Store) -> None:
    impatient = WebServer(create_app(services), "127.0.0.1:0", arrival_seconds=1)
    with (
        served(impatient) as address,
        socket.create_connection(address, timeout=10) as connection,
    ):
        connection.sendall(head(FORM, **{"Content-Length": str(len(FORM))}))
        connection.settimeout(0.2)
        for drop in FORM:
            connection.sendall(bytes([drop]))
            try:
                if connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("the connection stayed open")
    assert rows(store) == 0


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        ({"Content-Length": "-5"}, FORM),
        ({"Content-Length": "1e3"}, FORM),
        ({"Content-Length": f"{len(FORM)}, {len(FORM)}"}, FORM),
        ({"Transfer-Encoding": "gzip, chunked"}, FORM),
        ({"Transfer-Encoding": "chunked"}, b"zz\r\n" + FORM + b"\r\n0\r\n\r\n"),
        ({"Transfer-Encoding": "chunked"}, b"-1\r\n" + FORM + b"\r\n0\r\n\r\n"),
        ({"Transfer-Encoding": "chunked"}, b"5\r\n" + FORM + b"\r\n0\r\n\r\n"),
    ],
)
def test_a_body_whose_length_makes_no_sense_leaves_no_row(
    framing: dict[str, str], body: bytes, address: tuple[str, int], store: Store
) -> None:
    status, _, _ = exchange(address, head(FORM, **framing), body)
    assert status in (400, 411, 501)
    assert rows(store) == 0


@pytest.mark.faults("R11")
def test_of_a_body_with_two_lengths_only_what_was_signed_is_kept(
    address: tuple[str, int], store: Store
) -> None:
    both = head(FORM, **{"Content-Length": "7", "Transfer-Encoding": "chunked"})
    status, _, _ = exchange(address, both, *chunks(FORM, 9))
    assert status in (202, 400)
    with store.transaction() as tx:
        kept = [tx.submissions.body(each.id) for each in tx.submissions.listing()]
    assert kept == ([FORM] if status == 202 else [])


@pytest.mark.faults("R11")
def test_a_chunked_body_cut_off_before_its_end_leaves_no_row(
    address: tuple[str, int], store: Store
) -> None:
    *all_but_the_end, _ = chunks(FORM, 9)
    with socket.create_connection(address, timeout=10) as connection:
        signed = head(FORM, **{"Transfer-Encoding": "chunked"})
        connection.sendall(signed + b"".join(all_but_the_end))
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert rows(store) == 0


@pytest.mark.parametrize("start", [b"POST /hooks/north HTT", head(FORM)[:-2]])
def test_headers_that_never_end_are_given_up(start: bytes, services: WebServices) -> None:
    impatient = WebServer(create_app(services), "127.0.0.1:0", arrival_seconds=1)
    with (
        served(impatient) as address,
        socket.create_connection(address, timeout=15) as connection,
    ):
        connection.sendall(start)
        assert connection.recv(1000)[:12] in (b"", b"HTTP/1.0 400", b"HTTP/1.1 400")


def test_swollen_headers_are_refused(address: tuple[str, int]) -> None:
    status, _, _ = exchange(address, head(b"", **{"X-Swollen": "x" * 40_000}))
    assert status == 431


def test_a_request_under_way_is_finished_before_the_stop(
    services: WebServices, clock: Clock
) -> None:
    entered, stop = threading.Event(), threading.Event()
    app = create_app(services)

    @app.get("/slow")
    def slow() -> str:
        entered.set()
        time.sleep(0.8)
        return "finished"

    running = WebServer(app, "127.0.0.1:0")
    thread = threading.Thread(target=running.run, args=(stop,))
    thread.start()
    where, _, port = running.address.rpartition(":")
    connection = http.client.HTTPConnection(where, int(port), timeout=10)
    connection.request("GET", "/slow")
    assert entered.wait(5)
    stop.set()
    assert connection.getresponse().read() == b"finished"
    connection.close()
    thread.join(5)
    assert not thread.is_alive()


def test_an_address_that_is_taken_is_an_os_error(
    services: WebServices, address: tuple[str, int]
) -> None:
    with pytest.raises(OSError, match="in use"):
        WebServer(create_app(services), f"{address[0]}:{address[1]}")
