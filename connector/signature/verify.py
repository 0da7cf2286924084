"""The verdict on one webhook: accepted, stale or refused (S1, S2, S3).

Every listed signature is tried with every key, with no early exit on the key, and compared in
constant time on bytes. Whatever the headers hold, the answer is a verdict, never an exception.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from connector.signature.authentication import Authentication, Key, Kind, read_key

LONGEST_HEADER = 8192
MOST_SIGNATURES = 40  # twice the ten keys a sender may rotate through, in both schemes
NO_MATCH = "The signature does not match this body."


class Outcome(StrEnum):
    """`stale`: the signature is right, but the time-stamp lies outside the tolerance."""

    ACCEPTED = "accepted"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """`reason` is a sentence fit for the caller; `key` is the place of the secret that matched."""

    outcome: Outcome
    reason: str = ""
    key: int | None = None


class _NotProven(Exception):
    """The request proves nothing; the message says why and repeats nothing of it."""


@dataclass(frozen=True)
class _Request:
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> bytes:
        value = self.headers.get(name.lower(), "")
        if not value:
            raise _NotProven(f"The header {name} is missing.")
        return _wire_bytes(value, name)


def verify(
    authentication: Authentication,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    query: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> Verdict:
    """Judge one webhook. `headers` in any letter case, `body` as it came, `now` aware.

    Only the kinds with a time-stamp can be stale.
    """
    check = _CHECKS.get(authentication.kind)
    if check is None or not secrets:
        return Verdict(Outcome.REFUSED, "This host has no way of proving itself set up.")
    request = _Request({name.lower(): value for name, value in headers.items()}, query, body)
    try:
        return check(authentication, tuple(secrets), request, now)
    except _NotProven as why:
        return Verdict(Outcome.REFUSED, str(why))


def _standard_webhooks(
    how: Authentication, secrets: tuple[str, ...], request: _Request, now: datetime
) -> Verdict:
    message_id = request.header(how.id_header or "webhook-id")
    typed_time = request.header(how.timestamp_header or "webhook-timestamp")
    listed = request.header(how.header or "webhook-signature").split(b" ")
    if len(listed) > MOST_SIGNATURES:
        raise _NotProven("The request lists too many signatures.")
    sent_at = _timestamp(typed_time)
    content = b".".join((message_id, typed_time, request.body))
    signatures = [_listed_signature(each) for each in listed]
    key = _matching(secrets, lambda secret: _any_signs(read_key(secret), signatures, content))
    return _judge(key, sent_at, how, now)


def _listed_signature(listed: bytes) -> tuple[str, bytes]:
    """The scheme and the bytes of one listed signature; one we cannot read matches nothing."""
    scheme, comma, encoded = listed.partition(b",")
    if not comma or scheme not in (b"v1", b"v1a"):
        return "", b""
    try:
        return scheme.decode(), base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return "", b""


def _any_signs(key: Key, signatures: Sequence[tuple[str, bytes]], content: bytes) -> bool:
    mine = [signature for scheme, signature in signatures if scheme == key.scheme]
    if key.scheme == "v1a":
        public = _public_key(key)
        return any(_ed25519_signs(public, signature, content) for signature in mine)
    right = hmac.digest(key.material, content, "sha256")
    return any(hmac.compare_digest(right, signature) for signature in mine)


def _public_key(key: Key) -> Ed25519PublicKey:
    if key.private:
        return Ed25519PrivateKey.from_private_bytes(key.material).public_key()
    return Ed25519PublicKey.from_public_bytes(key.material)


def _ed25519_signs(public: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        public.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _hmac_sha256(
    how: Authentication, secrets: tuple[str, ...], request: _Request, now: datetime
) -> Verdict:
    signature = _decoded(how, request.header(how.header))
    typed_time = request.header(how.timestamp_header) if how.timestamp_header else b""
    sent_at = _timestamp(typed_time) if how.timestamp_header else None
    message_id = request.header(how.id_header) if "{id}" in how.content else b""
    content = signed_content(how, message_id, typed_time, request.body)
    key = _matching(
        secrets,
        lambda secret: hmac.compare_digest(
            hmac.digest(secret.encode(), content, "sha256"), signature
        ),
    )
    return _judge(key, sent_at, how, now)


def signed_content(how: Authentication, message_id: bytes, timestamp: bytes, body: bytes) -> bytes:
    """The bytes an HMAC is made over, by the profile's `signed_content`."""
    parts = {"{id}": message_id, "{timestamp}": timestamp, "{body}": body}
    pieces = re.split(r"(\{id\}|\{timestamp\}|\{body\})", how.content)
    return b"".join(parts[piece] if piece in parts else piece.encode() for piece in pieces)


