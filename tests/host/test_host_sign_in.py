"""Signing in, TLS, pace and set-up; secrets are never told."""

import base64
import datetime as dt
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from misbehaving_host import Answering, MisbehavingHost, hang_up, reply
from outbound_blocks import A_TASK, SECRETS, TASK, block, client, loaded

from connector.errors import Declined, NotSent, OutcomeUnknown, SetupProblem
from connector.host import HostClient
from connector.host.pace import Pace
from connector.mapping.outbound import Rate

MADE = reply(201, {"id": 41})
Start = Callable[..., MisbehavingHost]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def opened(stack: ExitStack, raw: dict[str, Any], secrets: dict[str, str]) -> HostClient:
    made = client(raw, secrets)
    stack.callback(made.close)
    return made


def hosted(stack: ExitStack, *answers: Answering, **more: Any) -> MisbehavingHost:
    return stack.enter_context(MisbehavingHost(*answers, **more))


def headers_sent(stack: ExitStack, auth: dict[str, Any], secrets: dict[str, str]) -> Any:
    host = hosted(stack, MADE)
    opened(stack, block(base_url=host.address, auth=auth), secrets).write(TASK, A_TASK)
    return host.seen[0].headers


# --- kinds -----------------------------------------------------------------------------------


def test_no_sign_in_sends_none(stack: ExitStack) -> None:
    assert "authorization" not in headers_sent(stack, {"type": "none"}, {})


def test_static_headers_come_from_the_environment(stack: ExitStack) -> None:
    auth = {"type": "static_headers", "headers_env": {"X-Api-Key": "KEY", "X-Org": "ORG"}}
    sent = headers_sent(stack, auth, {"KEY": " k1\n", "ORG": "o1"})
    assert (sent["x-api-key"], sent["x-org"]) == ("k1", "o1")


def test_basic_sign_in_takes_any_letters(stack: ExitStack) -> None:
    auth = {"type": "basic", "username": "connector", "password_env": "PW"}
    sent = headers_sent(stack, auth, {"PW": "pä:ss"})
    assert base64.b64decode(sent["authorization"][6:]).decode() == "connector:pä:ss"


# --- OAuth2 client credentials ----------------------------------------------------------------

OAUTH = {
    "type": "oauth2_client_credentials",
    "token_url_env": "TOKEN_URL",
    "client_id": "connector",
    "client_secret_env": "CLIENT_SECRET",
    "scope": "https://host.example/.default",
}


def token(text: str, **more: Any) -> Answering:
    return reply(200, {"access_token": text, "token_type": "Bearer"} | more)


def with_tokens(
    stack: ExitStack, host: MisbehavingHost, tokens: MisbehavingHost, **auth: str
) -> HostClient:
    secrets = {"TOKEN_URL": f"{tokens.address}/token", "CLIENT_SECRET": "cl13nt-s3cret"}
    return opened(stack, block(base_url=host.address, auth=OAUTH | auth), secrets)


def test_one_token_serves_many_requests(stack: ExitStack) -> None:
    host, tokens = hosted(stack, MADE), hosted(stack, token("one", expires_in="3600"))
    made = with_tokens(stack, host, tokens)
    for _ in range(3):
        made.write(TASK, A_TASK)
    assert {seen.headers["authorization"] for seen in host.seen} == {"Bearer one"}
    assert len(tokens.seen) == 1
    assert b"grant_type=client_credentials" in tokens.seen[0].body
    assert b"client_secret=cl13nt-s3cret" in tokens.seen[0].body


def test_the_token_service_may_want_the_secret_in_a_header(stack: ExitStack) -> None:
    host, tokens = hosted(stack, MADE), hosted(stack, token("one"))
    with_tokens(stack, host, tokens, client_auth="basic").write(TASK, A_TASK)
    assert tokens.seen[0].headers["authorization"].startswith("Basic ")
    assert b"cl13nt" not in tokens.seen[0].body


