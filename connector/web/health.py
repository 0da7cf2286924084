"""Alive, and able to do its job: for a load balancer, a watchdog and the person on call."""

import shutil
from collections.abc import Mapping
from datetime import timedelta

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from connector.errors import ConnectorError
from connector.store.heartbeats import LEADER, WORKER, Heartbeat
from connector.web.problems import problem
from connector.web.services import WebServices

DATABASE, WEB = "database", "web"
"""The check of the database, and the name under which the web part shows that it can write."""

WORKER_SILENCE = timedelta(seconds=110)
"""A worker shows itself every few seconds: so one that fails is told of within two minutes."""

NOBODY_CAN_TELL = "Nobody can tell whether the worker runs, since the database does not answer."
NEVER_RAN = "The worker has never run. Start it with “connector work”."
DUTIES = {
    "submissions": "reading the forms that came in",
    "effects": "writing to the hosts",
    "follow ups": "putting follow-ups into inboxes",
    "leases": "taking back what a stopped worker was sending",
    "hosts": "asking the hosts what changed there",
    "retention": "emptying what was kept long enough",
}

log = structlog.get_logger("connector.web")


def health_routes(services: WebServices) -> Blueprint:
    """`/healthz`: this process answers. `/readyz`: database, worker and disk are in order."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def alive() -> Response:
        return jsonify({"status": "alive", "version": services.version})

    @routes.get("/readyz")
    def ready() -> Response:
        reasons = readiness(services)
        wrong = [reason for reason in reasons.values() if reason]
        checks = {name: reason or "in order" for name, reason in reasons.items()}
        if wrong:
            return problem(503, " ".join(wrong), checks=checks)
        return jsonify({"status": "ready", "checks": checks})

    return routes


def readiness(services: WebServices) -> dict[str, str]:
    """What is wrong with each thing this service needs, in plain English; empty where in order."""
    database = _database(services)
    # One that does not answer is asked once: each question may wait for seconds.
    worker = NOBODY_CAN_TELL if database else _worker(services)
    return {DATABASE: database, "worker": worker, "disk": _disk(services)}


def _database(services: WebServices) -> str:
    """Proven by writing, since a full disk or a read-only file still reads."""
    try:
        with services.store.side_by_side() as tx:
            tx.heartbeats.beat(WEB, services.now())
    except (ConnectorError, SQLAlchemyError) as wrong:
        log.error("not ready", error=type(wrong).__name__)
        return "The database cannot be written to."
    return ""


def _worker(services: WebServices) -> str:
    try:
        with services.store.looking() as tx:
            signs = {sign.name: sign for sign in tx.heartbeats.listing()}
    except (ConnectorError, SQLAlchemyError):
        return NOBODY_CAN_TELL
    if WORKER not in signs:
        return NEVER_RAN
    # Of several workers the leader makes the rounds: no other one does them in its place.
    wanted = (WORKER, LEADER) if services.store.shared else (WORKER,)
    silent = [
        sign
        for sign in map(signs.get, wanted)
        if sign and services.now() - sign.at > WORKER_SILENCE
    ]
    return _silence(silent[0], signs) if silent else ""


def _silence(sign: Heartbeat, signs: Mapping[str, Heartbeat]) -> str:
    """Which duty is not done. The leader's sign says only which worker leads."""
    own = signs.get(f"{WORKER} {sign.detail}", sign) if sign.name == LEADER else sign
    duty = DUTIES.get(own.detail)
    about = f" for {duty}" if duty else ""
    return (
        f"The worker gave no sign of life{about} for two minutes. If it runs, its log says why; "
        "starting it again is safe."
    )


def _disk(services: WebServices) -> str:
    try:
        free = shutil.disk_usage(services.data_folder).free
    except OSError:
        return "The data folder cannot be found."
    if free < services.least_free_bytes:
        return f"The disk has only {free // 1_000_000} MB left."
    return ""
