"""The JSON this case system sends when a form is completed and when something else happens."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connector.sandbox.filled_forms import FilledForm


def webhook_body(delivery: str, form: FilledForm, url: str, by: str = "") -> bytes:
    """The bytes of a form's webhook: the envelope, the people, and every answer, blank ones as "".

    `by` is the number of whoever changed the record, where that is not who completed the form.
    """
    head = form.head
    return _bytes(
        {
            "event": "form.completed",
            "delivery": delivery,
            "modified_by": {"id": by or head["completed_by_id"]},
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
        }
    )


def event_body(
    delivery: str, event: str, at: datetime, by: str, parts: Mapping[str, object]
) -> bytes:
    """The bytes of an event's webhook. `parts` says what it is about: task, person, worker…"""
    said = {"event": event, "delivery": delivery, "at": at.isoformat(timespec="seconds")}
    return _bytes({**said, "modified_by": {"id": by}, **parts})


def _bytes(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


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
