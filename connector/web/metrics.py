"""`/metrics` for Prometheus: how many of everything, and how long ago. Numbers only, no people."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress

import structlog
from flask import Blueprint, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from connector.errors import ConnectorError
from connector.web.door_counts import DoorCounts
from connector.web.gauges import Gauge, gauges, one
from connector.web.health import DATABASE, readiness
from connector.web.services import WebServices

log = structlog.get_logger("connector.web")


def metrics_routes(services: WebServices, door: DoorCounts) -> Blueprint:
    """`/metrics`: open like `/healthz`, and answered without the database too."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def measure() -> Response:
        registry = CollectorRegistry()
        registry.register(door)
        registry.register(_Once(measured(services)))
        ProcessCollector(registry=registry)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return routes


def measured(services: WebServices) -> list[Gauge]:
    """Every measure of this moment; without the database only what is known without it."""
    wrong = readiness(services)
    checks: dict[tuple[str, ...], bool] = {(name,): not wrong[name] for name in wrong}
    works = checks[DATABASE,]
    return [
        Gauge("build_info", "The version that runs.", ("version",), {(services.version,): 1}),
        Gauge("ready", "1 for each thing in order that /readyz looks at.", ("check",), checks),
        one("database_up", "1 while the database can be written to.", works),
        *_disk(services),
        *(_told_by_the_database(services) if works else ()),
    ]


def _disk(services: WebServices) -> Iterator[Gauge]:
    with suppress(OSError):
        free = shutil.disk_usage(services.data_folder).free
        yield one("disk_free_bytes", "What is left of the disk of the data folder.", free)


def _told_by_the_database(services: WebServices) -> list[Gauge]:
    try:
        with services.store.looking() as tx:
            return list(gauges(tx, services, services.now()))
    except (ConnectorError, SQLAlchemyError) as error:
        log.error("not measured", exc_info=error)
        return []


class _Once(Collector):
    """What was measured for one request, in the form the library wants."""

    def __init__(self, measures: Sequence[Gauge]) -> None:
        self._measures = measures

    def collect(self) -> Iterator[Metric]:
        return (gauge.family() for gauge in self._measures)
