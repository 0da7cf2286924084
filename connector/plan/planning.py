"""From a decision to what is owed to the host: effects now, follow-ups for their day. Pure.

Order of writing: outcome, case note, document, tasks; each its own effect (design section 5).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector.model import CompletedForm, Decision, Effect, EffectKind, FollowUp
from connector.plan.references import form_id_of, period_key, reference
from connector.plan.tasks import FIRST_TASK_POSITION, follow_up
from connector.plan.variables import Occasion, common, referenced
from connector.summary import Summary, as_text, file_name, to_json

PDF = "application/pdf"


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
    shared = common(form.envelope, occasion)
    effects = _record_effects(form, decision, summary, occasion, shared)
    return Plan(tuple(effects), tuple(_follow_ups(form, decision, occasion)))


def _follow_ups(form: CompletedForm, decision: Decision, occasion: Occasion) -> Iterator[FollowUp]:
    form_id = form_id_of(form, occasion.submission_id)
    for position, task in enumerate(decision.tasks, start=FIRST_TASK_POSITION):
        key = period_key(form_id, task, occasion.rounds.get(task.task, 1))
        asked_by = (decision.form_type, form_id)
        yield follow_up(task, key, form.envelope, occasion, position, asked_by)


def _record_effects(
    form: CompletedForm,
    decision: Decision,
    summary: Summary | None,
    occasion: Occasion,
    shared: Mapping[str, Any],
) -> Iterator[Effect]:
    """The writes on the record, in order: each stands at its own position."""
    if not decision.writes_record:
        return
    contents = {EffectKind.OUTCOME: _outcome(decision, occasion)}
    if summary is not None and decision.attaches_summary:
        contents[EffectKind.CASE_NOTE] = _case_note(summary, occasion)
        contents[EffectKind.DOCUMENT] = _document(form, summary, occasion)
    for position, (kind, content) in enumerate(contents.items()):
        yield _effect(kind, position, form, occasion, shared, content)


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
    shared: Mapping[str, Any],
    content: Mapping[str, Any],
) -> Effect:
    person, form_id = form.envelope.person_id or "", form_id_of(form, occasion.submission_id)
    ours = reference(occasion.host, person, form_id, occasion.version, kind)
    return Effect(kind, kind.value, ours, person, position, referenced(shared, ours, content))
