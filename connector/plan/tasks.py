"""A task as what is owed for it: the follow-up, and its changes once it is in the host. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from connector.model import Effect, EffectKind, FollowUp, Task
from connector.plan.references import base_key, reference, reference_guid
from connector.plan.variables import (
    Occasion,
    common,
    quiet_title,
    referenced,
    says_less,
    task_content,
    task_text,
)
from schemas import Envelope

FIRST_TASK_POSITION = 3
CANCELLATION_POSITION = 1
"""After the outcome, before new tasks."""


def follow_up(
    task: Task,
    key: str,
    envelope: Envelope,
    occasion: Occasion,
    position: int = FIRST_TASK_POSITION,
    asked_by: tuple[str, str] | None = None,
) -> FollowUp:
    """A task with the effect it will become; `asked_by` is the form's type and id, if one asks."""
    person = envelope.person_id or ""
    ours = reference(occasion.host, person, task.task, key)
    own = task_content(envelope, task, occasion.due_time)
    content = referenced(common(envelope, occasion), ours, own)
    effect = Effect(EffectKind.TASK, f"task {task.task}", ours, person, position, content)
    return FollowUp(task, person, ours, effect, key, *(asked_by or (None, None)))


def again(planned: FollowUp, times: int) -> FollowUp:
    """The same task for the second, third … time: the one before was taken back in the host."""
    key = f"{base_key(planned.period_key)}~{times}"
    content = planned.effect.content
    ours = reference(planned.reference, key)
    effect = replace(planned.effect, reference=ours, content=referenced(content, ours, {}))
    return replace(planned, reference=ours, effect=effect, period_key=key)


def staying(planned: FollowUp, opens_on: date) -> FollowUp:
    """The same for a task that is in an inbox already, since `opens_on`."""
    task = replace(planned.task, opens_on=opens_on)
    content = dict(planned.effect.content) | {"opens_on": opens_on.isoformat()}
    return replace(planned, task=task, effect=replace(planned.effect, content=content))


def opened(planned: FollowUp, roles: Mapping[str, Any], restricted: bool) -> Effect:
    """The effect of a task whose day has come, for whoever is responsible now.

    `roles` are the template variables that may have changed: `inbox`, `worker_id` and so on. A
    record that was restricted meanwhile says no more than why (R3 of the texts, 1.2).
    """
    content = dict(planned.effect.content) | dict(roles)
    if restricted:
        link = (content.get("form") or {}).get("url")
        lines = task_text(planned.task, link, restricted=says_less(planned.task))
        content |= {"title": quiet_title(planned.task), "text": "\n\n".join(lines)}
    return replace(planned.effect, content=content)


def cancellation(
    host: str, person_id: str, step: str, task: str, content: Mapping[str, Any]
) -> Effect:
    """Taking back the task of this reference, which is or may be in the host.

    `step` is the task's own; `content` has what the task was made with, what is known of it there,
    and the reason told.
    """
    ours = reference(host, person_id, "cancel", task)
    return _of_a_task(EffectKind.CANCELLATION, f"cancel {step}", ours, person_id, task, content)


def copy_taken_back(
    host: str, person_id: str, step: str, task: str, content: Mapping[str, Any], copy: str
) -> Effect:
    """Taking back one copy, by its number in the host, of the task of this reference."""
    ours = reference(host, person_id, "cancel", task, copy)
    step = f"cancel copy of {step}"
    return _of_a_task(EffectKind.CANCELLATION, step, ours, person_id, task, content)


def reassignment(
    host: str, person_id: str, step: str, task: str, content: Mapping[str, Any], count: int
) -> Effect:
    """Putting the task of this reference into another inbox, for the `count`th time."""
    ours = reference(host, person_id, "reassign", task, str(count))
    step = f"reassign {step}"
    return _of_a_task(EffectKind.REASSIGNMENT, step, ours, person_id, task, content)


def update(
    host: str, person_id: str, step: str, task: str, content: Mapping[str, Any], count: int
) -> Effect:
    """Giving the task of this reference another date or other words, for the `count`th time."""
    ours = reference(host, person_id, "update", task, str(count))
    return _of_a_task(EffectKind.UPDATE, f"update {step}", ours, person_id, task, content)


def _of_a_task(
    kind: EffectKind, step: str, ours: str, person_id: str, task: str, content: Mapping[str, Any]
) -> Effect:
    named = {"task_reference": task, "task_reference_guid": reference_guid(task)}
    written = {**content, **named, "reference": ours, "reference_guid": reference_guid(ours)}
    return Effect(kind, step, ours, person_id, CANCELLATION_POSITION, written)
