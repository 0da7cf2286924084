"""How the sandbox's API says no."""

from typing import Any

from flask import Response, jsonify


class ApiProblem(Exception):
    """A request that gets a problem answer: its HTTP `status` and a sentence for the caller."""

    def __init__(self, status: int, detail: str, field: str | None = None) -> None:
        self.status = status
        self.detail = detail
        self.field = field
        super().__init__(detail)


def problem_answer(
    status: int, detail: str, field: str | None = None, retry_after: int | None = None
) -> Response:
    """An `application/problem+json` answer (RFC 9457)."""
    body: dict[str, Any] = {"type": "about:blank", "status": status, "detail": detail}
    if field:
        body["field"] = field
    answer = jsonify(body)
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer
