"""A sandbox on a fixed day, its API, and one that answers on a real socket."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from ears import Listener, listening
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.sandbox import SandboxSettings, create_sandbox, start

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
NOW = datetime(2026, 3, 27, 14, 5, tzinfo=UTC)
Api = Callable[..., TestResponse]


@pytest.fixture
def make_sandbox() -> Iterator[Callable[..., Flask]]:
    """Make sandboxes whose day is 27 March 2026."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = create_sandbox(
            SandboxSettings(**{"token": "a-token", "webhook_secret": SECRET, **settings}),
            clock=lambda: NOW,
        )
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["sandbox"].database.close()


@pytest.fixture
def app(make_sandbox: Callable[..., Flask]) -> Flask:
    return make_sandbox()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A connector that only listens."""
    with listening() as ears:
        yield ears


@pytest.fixture
def told_app(listener: Listener, make_sandbox: Callable[..., Flask]) -> Flask:
    """A sandbox that knows where the connector is."""
    return make_sandbox(connector_url=listener.url + "/")


@pytest.fixture
def worker(told_app: Flask) -> FlaskClient:
    """A browser at a sandbox that knows where the connector is."""
    return told_app.test_client()


@pytest.fixture
def api(app: Flask) -> Api:
    """Call the API of a register: api("post", "/tasks", json=…)."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer a-token"

    def call(method: str, path: str, register: str = "flat", **rest: Any) -> TestResponse:
        where = path if path.startswith("/switches") else f"/registers/{register}/api{path}"
        return client.open(where, method=method.upper(), **rest)

    return call


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The same sandbox on a real socket."""
    running = start(app)
    yield running.url
    running.stop()


@pytest.fixture
def task() -> dict[str, Any]:
    return {
        "reference": "lcf-0123456789abcdef0123",
        "person_id": "400123",
        "title": "Contact the lead social worker",
        "text": "Ring them.\nWhy: you answered Yes.",
        "opens_on": "2026-05-19",
        "due_on": "2026-06-16",
        "assignee": {"kind": "worker", "id": "7781"},
    }
