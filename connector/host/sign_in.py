"""Proving who we are: secrets come from the environment, and appear in no text or message."""

import base64
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

import requests

from connector.errors import Declined, HostError, NotSent, OutcomeUnknown, SetupProblem
from connector.host.answers import as_text, read_json, refusal
from connector.host.trying import thrice
from connector.host.wire import Answer, Wire
from connector.mapping.outbound_auth import (
    Auth,
    Basic,
    Bearer,
    ClientCredentials,
    StaticHeaders,
)

_EARLY = 30.0
_UNSAID = 300.0
_SENDABLE = re.compile(r"[\x20-\x7e]+")


class FixedSignIn:
    """Headers that stay the same for as long as we run."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        wrong = [name for name, value in headers.items() if not _SENDABLE.fullmatch(value)]
        if wrong:
            raise SetupProblem(
                f"The secret for the header {wrong[0]} holds a line break or another character "
                "that a header cannot carry."
            )
        self._headers = dict(headers)

    def headers(self) -> Mapping[str, str]:
        """What every request carries."""
        return self._headers

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Nothing to renew: trying again could only lock the account."""
        return False


class TokenSignIn:
    """OAuth2 client credentials: one token for all threads, fetched anew shortly before its end."""

    def __init__(self, wire: Wire, request: requests.PreparedRequest) -> None:
        self._wire = wire
        self._request = request
        self._lock = threading.Lock()
        self._headers: Mapping[str, str] | None = None
        self._ends = 0.0

    def headers(self) -> Mapping[str, str]:
        """The token as a header. NotSent or Declined where the token service gives none."""
        with self._lock:
            if self._headers is None or time.monotonic() >= self._ends:
                self._fetch()
            return self._headers or {}

    def renew(self, refused: Mapping[str, str]) -> bool:
        """Drop the token the host refused, unless another thread has a newer one already."""
        with self._lock:
            if self._headers == refused:
                self._headers = None
        return True

    def _fetch(self) -> None:
        token = thrice(lambda: _token(self._wire, self._request))
        self._headers = {"Authorization": f"Bearer {token['access_token']}"}
        lifetime = _seconds(token.get("expires_in"))
        self._ends = time.monotonic() + max(lifetime - _EARLY, lifetime / 2)


SignIn = FixedSignIn | TokenSignIn


def sign_in(auth: Auth, secrets: Mapping[str, str], wire: Wire) -> SignIn:
    """The sign-in a profile names. Every variable it needs is there (the client has checked)."""
    if isinstance(auth, StaticHeaders):
        return FixedSignIn({name: _secret(secrets, env) for name, env in auth.headers_env.items()})
    if isinstance(auth, Bearer):
        return FixedSignIn({"Authorization": f"Bearer {_secret(secrets, auth.token_env)}"})
    if isinstance(auth, Basic):
        name = _given(auth.username, auth.username_env, secrets)
        return FixedSignIn({"Authorization": _basic(name, _secret(secrets, auth.password_env))})
    if isinstance(auth, ClientCredentials):
        return _token_sign_in(auth, secrets, wire)
    return FixedSignIn({})


def _token_sign_in(auth: ClientCredentials, secrets: Mapping[str, str], wire: Wire) -> TokenSignIn:
    url = _given(auth.token_url, auth.token_url_env, secrets)
    client = _given(auth.client_id, auth.client_id_env, secrets)
    secret = _secret(secrets, auth.client_secret_env)
    form = {"grant_type": "client_credentials"}
    scope = auth.scope or (_secret(secrets, auth.scope_env) if auth.scope_env else "")
    if scope:
        form["scope"] = scope
    headers = {"Accept": "application/json"}
    if auth.client_auth == "basic":
        headers["Authorization"] = _basic(client, secret)
    else:
        form |= {"client_id": client, "client_secret": secret}
    request = requests.Request("POST", url, headers=headers, data=form).prepare()
    return TokenSignIn(wire, request)


def _token(wire: Wire, request: requests.PreparedRequest) -> dict[str, Any]:
    """What the token service answers. Fetching a token changes nothing: never OutcomeUnknown."""
    failure: HostError
    try:
        return _token_in(wire.exchange(request))
    except Declined as error:
        failure = Declined(
            f"The token service refused us with {error.status}: IT checks the client id and "
            "secret. Nothing was sent.",
            status=error.status,
        )
    except (NotSent, OutcomeUnknown) as error:
        failure = NotSent(
            "The token service did not answer as it should; nothing was sent.",
            status=error.status,
            retry_after=error.retry_after,
        )
    raise failure


def _token_in(answer: Answer) -> dict[str, Any]:
    if answer.status != 200:
        raise refusal(answer)
    found = read_json(answer)
    if isinstance(found, dict) and _SENDABLE.fullmatch(as_text(found.get("access_token"))):
        return found
    raise OutcomeUnknown("There is no token in the answer.", status=answer.status)


def _seconds(typed: object) -> float:
    try:
        return max(0.0, float(as_text(typed)))
    except ValueError:
        return _UNSAID


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode("ascii")


def _given(value: str | None, env: str | None, secrets: Mapping[str, str]) -> str:
    return value if value is not None else _secret(secrets, env or "")


def _secret(secrets: Mapping[str, str], name: str) -> str:
    return secrets[name].strip()
