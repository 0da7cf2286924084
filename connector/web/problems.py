"""Every error as application/problem+json (RFC 9457), in plain English and without a trace."""

import json
import traceback
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from connector.errors import OutOfOrder, Refused, SetupProblem
from connector.web.door_counts import remember

RETRY_AFTER_SECONDS = 30
SENTENCES = {
    400: "The request could not be read.",
    404: "There is nothing at this address. /openapi.json lists the addresses there are.",
    408: "The request took too long to arrive.",
    413: "The request is too large.",
}
OUR_FAULT = "Something went wrong on our side; nothing is known to be kept. Please send it again."
OUT_OF_ORDER = "We cannot keep anything at the moment. Please send it again later."
NOT_SET_UP = "The connector is not set up rightly; its log says what to change."

log = structlog.get_logger("connector.web")


def problem(status: int, detail: str, **members: Any) -> Response:
    """One problem document; `members` are further facts, such as `problems`."""
    facts = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return Response(
        json.dumps({**facts, "detail": detail, **members}, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
    )


def answer_errors(app: Flask) -> None:
    """Have every error of `app` answered by this module."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OutOfOrder, _out_of_order)
    # Whatever else goes wrong in the database is an outage of ours too, never the sender's fault.
    app.register_error_handler(SQLAlchemyError, _out_of_order)
    app.register_error_handler(SetupProblem, _not_set_up)
    app.register_error_handler(HTTPException, _from_framework)
    app.register_error_handler(Exception, _last_resort)


def _refused(error: Refused) -> Response:
    remember(error)
    response = problem(error.status, str(error))
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="connector"'
    return response


def _out_of_order(error: OutOfOrder | SQLAlchemyError) -> Response:
    log.error("out of order", **_traits(error))
    return _later(OUT_OF_ORDER)


def _not_set_up(error: SetupProblem) -> Response:
    log.critical("not set up", **_traits(error))
    return _later(NOT_SET_UP)


def _later(detail: str) -> Response:
    response = problem(503, detail)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _from_framework(error: HTTPException) -> Response:
    status = error.code or 500
    if 300 <= status < 400:
        status = 404
    response = problem(status, _sentence(error, status))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _sentence(error: HTTPException, status: int) -> str:
    if isinstance(error, MethodNotAllowed):
        methods = sorted(set(error.valid_methods or ()) - {"HEAD", "OPTIONS"})
        return f"This address takes {' or '.join(methods) or 'another method'} only."
    return SENTENCES.get(status, OUR_FAULT if status >= 500 else SENTENCES[400])


def _last_resort(error: Exception) -> Response:
    log.error("request failed", **_traits(error))
    return problem(500, OUR_FAULT)


def _traits(error: BaseException) -> dict[str, str]:
    """The class and the place of an error; its text may repeat what was sent to us."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "place": place}
