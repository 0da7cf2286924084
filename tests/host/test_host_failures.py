"""Each test is one way a host fails over real sockets, and whether it is certain or ambiguous."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from misbehaving_host import Answering, MisbehavingHost, hang_up, raw, reply, reset, then
from outbound_blocks import A_TASK, CANARY, TASK, block, client, task

from connector.errors import Declined, HostError, NotSent, OutcomeUnknown
from connector.host import HostClient

MADE = reply(201, {"id": 41})
Start = Callable[..., tuple[MisbehavingHost, HostClient]]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def started(*answers: Answering, **changes: object) -> tuple[MisbehavingHost, HostClient]:
            host = stack.enter_context(MisbehavingHost(*answers))
            made = client(block(base_url=host.address, **changes))
            stack.callback(made.close)
            return host, made

        yield started


def fails(made: HostClient) -> HostError:
    with pytest.raises(HostError) as caught:
        made.write(TASK, A_TASK)
    text = f"{caught.value} {caught.value!r}"
    for secret in (CANARY, "s3cret-t0ken", "/people", A_TASK["reference"]):
        assert secret not in text
    assert caught.value.__context__ is None, "the library's exception text holds addresses"
    return caught.value


# --- certain: nothing left -------------------------------------------------------------------


def test_a_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    made = client(block(base_url=f"http://localhost:{port}"))
    assert type(fails(made)) is NotSent
    made.close()


def test_a_host_that_never_accepts_is_a_connect_timeout_and_sent_nothing() -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        made = client(block(base_url=f"http://127.0.0.1:{full.getsockname()[1]}"))
        stack.callback(made.close)
        assert type(fails(made)) is NotSent


def test_a_name_that_does_not_exist_sent_nothing() -> None:
    made = client(block(base_url="https://host.invalid"))
    assert type(fails(made)) is NotSent
    made.close()


def test_a_failed_tls_handshake_sent_nothing(start: Start) -> None:
    host, _ = start(MADE)
    made = client(block(base_url=host.address.replace("http:", "https:")))
    assert type(fails(made)) is NotSent
    assert host.seen == []
    made.close()


# --- certain: refused ------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 412, 413, 415, 422])
def test_a_4xx_is_declined_and_asked_only_once(start: Start, status: int) -> None:
    host, made = start(reply(status, {"message": CANARY}))
    error = fails(made)
    assert (type(error), error.status) == (Declined, status)
    assert str(status) in str(error)
    assert f"localhost:{host.port}" in str(error)
    assert len(host.seen) == 1


@pytest.mark.parametrize("status", [425, 429])
def test_later_is_certain(start: Start, status: int) -> None:
    _, made = start(reply(status, Retry_After="7"))
    error = fails(made)
    assert (type(error), error.retry_after) == (NotSent, 7.0)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("0", 0.0),
        ("3600", 3600.0),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("٣", None),
        ("9" * 400, None),
        ("", None),
    ],
)
def test_every_form_of_retry_after_is_read_or_left(
    start: Start, typed: str, seconds: float | None
) -> None:
    _, made = start(busy(typed))
    assert fails(made).retry_after == seconds


@pytest.mark.parametrize(("hours", "seconds"), [(1, pytest.approx(3600, abs=60)), (-24, 0.0)])
def test_retry_after_may_be_a_date(start: Start, hours: int, seconds: float) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)
    _, made = start(busy(date))
    assert fails(made).retry_after == seconds


def busy(retry_after: str) -> Answering:
    head = f"HTTP/1.1 429 No\r\nRetry-After: {retry_after}\r\nContent-Length: 0\r\n\r\n"
    return raw(head.encode())


# --- ambiguous -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 409, 500, 501, 502, 503, 504, 599])
def test_these_statuses_are_ambiguous_and_never_sent_again(start: Start, status: int) -> None:
    host, made = start(reply(status, b"<h1>Oh</h1>"))
    error = fails(made)
    assert (type(error), error.status) == (OutcomeUnknown, status)
    assert len(host.seen) == 1


def test_a_503_carries_the_hosts_wish(start: Start) -> None:
    _, made = start(reply(503, Retry_After="120"))
    error = fails(made)
    assert (type(error), error.retry_after) == (OutcomeUnknown, 120.0)


BEGUN = b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("closed without a word", hang_up),
        ("reset", reset),
        ("reset in the body", then(raw(BEGUN), reset)),
        ("shorter than announced", then(raw(BEGUN), hang_up)),
        ("chunks that break off", then(raw(CHUNKED), hang_up)),
        ("not HTTP", then(raw(b"220 mail.example ESMTP\r\n\r\n"), hang_up)),
        ("an impossible status", then(raw(b"HTTP/1.1 2O1 Created\r\n\r\n"), hang_up)),
        ("a header too long", raw(b"HTTP/1.1 201 C\r\nX: " + b"x" * 70000)),
        ("truncated JSON", reply(201, b'{"id": 4')),
        ("HTML", reply(200, b"<html>Please sign in</html>", Content_Type="text/html")),
        ("empty", reply(201)),
        ("no content though an id is due", reply(204)),
        ("no id", reply(201, {"result": "ok"})),
        ("an id of null", reply(201, {"id": None})),
        ("an id that is a list", reply(201, {"id": [41]})),
        ("JSON too deep", reply(201, b"[" * 50000)),
        ("broken letters", reply(201, b'{"id": "\xff\xfe"}')),
        ("broken compression", reply(201, b"not gzip", Content_Encoding="gzip")),
        ("a 2xx the profile does not name", reply(206, {"id": 41})),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_whole_or_not_readable_is_ambiguous(
    start: Start, name: str, answer: Answering
) -> None:
    host, made = start(answer)
    assert type(fails(made)) is OutcomeUnknown, name
    assert len(host.seen) == 1


def test_a_host_that_says_nothing_is_ambiguous_after_the_read_timeout(start: Start) -> None:
    host, made = start(MADE)
    host.answer_with(host.say_nothing)
    assert type(fails(made)) is OutcomeUnknown


def test_a_dripping_answer_ends(start: Start) -> None:
    host, made = start(MADE)
    host.answer_with(host.drip)
    assert type(fails(made)) is OutcomeUnknown


def test_a_flood_ends(start: Start) -> None:
    _, made = start(reply(201, b" " * 9_000_000))
    assert type(fails(made)) is OutcomeUnknown


def test_a_reset_on_a_kept_connection_is_ambiguous_too(start: Start) -> None:
    host, made = start(MADE, reset)
    assert made.write(TASK, A_TASK) == "41"
    assert type(fails(made)) is OutcomeUnknown
    assert (host.connections, len(host.seen)) == (1, 2)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_no_credential_sent_on(start: Start, status: int) -> None:
    elsewhere, _ = start(MADE)
    host, made = start(reply(status, Location=f"{elsewhere.address}/people"))
    error = fails(made)
    assert (type(error), error.status) == (OutcomeUnknown, status)
    assert (len(host.seen), elsewhere.seen) == (1, [])


# --- what the profile says about success -----------------------------------------------------


def test_a_readable_no_in_a_200_is_declined(start: Start) -> None:
    _, made = start(
        reply(200, {"result": False, "why": CANARY}),
        task=task(success_if={"body": "result", "equals": "true"}, id=None),
    )
    assert type(fails(made)) is Declined


def test_a_200_without_the_word_the_profile_asks_for_is_ambiguous(start: Start) -> None:
    _, made = start(
        reply(200, {}), task=task(success_if={"body": "result", "equals": "true"}, id=None)
    )
    assert type(fails(made)) is OutcomeUnknown


def test_a_sign_in_page_is_no_success_even_where_no_id_is_asked_for(start: Start) -> None:
    _, made = start(reply(200, b" <!doctype html>", Content_Type="text/plain"), task=task(id=None))
    assert type(fails(made)) is OutcomeUnknown


def test_an_empty_204_is_a_success_where_no_id_is_asked_for(start: Start) -> None:
    _, made = start(reply(204), task=task(id=None))
    assert made.write(TASK, A_TASK) == ""


@pytest.mark.parametrize("status", [409, 412])
def test_a_host_that_takes_our_id_and_has_it_already_is_done(start: Start, status: int) -> None:
    _, made = start(reply(status, {"id": "x9"}), idempotency="A")
    assert made.write(TASK, A_TASK) == "x9"


def test_the_id_of_what_is_there_already_is_looked_up_where_the_answer_lacks_it(
    start: Start,
) -> None:
    held = {"items": [{"id": 7, "reference": A_TASK["reference"]}]}
    _, made = start(reply(409), reply(200, held), idempotency="A")
    assert made.write(TASK, A_TASK) == "7"


def test_already_there_but_not_to_be_found_is_ambiguous(start: Start) -> None:
    _, made = start(reply(409), reply(200, {"items": []}), idempotency="A")
    assert type(fails(made)) is OutcomeUnknown
