"""From a decision to what is owed to the host: effects now, follow-ups for their day. Pure.

Order of writing: outcome, case note, document, tasks; each its own effect (design section 5).
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from connector.dates import LONDON
from connector.model import CompletedForm, Decision, Effect, EffectKind, FollowUp, Task
from connector.summary import Summary, as_text, file_name, to_json
from schemas import FORMS

ONCE_IN_A_LIFE = frozenset({"T07", "T08", "T10", "T15"})
FIRST_TASK_POSITION = 3
CANCELLATION_POSITION = 1
"""After the outcome, before new tasks."""
PDF = "application/pdf"


@dataclass(frozen=True)
class Occasion:
    """Which form, which version of it, processed when: what references are made of.

    `version` is the host's, with a suffix of ours where content changed without a new one.
    `ordinal` counts the versions we hold, from 1. `due_time` is "17:00", London.
    """

    host: str
    submission_id: str
    version: str
    ordinal: int
    as_of: date
    due_time: str = "17:00"


@dataclass(frozen=True)
class Plan:
    """What one decision owes: `effects` at once and in order, `follow_ups` each on its day."""

    effects: tuple[Effect, ...]
    follow_ups: tuple[FollowUp, ...]


def plan(
    form: CompletedForm, decision: Decision, summary: Summary | None, occasion: Occasion
) -> Plan:
    """Everything to be done in the host for one person on one form.

    Every task is a follow-up; it becomes its effect on the day it opens, today or in years.
    """
    common = _common(form, occasion)
    effects = list(_record_effects(form, decision, summary, occasion, common))
    follow_ups = [
        _follow_up(form, task, occasion, common, FIRST_TASK_POSITION + number)
        for number, task in enumerate(decision.tasks)
    ]
    return Plan(tuple(effects), tuple(follow_ups))


def reference(*parts: str) -> str:
    """The external reference of a write: `lcf-` and 20 hex digits over its parts."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"lcf-{digest[:20]}"


def reference_guid(text: str) -> str:
    """The same for a host that wants a GUID."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def form_id_of(form: CompletedForm, submission_id: str) -> str:
    """The host's id of the form; one that came without an id is known by its delivery."""
    return form.envelope.submission_id or submission_id


def occurrence(form_id: str, task: Task) -> str:
    """What tells two tasks of one id apart for one person, whatever the version of the form."""
    if task.task in ONCE_IN_A_LIFE:
        return ""
    return f"{form_id}/{task.occurrence}" if task.task == "T20" else form_id


def _record_effects(
    form: CompletedForm,
    decision: Decision,
    summary: Summary | None,
    occasion: Occasion,
    common: Mapping[str, Any],
) -> Iterator[Effect]:
    """The writes on the record, in order: each stands at its own position."""
    contents = {EffectKind.OUTCOME: _outcome(decision, occasion)}
    if summary is not None and decision.attaches_summary:
        contents[EffectKind.CASE_NOTE] = _case_note(summary, occasion)
        contents[EffectKind.DOCUMENT] = _document(form, summary, occasion)
    for position, (kind, content) in enumerate(contents.items()):
        yield _effect(kind, position, form, occasion, common, content)


def _outcome(decision: Decision, occasion: Occasion) -> dict[str, Any]:
    written = decision.write_back.as_dict() | {"connector_reference": occasion.submission_id}
    return {"status": decision.status, "line": decision.line, "write_back": written}


def _case_note(summary: Summary, occasion: Occasion) -> dict[str, Any]:
    return {
        "title": summary.title,
        "text": as_text(summary),
        "date": occasion.as_of.isoformat(),
    }


def _document(form: CompletedForm, summary: Summary, occasion: Occasion) -> dict[str, Any]:
    return {
        "title": summary.title,
        "name": file_name(form, occasion.ordinal),
        "content_type": PDF,
        "summary": to_json(summary),
    }


