"""How a task that no form asks for is planned, and on which occasion."""

from collections.abc import Mapping
from typing import Any

from connector.casework.desk import Desk
from connector.model import FollowUp, Task
from connector.people import Person
from connector.plan import Occasion, follow_up
from schemas import Envelope


def occasion(desk: Desk, host: str, submission_id: str) -> Occasion:
    """Today, for a delivery that is known already."""
    return Occasion(
        host=host,
        submission_id=submission_id,
        version="1",
        ordinal=1,
        as_of=desk.today(),
        due_time=desk.policy.dates.due_time,
    )


def envelope_of(
    desk: Desk,
    host: str,
    person_id: str,
    known: Person,
    otherwise: Mapping[str, Any] | None = None,
) -> Envelope:
    """Who is responsible for a person now, where no form is at hand; `otherwise` if not known."""

    def who(role: str) -> str | None:
        return known.text(role) or (otherwise or {}).get(role) or desk.default(host, role)

    return Envelope(
        person_id=person_id or None,
        allocated_worker_id=known.text("worker_id"),
        allocated_worker_name=known.text("worker_name"),
        manager_id=who("manager_id"),
        team_id=who("team_id"),
        record_restricted=known.is_true("restricted"),
    )


def unasked(
    desk: Desk, host: str, submission_id: str, envelope: Envelope, task: Task, key: str
) -> FollowUp:
    """A task that something other than a form asks for."""
    return follow_up(task, key, envelope, occasion(desk, host, submission_id))
