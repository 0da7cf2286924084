"""Alive, and able to do its job: for a load balancer, a watchdog and the person on call."""

import shutil
from collections.abc import Callable
from datetime import timedelta

import structlog
from flask import Blueprint, Response, jsonify

from connector.errors import ConnectorError
from connector.store.heartbeats import WORKER
from connector.web.problems import problem
from connector.web.services import WebServices

WORKER_SILENCE = timedelta(minutes=2)

log = structlog.get_logger("connector.web")


def health_routes(services: WebServices) -> Blueprint:
    """`/healthz`: this process answers. `/readyz`: database, worker and disk are in order."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def alive() -> Response:
        return jsonify({"status": "alive", "version": services.version})

    @routes.get("/readyz")
    def ready() -> Response:
        reasons = {name: check(services) for name, check in CHECKS.items()}
        wrong = [reason for reason in reasons.values() if reason]
        checks = {name: reason or "in order" for name, reason in reasons.items()}
        if wrong:
            return problem(503, " ".join(wrong), checks=checks)
        return jsonify({"status": "ready", "checks": checks})

    return routes


def _database(services: WebServices) -> str:
    """Proven by writing, since a full disk or a read-only file still reads."""
    try:
        with services.store.transaction() as tx:
            tx.heartbeats.beat("web", services.now())
    except ConnectorError as wrong:
        log.error("not ready", error=type(wrong).__name__)
        return "The database cannot be written to."
    return ""


def _worker(services: WebServices) -> str:
    try:
        with services.store.transaction() as tx:
            seen = tx.heartbeats.latest(WORKER)
    except ConnectorError:
        return "Nobody can tell whether the worker runs, since the database does not answer."
    if seen is None:
        return "The worker has never run. Start it with “connector work”."
    if services.now() - seen.at > WORKER_SILENCE:
        return "The worker gave no sign of life for two minutes."
    return ""


def _disk(services: WebServices) -> str:
    try:
        free = shutil.disk_usage(services.data_folder).free
    except OSError:
        return "The data folder cannot be found."
    if free < services.least_free_bytes:
        return f"The disk has only {free // 1_000_000} MB left."
    return ""


CHECKS: dict[str, Callable[[WebServices], str]] = {
    "database": _database,
    "worker": _worker,
    "disk": _disk,
}
