"""How a host proves that a webhook is its own: the description a profile gives, and its secrets.

Kinds: `standard_webhooks` (v1 HMAC and v1a ed25519), `hmac_sha256` (of the body, in a named
header), `static_header`, `bearer`, `basic`, `query_key`.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connector.errors import SetupProblem

SHORTEST_KEY = 24
LONGEST_KEY = 64
SHORTEST_PASSWORD = 16


class Kind(StrEnum):
    """The ways of proving who sends; the values are the words of a profile."""

    STANDARD_WEBHOOKS = "standard_webhooks"
    HMAC_SHA256 = "hmac_sha256"
    STATIC_HEADER = "static_header"
    BEARER = "bearer"
    BASIC = "basic"
    QUERY_KEY = "query_key"


@dataclass(frozen=True)
class Authentication:
    """One host's way of signing, as its profile describes it. Secrets by variable name only.

    `secret_env`: each names one secret; any of them will do, so old and new overlap in a rotation.
    `header`: carries the signature (HMAC, default of Standard Webhooks) or the static secret.
    `headers`: several static headers, all needed; `secret_env` then repeats in the same order.
    `signed_content` (HMAC): text around `{id}`, `{timestamp}` and `{body}`; empty means `{body}`,
    or `{timestamp}.{body}` where `timestamp_header` is named.
    `encoding`: `hex` or `base64`; `prefix`: text before the signature, such as `sha256=`.
    `username` belongs to `basic`, `query_name` to `query_key` (Dataverse: `code`).
    """

    kind: str
    secret_env: tuple[str, ...]
    header: str = ""
    headers: tuple[str, ...] = ()
    timestamp_header: str = ""
    id_header: str = ""
    tolerance_seconds: int = 300
    encoding: str = "hex"
    prefix: str = ""
    signed_content: str = ""
    username: str = ""
    query_name: str = "code"

    @property
    def static_headers(self) -> tuple[str, ...]:
        """The headers a `static_header` sender must send, each with its own secret."""
        return self.headers or (self.header,)

    @property
    def content(self) -> str:
        """What an HMAC is made over, with its placeholders."""
        if self.signed_content:
            return self.signed_content
        return "{timestamp}.{body}" if self.timestamp_header else "{body}"


def faults_of(authentication: Authentication) -> tuple[str, ...]:
    """Everything wrong with a description, one sentence each; empty when it can be used."""
    if authentication.kind not in list(Kind):
        return (f"kind must be one of {', '.join(Kind)}, not “{authentication.kind}”",)
    faults = list(_FAULTS[Kind(authentication.kind)](authentication))
    if not authentication.secret_env:
        faults.append("secret_env must name at least one environment variable")
    if authentication.tolerance_seconds <= 0:
        faults.append("tolerance_seconds must be more than 0")
    return tuple(faults)


def _no_faults(authentication: Authentication) -> list[str]:
    return []


def _hmac_faults(authentication: Authentication) -> list[str]:
    faults = []
    content = authentication.content
    if not authentication.header:
        faults.append("header must name the header with the signature")
    if authentication.encoding not in ("hex", "base64"):
        faults.append("encoding must be hex or base64")
    if content.count("{body}") != 1:
        faults.append("signed_content must contain {body} once")
    for placeholder, name in (("{timestamp}", "timestamp_header"), ("{id}", "id_header")):
        named = bool(getattr(authentication, name))
        if placeholder in content and not named:
            faults.append(f"{name} must be named, since signed_content uses {placeholder}")
    if authentication.timestamp_header and "{timestamp}" not in content:
        faults.append("signed_content must contain {timestamp}, or timestamp_header proves nothing")
    return faults


def _static_faults(authentication: Authentication) -> list[str]:
    if not all(authentication.static_headers):
        return ["header must name the header with the secret"]
    if len(authentication.secret_env) % len(authentication.static_headers):
        return ["secret_env must name one variable for each of headers, in the same order"]
    return []


def _basic_faults(authentication: Authentication) -> list[str]:
    if not authentication.username or ":" in authentication.username:
        return ["username must be given, without a colon"]
    return []


def _query_faults(authentication: Authentication) -> list[str]:
    return [] if authentication.query_name else ["query_name must name the query parameter"]


_FAULTS = {
    Kind.STANDARD_WEBHOOKS: _no_faults,
    Kind.HMAC_SHA256: _hmac_faults,
    Kind.STATIC_HEADER: _static_faults,
    Kind.BEARER: _no_faults,
    Kind.BASIC: _basic_faults,
    Kind.QUERY_KEY: _query_faults,
}


def secrets_of(authentication: Authentication, env: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets a profile names, in its order (S2, S5).

    Raises SetupProblem, listing every variable that is not set, empty, malformed or weak.
    """
    if not authentication.secret_env:
        raise SetupProblem("No secret is named for incoming webhooks; name one in secret_env.")
    secrets = tuple(env.get(name, "").strip() for name in authentication.secret_env)
    problems = [
        f"{name}: {problem}"
        for name, secret in zip(authentication.secret_env, secrets, strict=True)
        if (problem := _weakness(authentication, secret))
    ]
    if problems:
        raise SetupProblem("\n".join(problems))
    return secrets


def _weakness(authentication: Authentication, secret: str) -> str:
    if not secret:
        return "set this environment variable to the secret of incoming webhooks; it is not set"
    if authentication.kind == Kind.STANDARD_WEBHOOKS:
        return _key_weakness(secret)
    shortest = SHORTEST_KEY if authentication.kind == Kind.HMAC_SHA256 else SHORTEST_PASSWORD
    if len(secret.encode()) < shortest:
        return f"this secret is too short to be safe; use at least {shortest} random characters"
    return ""


def _key_weakness(secret: str) -> str:
    try:
        read_key(secret)
    except ValueError as wrong:
        return str(wrong)
    return ""


@dataclass(frozen=True)
class Key:
    """A Standard Webhooks key: `scheme` is `v1` or `v1a`; `private` may sign with v1a."""

    scheme: str
    material: bytes
    private: bool = False


def read_key(secret: str) -> Key:
    """Read `whsec_…`, `whpk_…` or `whsk_…`. ValueError says what is wrong, never the secret."""
    prefix, _, encoded = secret.rpartition("_")
    if prefix not in ("", "whsec", "whpk", "whsk"):
        raise ValueError("a Standard Webhooks secret starts with whsec_, whpk_ or whsk_")
    try:
        material = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(
            "this secret is not valid base64 after its prefix; a good one is whsec_ and the base64"
            f" of {SHORTEST_KEY} to {LONGEST_KEY} random bytes"
        ) from None
    if prefix == "whpk" and len(material) == 32:
        return Key("v1a", material)
    if prefix == "whsk" and len(material) in (32, 64):
        return Key("v1a", material[:32], private=True)
    if prefix in ("whpk", "whsk"):
        raise ValueError("an ed25519 key has 32 bytes")
    if not SHORTEST_KEY <= len(material) <= LONGEST_KEY:
        raise ValueError(f"a secret must have {SHORTEST_KEY} to {LONGEST_KEY} random bytes")
    return Key("v1", material)