def test_a_refused_token_is_renewed_once_and_the_write_sent_again(stack: ExitStack) -> None:
    host = hosted(stack, MADE, reply(401), MADE)
    tokens = hosted(stack, token("old"), token("new"))
    made = with_tokens(stack, host, tokens)
    made.write(TASK, A_TASK)
    assert made.write(TASK, A_TASK) == "41"
    assert [seen.headers["authorization"][7:] for seen in host.seen] == ["old", "old", "new"]


def test_a_new_token_that_is_refused_too_is_declined(stack: ExitStack) -> None:
    host, tokens = hosted(stack, reply(401)), hosted(stack, token("one"))
    with pytest.raises(Declined):
        with_tokens(stack, host, tokens).write(TASK, A_TASK)
    assert (len(host.seen), len(tokens.seen)) == (2, 2)


def test_a_token_that_has_run_out_is_fetched_again(stack: ExitStack) -> None:
    host, tokens = hosted(stack, MADE), hosted(stack, token("one", expires_in=0))
    made = with_tokens(stack, host, tokens)
    made.write(TASK, A_TASK)
    made.write(TASK, A_TASK)
    assert len(tokens.seen) == 2


@pytest.mark.parametrize("bad", [reply(500), hang_up, reply(200, {}), reply(200, b"<html>")])
def test_without_a_token_nothing_is_sent(stack: ExitStack, bad: Answering) -> None:
    host, tokens = hosted(stack, MADE), hosted(stack, bad)
    with pytest.raises(NotSent):
        with_tokens(stack, host, tokens).write(TASK, A_TASK)
    assert host.seen == []


def test_a_token_service_in_trouble_is_asked_three_times(stack: ExitStack) -> None:
    host, tokens = hosted(stack, MADE), hosted(stack, reply(503), hang_up, token("one"))
    assert with_tokens(stack, host, tokens).write(TASK, A_TASK) == "41"
    assert len(tokens.seen) == 3


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_client_is_declined_without_naming_the_secret(
    stack: ExitStack, status: int
) -> None:
    host, tokens = hosted(stack, MADE), hosted(stack, reply(status, {"error": "cl13nt-s3cret"}))
    with pytest.raises(Declined) as caught:
        with_tokens(stack, host, tokens).write(TASK, A_TASK)
    assert "cl13nt" not in str(caught.value)
    assert "token" in str(caught.value)
    assert (len(tokens.seen), host.seen) == (1, [])


def test_a_redirecting_token_service_is_not_followed(stack: ExitStack) -> None:
    elsewhere = hosted(stack, token("evil"))
    host = hosted(stack, MADE)
    tokens = hosted(stack, reply(307, Location=f"{elsewhere.address}/token"))
    with pytest.raises(NotSent):
        with_tokens(stack, host, tokens).write(TASK, A_TASK)
    assert (elsewhere.seen, host.seen) == ([], [])


def test_a_static_token_that_is_refused_is_not_tried_again(stack: ExitStack) -> None:
    host = hosted(stack, reply(401))
    with pytest.raises(Declined):
        opened(stack, block(base_url=host.address), SECRETS).write(TASK, A_TASK)
    assert len(host.seen) == 1


# --- TLS -------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private


def serving(public: Path, private: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context


def test_a_self_signed_host_is_refused_and_nothing_sent(stack: ExitStack, tmp_path: Path) -> None:
    host = hosted(stack, MADE, tls=serving(*certificate(tmp_path, "host")))
    with pytest.raises(NotSent):
        opened(stack, block(base_url=host.address), SECRETS).write(TASK, A_TASK)
    assert host.seen == []


def test_the_councils_own_authority_can_be_named(stack: ExitStack, tmp_path: Path) -> None:
    public, private = certificate(tmp_path, "host")
    host = hosted(stack, MADE, tls=serving(public, private))
    raw = block(base_url=host.address, tls={"ca_bundle_env": "CA"})
    made = opened(stack, raw, SECRETS | {"CA": str(public)})
    assert made.write(TASK, A_TASK) == "41"


def test_a_client_certificate_is_shown(stack: ExitStack, tmp_path: Path) -> None:
    public, private = certificate(tmp_path, "host")
    ours, our_key = certificate(tmp_path, "connector")
    context = serving(public, private)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ours)
    host = hosted(stack, MADE, tls=context)
    auth = {"type": "client_certificate", "certificate_env": "CERT", "key_env": "KEY"}
    raw = block(base_url=host.address, tls={"ca_bundle_env": "CA"}, auth=auth)
    secrets = {"CA": str(public), "CERT": str(ours), "KEY": str(our_key)}
    assert opened(stack, raw, secrets).write(TASK, A_TASK) == "41"
    stranger = opened(stack, raw | {"auth": {"type": "none"}}, secrets)
    with pytest.raises((NotSent, OutcomeUnknown)):
        stranger.write(TASK, A_TASK)
    assert len(host.seen) == 1


