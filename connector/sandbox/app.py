"""Putting the sandbox together."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from connector.sandbox import api, desk_calls, pages
from connector.sandbox.api.problems import problem_answer
from connector.sandbox.database import Database
from connector.sandbox.desk import HOME, Desk
from connector.sandbox.entries import Entries
from connector.sandbox.filled_forms import FilledForms
from connector.sandbox.pages.wording import FILTERS
from connector.sandbox.people import People, move_in
from connector.sandbox.settings import SandboxSettings
from connector.sandbox.switches import Switches
from connector.sandbox.webhooks import Webhooks

_LARGEST_BODY = 20 * 1024 * 1024
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_sandbox(settings: SandboxSettings, *, clock: Callable[[], datetime] = _utc_now) -> Flask:
    """The sandbox as a WSGI application, with made-up people in the register `sandbox`.

    `clock` gives the aware present time.
    """
    database = Database(settings.database)
    desk = Desk(
        settings=settings,
        database=database,
        people=People(database),
        entries=Entries(database),
        forms=FilledForms(database),
        webhooks=Webhooks(database, settings),
        switches=Switches(database),
        clock=clock,
    )
    with database.transaction():
        move_in(desk.people, HOME, desk.today())
    return _application(desk)


def _application(desk: Desk) -> Flask:
    app = Flask(__name__)
    app.extensions["sandbox"] = desk
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = _LARGEST_BODY
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"today_here": desk.today().isoformat()})
    for blueprint in (*api.BLUEPRINTS, desk_calls.calls, *pages.BLUEPRINTS):
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, _said_no)
    app.before_request(_from_our_own_pages_only)
    app.after_request(_with_safe_headers)
    return app


def _is_api() -> bool:
    parts = request.path.split("/")
    return parts[1] == "switches" or parts[3:4] in (["api"], ["desk"])


def _said_no(error: HTTPException) -> ResponseReturnValue:
    if _is_api():
        return problem_answer(error.code or 500, error.description or error.name)
    return render_template("error.html", error=error), error.code or 500


def _from_our_own_pages_only() -> ResponseReturnValue | None:
    """No other web site may press a button here: the pages have no log-in to protect them."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return "Not from another site.", 403
    return None


def _with_safe_headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = _POLICY
    return response
