"""The sender's side: what a host adds to a webhook so that the connector believes it."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from connector.signature.authentication import Authentication, Kind, read_key
from connector.signature.verify import signed_content


@dataclass(frozen=True)
class Proof:
    """The headers and query parameters to send along with a body."""

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def sign_standard_webhook(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature for `webhook-signature`: v1 with `whsec_…`, v1a with `whsk_…`.

    Raises ValueError for a secret that cannot sign.
    """
    key = read_key(secret)
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    if key.scheme == "v1":
        signature = hmac.digest(key.material, content, "sha256")
    elif key.private:
        signature = Ed25519PrivateKey.from_private_bytes(key.material).sign(content)
    else:
        raise ValueError("a public key cannot sign")
    return f"{key.scheme},{base64.b64encode(signature).decode()}"


def prove(
    authentication: Authentication,
    secrets: Sequence[str],
    *,
    message_id: str,
    timestamp: int,
    body: bytes,
) -> Proof:
    """What a host with this authentication would send along; the newest secret stands first."""
    return _PROOFS[Kind(authentication.kind)](
        authentication, tuple(secrets), message_id, timestamp, body
    )


def _standard(
    how: Authentication, secrets: tuple[str, ...], message_id: str, timestamp: int, body: bytes
) -> Proof:
    return Proof(
        {
            how.id_header or "webhook-id": message_id,
            how.timestamp_header or "webhook-timestamp": str(timestamp),
            how.header or "webhook-signature": sign_standard_webhook(
                secrets[0], message_id, timestamp, body
            ),
        }
    )


def _hmac(
    how: Authentication, secrets: tuple[str, ...], message_id: str, timestamp: int, body: bytes
) -> Proof:
    content = signed_content(how, message_id.encode(), str(timestamp).encode(), body)
    digest = hmac.digest(secrets[0].encode(), content, "sha256")
    signature = base64.b64encode(digest).decode() if how.encoding == "base64" else digest.hex()
    headers = {how.header: f"{how.prefix}{signature}"}
    if how.timestamp_header:
        headers[how.timestamp_header] = str(timestamp)
    if how.id_header:
        headers[how.id_header] = message_id
    return Proof(headers)


def _static(
    how: Authentication, secrets: tuple[str, ...], message_id: str, timestamp: int, body: bytes
) -> Proof:
    return Proof(dict(zip(how.static_headers, secrets, strict=False)))


def _bearer(
    how: Authentication, secrets: tuple[str, ...], message_id: str, timestamp: int, body: bytes
) -> Proof:
    return Proof({"Authorization": f"Bearer {secrets[0]}"})


def _basic(
    how: Authentication, secrets: tuple[str, ...], message_id: str, timestamp: int, body: bytes
) -> Proof:
    pair = base64.b64encode(f"{how.username}:{secrets[0]}".encode()).decode()
    return Proof({"Authorization": f"Basic {pair}"})


def _query(
    how: Authentication, secrets: tuple[str, ...], message_id: str, timestamp: int, body: bytes
) -> Proof:
    return Proof(query={how.query_name: secrets[0]})


_PROOFS = {
    Kind.STANDARD_WEBHOOKS: _standard,
    Kind.HMAC_SHA256: _hmac,
    Kind.STATIC_HEADER: _static,
    Kind.BEARER: _bearer,
    Kind.BASIC: _basic,
    Kind.QUERY_KEY: _query,
}