# --- set-up ----------------------------------------------------------------------------------


def test_every_missing_variable_is_named_at_once() -> None:
    raw = block(base_url=None, base_url_env="HOST_URL", tls={"ca_bundle_env": "CA"})
    with pytest.raises(SetupProblem) as caught:
        client(raw, {"HOST_TOKEN": " "})
    assert [name in str(caught.value) for name in ("HOST_URL", "HOST_TOKEN", "CA")] == [True] * 3
    assert loaded(raw).environment() == ("HOST_URL", "HOST_TOKEN", "CA")


@pytest.mark.parametrize(
    "address",
    [
        "http://host.example",
        "ftp://host.example",
        "host.example",
        "https://user:s3cret-t0ken@host.example",
        "https://host.example/?key=s3cret-t0ken",
        "https://[::1",
        "https://host.example:99999",
    ],
)
def test_an_unfit_address_is_refused_without_repeating_it(address: str) -> None:
    raw = block(base_url=None, base_url_env="HOST_URL")
    with pytest.raises(SetupProblem) as caught:
        client(raw, SECRETS | {"HOST_URL": address})
    assert "HOST_URL" in str(caught.value)
    assert "s3cret-t0ken" not in str(caught.value)


def test_a_closed_network_may_go_without_tls_where_the_profile_says_so() -> None:
    raw = block(base_url=None, base_url_env="HOST_URL", allow_http="true")
    made = client(raw, SECRETS | {"HOST_URL": "http://10.1.2.3:8080/case"})
    assert repr(made) == "<HostClient 10.1.2.3:8080>"
    made.close()


def test_a_secret_that_no_header_can_carry_is_a_set_up_problem() -> None:
    with pytest.raises(SetupProblem) as caught:
        client(block(), {"HOST_TOKEN": "s3cret\r\nX-Evil: 1"})
    assert "s3cret" not in str(caught.value)


def test_a_certificate_file_that_is_not_there_is_a_set_up_problem(tmp_path: Path) -> None:
    raw = block(tls={"ca_bundle_env": "CA"})
    with pytest.raises(SetupProblem, match="CA names no file"):
        client(raw, SECRETS | {"CA": str(tmp_path / "none.pem")})


def test_secrets_are_in_no_repr(stack: ExitStack) -> None:
    made = opened(stack, block(), SECRETS)
    assert "s3cret" not in repr(made) + repr(loaded(block())) + str(made)
    assert (made.idempotency, made.settle_seconds) == ("B", 2.0)


# --- pace ------------------------------------------------------------------------------------


def test_a_minute_that_is_used_up_sends_nothing_and_says_when() -> None:
    pace = Pace(Rate(per_minute=2))
    for _ in range(2):
        with pace.turn():
            pass
    with pytest.raises(NotSent) as caught, pace.turn():
        pass
    assert caught.value.retry_after == pytest.approx(60, abs=2)


def test_no_more_at_once_than_the_host_takes() -> None:
    pace = Pace(Rate(concurrency=1), patience=0.05)
    with pace.turn(), pytest.raises(NotSent), pace.turn():
        pass
    with pace.turn():
        pass


def test_several_threads_share_one_client(stack: ExitStack) -> None:
    host = hosted(stack, MADE)
    made = opened(stack, block(base_url=host.address), SECRETS)
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(made.write(TASK, A_TASK))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["41"] * 12
    assert host.connections <= 4