def _decoded(how: Authentication, value: bytes) -> bytes:
    if not value.startswith(how.prefix.encode()):
        raise _NotProven(f"The signature does not start with {how.prefix}.")
    encoded = value[len(how.prefix.encode()) :]
    try:
        if how.encoding == "base64":
            return base64.b64decode(encoded, validate=True)
        return binascii.unhexlify(encoded)
    except (binascii.Error, ValueError):
        raise _NotProven(f"The signature is not {how.encoding} text.") from None


def _static_header(
    how: Authentication, secrets: tuple[str, ...], request: _Request, now: datetime
) -> Verdict:
    names = how.static_headers
    shown = b"\n".join([request.header(name) for name in names])
    size = len(names)
    sets = ["\n".join(secrets[at : at + size]) for at in range(0, len(secrets), size)]
    return _presented(sets, shown, "The secret in the header is not the right one.")


def _bearer(
    how: Authentication, secrets: tuple[str, ...], request: _Request, now: datetime
) -> Verdict:
    token = _credentials(request, b"bearer")
    return _presented(secrets, token, "The bearer token is not the right one.")


def _basic(
    how: Authentication, secrets: tuple[str, ...], request: _Request, now: datetime
) -> Verdict:
    try:
        shown = base64.b64decode(_credentials(request, b"basic"), validate=True)
    except (binascii.Error, ValueError):
        raise _NotProven("The basic credentials are not valid base64.") from None
    pairs = [f"{how.username}:{secret}" for secret in secrets]
    return _presented(pairs, shown, "The user name or password is not the right one.")


def _query_key(
    how: Authentication, secrets: tuple[str, ...], request: _Request, now: datetime
) -> Verdict:
    shown = _wire_bytes(request.query.get(how.query_name, ""), how.query_name)
    return _presented(secrets, shown, "The key in the address is missing or not the right one.")


def _credentials(request: _Request, wanted: bytes) -> bytes:
    scheme, _, credentials = request.header("Authorization").partition(b" ")
    if scheme.lower() != wanted:
        raise _NotProven(f"The Authorization header must use the scheme {wanted.decode()}.")
    return credentials.strip(b" ")


def _presented(secrets: Sequence[str], shown: bytes, refusal: str) -> Verdict:
    key = _matching(secrets, lambda secret: hmac.compare_digest(_digest(secret), _digest(shown)))
    return Verdict(Outcome.REFUSED, refusal) if key is None else Verdict(Outcome.ACCEPTED, key=key)


def _digest(value: str | bytes) -> bytes:
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).digest()


def _matching(secrets: Sequence[str], matches: Callable[[str], bool]) -> int | None:
    """The place of the first secret that matches, after trying all of them."""
    try:
        found = [matches(secret) for secret in secrets]
    except ValueError:
        raise _NotProven("The connector's own secret for this host cannot be used.") from None
    return found.index(True) if any(found) else None


def _judge(key: int | None, sent_at: int | None, how: Authentication, now: datetime) -> Verdict:
    if key is None:
        return Verdict(Outcome.REFUSED, NO_MATCH)
    if sent_at is not None and abs(now.timestamp() - sent_at) > how.tolerance_seconds:
        return Verdict(Outcome.STALE, "The time-stamp is outside the accepted window.", key)
    return Verdict(Outcome.ACCEPTED, key=key)


def _timestamp(typed: bytes) -> int:
    if not re.fullmatch(rb"[0-9]{1,12}", typed):
        raise _NotProven("The time-stamp must be whole seconds since 1970, digits only.")
    return int(typed)


def _wire_bytes(value: str, name: str) -> bytes:
    """The bytes as they came: HTTP header text is handed over decoded as Latin-1."""
    if len(value) > LONGEST_HEADER:
        raise _NotProven(f"{name} is too long.")
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


_CHECKS: dict[str, Callable[[Authentication, tuple[str, ...], _Request, datetime], Verdict]] = {
    Kind.STANDARD_WEBHOOKS: _standard_webhooks,
    Kind.HMAC_SHA256: _hmac_sha256,
    Kind.STATIC_HEADER: _static_header,
    Kind.BEARER: _bearer,
    Kind.BASIC: _basic,
    Kind.QUERY_KEY: _query_key,
}
