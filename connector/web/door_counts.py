"""What came to the door of this process since it started: kept, kept already, refused and why."""

from collections import Counter
from collections.abc import Iterable, Iterator
from threading import Lock

from flask import Flask, Response, g, request
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from connector.errors import Refused

UNKNOWN = "unknown"
"""The host where the address names none that is set up: what strangers type is no label."""

REASONS = {
    400: "unreadable",
    401: "not proven",
    404: "no such address",
    405: "wrong method",
    408: "too slow",
    409: "another body",
    413: "too large",
    415: "wrong type",
    429: "too many",
    503: "out of order",
}
TIME = "time-stamp"
OTHER = "other"
OUR_MISTAKE = "our mistake"

# A form that would be sent back for its answers is no refusal; the health of this service neither.
_NOT_REFUSED = (422,)
_NOT_AT_THE_DOOR = ("health.", "metrics.")


class DoorCounts(Collector):
    """Counts every answer of one application; safe to use from many threads."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = frozenset(hosts)
        self._counting = Lock()
        self._kept = Counter[tuple[str, ...]]({(host,): 0 for host in self._hosts})
        self._duplicates = self._kept.copy()
        self._refused = Counter[tuple[str, ...]](
            {(host, reason): 0 for host in self._hosts for reason in (REASONS[401], TIME)}
        )

    def watch(self, app: Flask) -> None:
        """Count whatever this application answers."""
        app.after_request(self._count)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """The counts as the library wants them."""
        with self._counting:
            kept, again, refused = self._kept.copy(), self._duplicates.copy(), self._refused.copy()
        yield _family("kept", "Webhooks kept, those we held already among them.", ("host",), kept)
        yield _family("duplicate", "Webhooks we held already.", ("host",), again)
        yield _family("refused", "Requests refused at the door.", ("host", "reason"), refused)

    def _count(self, response: Response) -> Response:
        host = (request.view_args or {}).get("host", UNKNOWN)
        host = host if host in self._hosts else UNKNOWN
        with self._counting:
            if request.endpoint == "hooks.take" and response.status_code == 202:
                self._kept[host,] += 1
                self._duplicates[host,] += "duplicate" in (response.get_json() or {})
            elif _is_refusal(response):
                self._refused[host, _reason(response.status_code)] += 1
        return response


def remember(refusal: Refused) -> None:
    """Keep why the present request is refused, until it is counted."""
    g.refusal = refusal


def _is_refusal(response: Response) -> bool:
    if (request.endpoint or "").startswith(_NOT_AT_THE_DOOR):
        return False
    return response.status_code >= 400 and response.status_code not in _NOT_REFUSED


def _reason(status: int) -> str:
    if status == 401 and TIME in str(g.get("refusal", "")):
        return TIME
    return REASONS.get(status, OTHER if status < 500 else OUR_MISTAKE)


def _family(
    name: str, meaning: str, labels: Iterable[str], numbers: Counter[tuple[str, ...]]
) -> CounterMetricFamily:
    family = CounterMetricFamily(f"connector_webhooks_{name}", meaning, labels=list(labels))
    for values, number in sorted(numbers.items()):
        family.add_metric(values, number)
    return family
