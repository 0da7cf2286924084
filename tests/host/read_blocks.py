"""The reads of an `outbound:` block as the YAML loader hands them over (texts only)."""

from typing import Any

STATES = {"1": "open", "2": "done", "Withdrawn": "cancelled"}
READ_TASK: dict[str, Any] = {
    "method": "GET",
    "path": "/tasks/{{ remote_id }}",
    "state": {"path": "state", "map": STATES},
    "done_on": "completed_at",
    "result": {
        "path": "outcome",
        "map": {"NC": "no_change", "CN": "change_needed", "X": "none"},
    },
    "assignee_id": {"path": "owner.reference", "pattern": "([^/]+)$"},
    "absent": ["404"],
}
READ_PERSON: dict[str, Any] = {
    "method": "GET",
    "path": "/people/{{ person_id }}",
    "id": "id",
    "date_of_birth": {"path": "dob", "date_formats": "%d.%m.%y"},
    "died_on": "died",
    "restricted": "restricted",
    "worker_id": "worker.id",
    "worker_active": {"path": "worker.status", "map": {"A": "yes"}, "otherwise": "no"},
    "manager_id": "manager",
    "team_id": "team",
    "merged_into": "merged",
    "absent": ["404", "410"],
}
LIST: dict[str, Any] = {
    "method": "GET",
    "path": "/forms?since={{ since | utc }}",
    "items": "items",
    "next": "next",
}
FETCH = {"method": "GET", "path": "/forms/{{ id }}", "payload": "form", "absent": "404"}
