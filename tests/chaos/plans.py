"""The two shapes that are raided: one worker on SQLite, several of everything on PostgreSQL."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.servers import postgres_database

from .council import Shape
from .killer import Habits
from .raid import Plan

STORES = ("sqlite", "postgresql")

PATIENT = Habits(pause=(0.2, 1.5))
LEASE = "6"
OVER_THE_LEASE = Habits(pause=(0.2, 9.0), pauses=0.25)
"""Pauses that are longer than the lease: another worker takes over meanwhile."""


@contextmanager
def planned(store: str, seconds: float, seed: int) -> Iterator[Plan]:
    """A raid on this kind of store; its database is there until the end of the block."""
    if store == "sqlite":
        yield Plan(store, {}, seconds, seed, Shape(webs=1, workers=1), PATIENT)
        return
    with _postgres() as url:
        settings = {"CONNECTOR_DATABASE_URL": url, "CONNECTOR_LEASE_SECONDS": LEASE}
        yield Plan(store, settings, seconds, seed, Shape(webs=2, workers=3), OVER_THE_LEASE)


@contextmanager
def _postgres() -> Iterator[str]:
    """A database for the raid; outside a test whoever runs it is told what to install."""
    try:
        with postgres_database() as url:
            yield url
    except pytest.skip.Exception as missing:
        sys.exit(str(missing))
