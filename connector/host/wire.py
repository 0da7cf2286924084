"""One exchange over HTTP, and the certain/ambiguous split of everything that can break it.

Whatever fails before a connection stands is certain: nothing left. Whatever fails later is
ambiguous. No redirect is followed, no cookie kept, nothing repeated; exception texts of the
libraries below hold addresses and are dropped.
"""

import http.client
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection

from connector.errors import HostError, NotSent, OutcomeUnknown
from connector.mapping.outbound import Timeouts
from connector.mapping.outbound_fields import LOOPBACK

LARGEST_ANSWER = 8 * 1024 * 1024
_NOT_CONNECTED = "the connection never stood"
_FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class Answer:
    """What came back. `host` is the name for messages; `now` the time of the answer."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    now: float


class _Marking:
    """Marks whatever goes wrong while connecting, TLS and proxy included."""

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except Exception as error:
            error.add_note(_NOT_CONNECTED)
            raise


class _Plain(_Marking, HTTPConnection):
    pass


class _Encrypted(_Marking, HTTPSConnection):
    pass


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Encrypted


_POOLS = {"http": _PlainPool, "https": _EncryptedPool}


class _Adapter(HTTPAdapter):
    """The usual adapter, with connections that mark a failed start."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = _POOLS
        return manager


class Wire:
    """Connections to one host, shared by a few threads. Time-outs in seconds."""

    def __init__(
        self,
        timeouts: Timeouts,
        *,
        connections: int,
        ca_bundle: str | None = None,
        certificate: tuple[str, str] | None = None,
    ) -> None:
        self._timeouts = timeouts
        self._ca_bundle = ca_bundle
        self._certificate = certificate
        self._adapter = _Adapter(pool_maxsize=connections, max_retries=0)
        self._surroundings = requests.Session()

    def exchange(self, request: requests.PreparedRequest) -> Answer:
        """Send once. NotSent: nothing left. OutcomeUnknown: no whole answer came back."""
        url = request.url or ""
        host = urlsplit(url).netloc
        try:
            response = self._adapter.send(request, **self._settings(url))
        except _FAILURES as error:
            failure = self._failure(host, error)
        else:
            with response:
                return self._answer(host, response)
        raise failure

    def close(self) -> None:
        """Give the connections back."""
        self._adapter.close()
        self._surroundings.close()

    def _settings(self, url: str) -> dict[str, Any]:
        """Time-outs, certificates and the council's proxy; this machine is never behind one."""
        settings: dict[str, Any] = {
            "timeout": (self._timeouts.connect, self._timeouts.read),
            "stream": True,
            "verify": self._ca_bundle or True,
            "cert": self._certificate,
        }
        if urlsplit(url).hostname in LOOPBACK:
            return settings
        around = self._surroundings.merge_environment_settings(
            url, {}, True, settings["verify"], None
        )
        return settings | {"proxies": around["proxies"], "verify": around["verify"]}

    def _answer(self, host: str, response: requests.Response) -> Answer:
        body: bytes | None
        try:
            body = b"".join(self._pieces(response))
        except _FAILURES:
            body = None
        if body is None and response.ok:
            raise OutcomeUnknown(
                f"The host at {host} answered {response.status_code}, but the answer broke off.",
                status=response.status_code,
            )
        headers = CaseInsensitiveDict(response.headers)
        return Answer(host, response.status_code, headers, body or b"", time.time())

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        """The body as it arrives, within a size and a time: a drip must not hold us for ever."""
        deadline = time.monotonic() + 2 * self._timeouts.read
        size = 0
        while piece := response.raw.read1(65536, decode_content=True):
            size += len(piece)
            if size > LARGEST_ANSWER or time.monotonic() > deadline:
                raise ValueError("too long an answer")
            yield piece

    def _failure(self, host: str, error: BaseException) -> HostError:
        if _never_connected(error):
            return NotSent(f"The host at {host} could not be reached; nothing was sent.")
        return OutcomeUnknown(
            f"The host at {host} gave no whole answer in time; it may have been done."
        )


def _never_connected(error: BaseException) -> bool:
    """Whether any error behind this one carries the mark of a connection that never stood."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        if _NOT_CONNECTED in getattr(link, "__notes__", ()):
            return True
        seen.add(id(link))
        link = link.__cause__ or link.__context__
    return False
