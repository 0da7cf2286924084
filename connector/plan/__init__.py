"""What is owed to the host, as data: `plan` for a form, `follow_up` and its changes for a task."""

from connector.plan.planning import Plan, plan
from connector.plan.references import (
    action_key,
    base_key,
    form_id_of,
    period_key,
    reference,
    reference_guid,
    times_planned,
)
from connector.plan.tasks import (
    FIRST_TASK_POSITION,
    again,
    cancellation,
    copy_taken_back,
    follow_up,
    opened,
    reassignment,
    staying,
    update,
)
from connector.plan.variables import Occasion, common, quiet_title, task_content

__all__ = [
    "FIRST_TASK_POSITION",
    "Occasion",
    "Plan",
    "action_key",
    "again",
    "base_key",
    "cancellation",
    "common",
    "copy_taken_back",
    "follow_up",
    "form_id_of",
    "opened",
    "period_key",
    "plan",
    "quiet_title",
    "reassignment",
    "reference",
    "reference_guid",
    "staying",
    "task_content",
    "times_planned",
    "update",
]