def _effect(
    kind: EffectKind,
    position: int,
    form: CompletedForm,
    occasion: Occasion,
    common: Mapping[str, Any],
    content: Mapping[str, Any],
) -> Effect:
    person, form_id = form.envelope.person_id or "", form_id_of(form, occasion.submission_id)
    ours = reference(occasion.host, person, form_id, occasion.version, kind)
    return Effect(kind, kind.value, ours, person, position, _referenced(common, ours, content))


def _follow_up(
    form: CompletedForm, task: Task, occasion: Occasion, common: Mapping[str, Any], position: int
) -> FollowUp:
    person = form.envelope.person_id or ""
    which = occurrence(form_id_of(form, occasion.submission_id), task)
    ours = reference(occasion.host, person, task.task, which)
    content = _referenced(common, ours, task_content(form, task, occasion.due_time))
    step = f"task {task.task}"
    effect = Effect(EffectKind.TASK, step, ours, person, position, content)
    return FollowUp(task, person, ours, effect)


def cancellation(
    form: CompletedForm, occasion: Occasion, step: str, task: str, facts: Mapping[str, Any]
) -> Effect:
    """Taking back the task of this reference, which is or may be in the host.

    `step` is the task's own; `facts` are what is known of it there, and the reason told.
    """
    person = form.envelope.person_id or ""
    ours = reference(occasion.host, person, "cancel", task)
    named = {"task_reference": task, "task_reference_guid": reference_guid(task)}
    content = _referenced(_common(form, occasion), ours, {**named, **facts})
    kind = EffectKind.CANCELLATION
    return Effect(kind, f"cancel {step}", ours, person, CANCELLATION_POSITION, content)


def once_more(follow_up: FollowUp) -> FollowUp:
    """The same task under its next reference: the one it has was cancelled in the host."""
    ours = reference(follow_up.reference, "once more")
    content = _referenced({}, ours, {})
    effect = replace(
        follow_up.effect, reference=ours, content={**follow_up.effect.content, **content}
    )
    return replace(follow_up, reference=ours, effect=effect)


def _referenced(common: Mapping[str, Any], ours: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {**common, "reference": ours, "reference_guid": reference_guid(ours), **content}


def task_content(form: CompletedForm, task: Task, due_time: str) -> dict[str, Any]:
    """The template variables of a task; a restricted record's text says no more than why."""
    return {
        "task": task.task,
        "rule": task.rule,
        "title": task.title,
        "text": "\n\n".join(_task_text(form, task)),
        "opens_on": task.opens_on.isoformat(),
        "due_on": task.due_on.isoformat(),
        "due_at": _at(task.due_on, due_time),
        "inbox": {"kind": task.inbox.value, "id": task.assignee},
        "because": task.because,
    }


def _task_text(form: CompletedForm, task: Task) -> Iterable[str]:
    minimal = form.envelope.record_restricted and task.task not in {"T20", "T90"}
    if task.text and not minimal:
        yield task.text
    yield f"Why: {task.because}"
    if task.done_by:
        yield f"Done by: {task.done_by}"
    if link := _safe_link(form):
        yield f"Form: {link}"


def _safe_link(form: CompletedForm) -> str | None:
    url = form.envelope.form_url or ""
    return url if url.startswith("https://") else None


def _at(day: date, due_time: str) -> str:
    hour, minute = due_time.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), LONDON).isoformat()


def _common(form: CompletedForm, occasion: Occasion) -> dict[str, Any]:
    """The template variables of every write."""
    envelope = form.envelope
    form_type = envelope.form_type or ""
    return {
        "person_id": envelope.person_id,
        "case_id": envelope.case_id,
        "worker_id": envelope.allocated_worker_id,
        "manager_id": envelope.manager_id,
        "team_id": envelope.team_id,
        "author_id": envelope.completed_by_id,
        "today": occasion.as_of.isoformat(),
        "form": {
            "id": envelope.submission_id,
            "version": occasion.version,
            "type": form_type,
            "title": FORMS[form_type].title,
            "url": _safe_link(form),
        },
    }
