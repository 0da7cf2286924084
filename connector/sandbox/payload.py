"""The JSON this case system sends when a form is completed."""

import json
from typing import Any

from connector.sandbox.filled_forms import FilledForm


def webhook_body(delivery: str, form: FilledForm, url: str) -> bytes:
    """The bytes of one webhook: the envelope, the people, and every answer, blank ones as ""."""
    head = form.head
    return json.dumps(
        {
            "event": "form.completed",
            "delivery": delivery,
            "form": {
                "id": form.id,
                "version": form.version,
                "type": form.type,
                "status": form.status,
                "completed_at": form.completed_at,
                "url": url,
            },
            "person": _person(form),
            "worker": {"id": head["worker_id"], "name": head["worker_name"]},
            "completed_by": {
                "id": head["completed_by_id"],
                "name": head["completed_by_name"],
                "email": head["completed_by_email"],
                "role": head["completed_by_role"],
            },
            "manager": {"id": head["manager_id"], "name": head["manager_name"]},
            "team": {"id": head["team_id"], "name": head["team_name"]},
            "answers": form.answers,
        },
        ensure_ascii=False,
    ).encode()


def _person(form: FilledForm) -> dict[str, Any]:
    person = {
        "id": form.person_id,
        "first_name": form.head["person_first_name"],
        "last_name": form.head["person_last_name"],
        "date_of_birth": form.head["date_of_birth"],
        "restricted": form.head["restricted"] == "yes",
    }
    if form.head["date_of_death"]:
        person["date_of_death"] = form.head["date_of_death"]
    return person
