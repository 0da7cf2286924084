"""`/metrics` for Prometheus: how many of everything, and how long ago. Numbers only, no people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from connector.dates import london_date
from connector.store import Transaction
from connector.store.heartbeats import WORKER
from connector.web.services import WebServices

NIGHTLY_CHECK, SWEEP = "nightly check", "sweep"
"""The rounds at the hosts whose findings are shown."""


@dataclass(frozen=True)
class _Gauge:
    """One measure: its labels, and its number for each set of their values."""

    name: str
    meaning: str
    labels: Sequence[str]
    numbers: Mapping[tuple[str, ...], float]

    def family(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(self.name, self.meaning, labels=self.labels)
        for values, number in sorted(self.numbers.items()):
            family.add_metric(values, number)
        return family


def metrics_routes(services: WebServices) -> Blueprint:
    """`/metrics`: open like `/healthz`. Raises OutOfOrder where the database does not answer."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def measure() -> Response:
        with services.store.transaction() as tx:
            gauges = list(_gauges(tx, services.now()))
        registry = CollectorRegistry()
        registry.register(_Once(gauges))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return routes


class _Once(Collector):
    """What was measured for one request, in the form the library wants."""

    def __init__(self, gauges: Sequence[_Gauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        return (gauge.family() for gauge in self._gauges)


def _gauges(tx: Transaction, now: datetime) -> Iterator[_Gauge]:
    counts, host_state = tx.counts, ("host", "state")
    yield _Gauge("connector_submissions", "Deliveries.", host_state, counts.submissions())
    yield _Gauge("connector_effects", "Writes to the hosts.", host_state, counts.effects())
    yield _Gauge("connector_follow_ups", "Follow-ups.", ("state",), counts.follow_ups())
    yield _one(
        "connector_follow_ups_overdue",
        "Tasks in an inbox whose due date has passed.",
        counts.overdue(london_date(now)),
    )
    yield _Gauge(
        "connector_people_without_next_step",
        "People without a next step, by the last nightly check.",
        ("host",),
        _by_host(tx, NIGHTLY_CHECK),
    )
    yield _Gauge(
        "connector_missed_forms_found",
        "Forms whose webhook was lost, by the last sweep.",
        ("host",),
        _by_host(tx, SWEEP),
    )
    yield _oldest(tx, now)
    yield from _heartbeat(tx, now)


def _by_host(tx: Transaction, name: str) -> dict[tuple[str, ...], float]:
    return {(host,): found for host, found in tx.persons.rounds(name).items()}


def _oldest(tx: Transaction, now: datetime) -> _Gauge:
    oldest = tx.counts.oldest_waiting()
    seconds = (now - oldest).total_seconds() if oldest else 0
    meaning = "Seconds since the oldest delivery came that still waits; 0 where none waits."
    return _one("connector_oldest_waiting_seconds", meaning, seconds)


def _heartbeat(tx: Transaction, now: datetime) -> Iterator[_Gauge]:
    """Left out where the worker has never run."""
    if seen := tx.heartbeats.latest(WORKER):
        age = (now - seen.at).total_seconds()
        name = "connector_worker_heartbeat_age_seconds"
        yield _one(name, "Seconds since the worker last gave a sign of life.", age)


def _one(name: str, meaning: str, number: float) -> _Gauge:
    return _Gauge(name, meaning, (), {(): max(number, 0)})
