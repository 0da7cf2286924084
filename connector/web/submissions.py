"""What became of a submission, for IT: states, problems and references, no answers."""

import hmac
import re
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request

from connector.errors import Refused
from connector.store import Transaction
from connector.store.effect_row import EffectRow
from connector.store.submission_row import Submission
from connector.web.services import WebServices

_ID = re.compile(r"[a-z]{1,8}_[0-9a-z]{1,40}")


def submission_routes(services: WebServices) -> Blueprint:
    """`GET /submissions/{id}`, for the holder of the API token only."""
    routes = Blueprint("submissions", __name__)

    @routes.get("/submissions/<submission_id>")
    def show(submission_id: str) -> Response:
        _check_token(services.api_token)
        # An id that is none of ours is not asked for: the database may not even take its letters.
        with services.store.side_by_side() as tx:
            found = tx.submissions.get(submission_id) if _ID.fullmatch(submission_id) else None
            if found is None:
                raise Refused(404, "There is no submission of this id.")
            return jsonify(_story(tx, found))

    return routes


def _check_token(right: str) -> None:
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if not right:
        raise Refused(401, "Nobody may read this: IT has not set CONNECTOR_API_TOKEN.")
    matches = hmac.compare_digest(right.encode(), shown.strip().encode("utf-8", "replace"))
    if scheme.lower() != "bearer" or not matches:
        raise Refused(401, "Send the connector's API token as a bearer token.")


def _story(tx: Transaction, found: Submission) -> dict[str, Any]:
    return {
        "submission": found.id,
        "host": found.host,
        "state": found.standing,
        "reason": found.reason,
        "received_at": found.received_at.isoformat(),
        "processed_at": found.processed_at.isoformat() if found.processed_at else None,
        "form": {"type": found.form_type, "id": found.form_id, "version": found.version},
        "status": found.status,
        "problems": [asdict(each) for each in tx.submissions.problems(found.id)],
        "effects": [_effect(each) for each in tx.effects.of_submission(found.id)],
    }


def _effect(effect: EffectRow) -> dict[str, Any]:
    return {
        "effect": effect.id,
        "kind": effect.kind,
        "step": effect.step,
        "state": effect.state,
        "reference": effect.reference,
        "host_reference": effect.remote_id,
        "attempts": effect.attempts,
        "next_try_at": effect.not_before.isoformat() if effect.not_before else None,
        "reason": effect.reason,
    }
