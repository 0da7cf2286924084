"""A task about nobody in particular: for a manager, or the team where there is none."""

from dataclasses import replace

from connector.casework.desk import Desk
from connector.casework.occasions import envelope_of, unasked
from connector.casework.owning import Owner
from connector.model import FollowUp, Inbox, Task
from connector.people import Person
from schemas import Envelope

TEAM_RECORD = "team_record_id"
"""The key in `defaults:` for the record such a task is put on."""

NOBODY = ""


def about_nobody(
    desk: Desk, host: str, submission_id: str, task: Task, key: str, owner: Owner
) -> FollowUp:
    """The task with the effect it will become, on the team's record where the profile names one."""
    envelope = envelope_for(desk, host, owner)
    record = envelope.person_id
    planned = unasked(desk, host, submission_id, replace(envelope, person_id=None), task, key)
    content = {**planned.effect.content, "person_id": record}
    effect = replace(planned.effect, person_id=record or NOBODY, content=content)
    return replace(planned, effect=effect)


def envelope_for(desk: Desk, host: str, owner: Owner) -> Envelope:
    """Whom and which record such a task is for; no record where the profile names none."""
    roles = {
        "manager_id": owner.assignee if owner.inbox is Inbox.MANAGER else None,
        "team_id": owner.assignee if owner.inbox is Inbox.TEAM else None,
    }
    envelope = envelope_of(desk, host, NOBODY, Person(), roles)
    return replace(envelope, person_id=desk.default(host, TEAM_RECORD))
