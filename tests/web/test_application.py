"""What holds on every route: problem documents, headers, no trace, and a true description."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from receiving import TOKEN, DryRun, Sender
from sqlalchemy.exc import InternalError

from connector.errors import KeyProblem
from connector.web import WebServices, create_app


class BrokenStore:
    """Raises what it was given, whatever is asked of it."""

    shared = False

    def __init__(self, error: Exception) -> None:
        self.error = error

    def transaction(self) -> Any:
        raise self.error

    def side_by_side(self) -> Any:
        raise self.error

    def gathered(self, work: Any) -> Any:
        raise self.error


SECRET_TEXT = "Canary-5519 lives at 1 High Street"
ROUTES = [
    ("POST", "/hooks/north"),
    ("POST", "/hosts/north/validate"),
    ("GET", "/submissions/sub_1"),
    ("GET", "/readyz"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_fault_of_ours_shows_no_trace_and_is_logged_by_class(
    method: str,
    path: str,
    services: WebServices,
    dry_run: DryRun,
    sender: Sender,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dry_run.result = RuntimeError(SECRET_TEXT)
    broken = replace(services, store=BrokenStore(RuntimeError(SECRET_TEXT)))  # type: ignore[arg-type]
    client = create_app(broken).test_client()
    answer = Sender(client, sender.clock).post(
        to=path, method=method, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert "Traceback" not in answer.text
    logged = capsys.readouterr().out
    assert "RuntimeError" in logged
    assert "Canary" not in answer.text + logged


def test_a_missing_key_is_our_outage_not_the_senders(services: WebServices, sender: Sender) -> None:
    broken = replace(services, store=BrokenStore(KeyProblem("key k1 is missing")))  # type: ignore[arg-type]
    answer = Sender(create_app(broken).test_client(), sender.clock).post()
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


@pytest.mark.parametrize(("method", "path"), [ROUTES[0], ROUTES[2]])
def test_a_trouble_of_the_database_nobody_foresaw_is_our_outage_too(
    method: str, path: str, services: WebServices, sender: Sender
) -> None:
    unforeseen = InternalError("INSERT", {"name": SECRET_TEXT}, Exception(SECRET_TEXT))
    broken = replace(services, store=BrokenStore(unforeseen))  # type: ignore[arg-type]
    answer = Sender(create_app(broken).test_client(), sender.clock).post(
        to=path, method=method, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert "Canary" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/hooks/north", 405),
        ("DELETE", "/submissions/sub_1", 405),
        ("POST", "/healthz", 405),
        ("GET", "/static/x", 404),
        ("GET", "/../etc/passwd", 404),
        ("POST", "/hooks/", 404),
        ("POST", "/hooks/%00", 404),
        ("POST", "/hooks/%F0%28", 404),
    ],
)
def test_every_error_is_a_problem_document(
    method: str, path: str, status: int, client: FlaskClient
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    facts = json.loads(answer.data)
    assert facts.keys() == {"type", "title", "status", "detail"}
    if status == 405:
        assert answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/nowhere"])
def test_every_answer_carries_the_safety_headers(path: str, client: FlaskClient) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers


def test_the_description_is_valid_openapi(client: FlaskClient) -> None:
    validate(client.get("/openapi.json").json)


def test_routes_and_description_agree(services: WebServices) -> None:
    app = create_app(services)
    description = app.test_client().get("/openapi.json").json
    described = {
        (re.sub(r"\{\w+\}", "{}", path), method.upper())
        for path, methods in description["paths"].items()
        for method in methods
    }
    served = {
        (re.sub(r"<\w+>", "{}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == served


def test_answers_are_as_described(client: FlaskClient, sender: Sender) -> None:
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    kept = sender.post().json
    assert set(schemas["Accepted"]["required"]) <= kept.keys()
    assert sender.post().json.keys() == schemas["Accepted"]["properties"].keys()
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    shown = client.get(f"/submissions/{kept['submission']}", headers=bearer).json
    assert shown.keys() == schemas["Submission"]["properties"].keys()
