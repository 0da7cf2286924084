"""The web application: routes, errors and headers put together."""

from importlib.resources import files

from flask import Flask, Response

from connector.web.door_counts import DoorCounts
from connector.web.health import health_routes
from connector.web.hooks import hook_routes, validate_routes
from connector.web.metrics import metrics_routes
from connector.web.problems import answer_errors
from connector.web.services import WebServices
from connector.web.submissions import submission_routes

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def create_app(services: WebServices) -> Flask:
    """The receiver and its small API. Keeps nothing but counts and starts nothing."""
    app = Flask("connector.web", static_folder=None)
    app.url_map.strict_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    for routes in (hook_routes, validate_routes, submission_routes, health_routes):
        app.register_blueprint(routes(services))
    answer_errors(app)
    counts = DoorCounts(services.hosts)
    counts.watch(app)
    app.register_blueprint(metrics_routes(services, counts))
    app.after_request(_with_headers)
    description = files("connector.web").joinpath("openapi.json").read_bytes()

    @app.get("/openapi.json")
    def describe() -> Response:
        return Response(description, content_type="application/json")

    return app


def _with_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
