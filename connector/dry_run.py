"""What a payload would lead to, without storing or writing: `try`, `timeline` and /validate."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from connector.dates import LONDON, WorkingDays, in_iso
from connector.judging import REOPENED, Judged, form_day, is_reopened, judge
from connector.mapping import Outcome, Translation, translate
from connector.mapping.profile import HostProfile
from connector.model import Problem, Reading, Task
from connector.policy.case import NOTHING_KNOWN
from connector.policy.series import timeline
from connector.policy.settings import PolicySettings
from connector.summary import file_name
from connector.validation import validate


def try_payload(
    profile: HostProfile, payload: Any, settings: PolicySettings, working: WorkingDays, as_of: date
) -> dict[str, Any]:
    """The `try` object of design section 5. What is no form of ours, or an event: `form` null."""
    translation = _translated(profile, payload)
    if translation.outcome is not Outcome.READ:
        return _not_read(translation.outcome, translation.reason)
    results = [
        _result(_judged(reading, settings, working, as_of)) for reading in translation.readings
    ]
    others = {"others": results[1:]} if len(results) > 1 else {}
    return results[0] | others


def understood(profile: HostProfile, payload: Any) -> list[dict[str, Any]]:
    """What was read of each person on a payload: canonical answers, and what no field took.

    An event is one entry of its own.
    """
    translation = translate(profile, payload)
    if translation.event:
        said = {name: each for name, each in asdict(translation.event).items() if each is not None}
        answers = {name: in_iso(each) for name, each in said.items()}
        return [{"answers": answers, "not_understood": {}, "also_recorded": {}}]
    return [
        {
            "answers": dict(reading.values),
            "not_understood": {fault.field: fault.typed for fault in reading.faults},
            "also_recorded": {each.question: each.answer for each in reading.also_recorded},
        }
        for reading in translation.readings
    ]


def timeline_of(
    profile: HostProfile,
    payload: Any,
    settings: PolicySettings,
    working: WorkingDays,
    as_of: date | None,
    until: date | None,
    today: date,
) -> dict[str, Any]:
    """The `timeline` object of design section 5; `as_of` None is the form day (R22).

    `today` stands in for a form day that cannot be read.
    """
    translation = _translated(profile, payload)
    if translation.outcome is not Outcome.READ:
        return {"tasks": [], "ends_on": None, "ends_because": translation.reason}
    reading = translation.readings[0]
    day = as_of or form_day(reading) or today
    form = validate(reading, day)
    lived = timeline(form, settings, working, day, until=until)
    return {
        "tasks": [task_object(task) for task in lived.tasks],
        "ends_on": lived.ends_on.isoformat() if lived.ends_on else None,
        "ends_because": lived.ends_because,
    }


def is_unmapped(profile: HostProfile, payload: Any) -> bool:
    """Whether a payload is nothing this host's profile knows, so that nothing comes of it."""
    return translate(profile, payload).outcome is Outcome.UNMAPPED


def has_errors(result: Mapping[str, Any]) -> bool:
    """Whether a `try` object lists an E, or could not be read (exit 1, HTTP 422)."""
    people = [result, *result.get("others", ())]
    return result["status"] == "unmapped" or any(
        problem["severity"] == "E" for person in people for problem in person["problems"]
    )


def task_object(task: Task) -> dict[str, Any]:
    """A task as the contract prints it."""
    return {
        "task": task.task,
        "rule": task.rule,
        "title": task.title,
        "inbox": task.inbox.value,
        "assignee": task.assignee,
        "opens_on": task.opens_on.isoformat(),
        "due_on": task.due_on.isoformat(),
        "because": task.because,
    }


def problem_object(problem: Problem) -> dict[str, Any]:
    """A problem as the contract prints it."""
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "question": problem.question,
        "message": problem.message,
    }


def _translated(profile: HostProfile, payload: Any) -> Translation:
    """What the live service would make of it: a form that was opened again is not processed."""
    translation = translate(profile, payload)
    if any(is_reopened(reading) for reading in translation.readings):
        return Translation(Outcome.IGNORED, REOPENED)
    return translation


def _judged(
    reading: Reading, settings: PolicySettings, working: WorkingDays, as_of: date
) -> Judged:
    noon = datetime.combine(as_of, time(12), LONDON)
    return judge(reading, settings, working, noon, NOTHING_KNOWN)


def _result(judged: Judged) -> dict[str, Any]:
    form, decision = judged.form, judged.decision
    attachment = {"name": file_name(form, 1)} if decision.attaches_summary else None
    return {
        "form": decision.form_type,
        "person_id": form.envelope.person_id,
        "status": decision.status,
        "line": decision.line,
        "write_back": decision.write_back.as_dict(),
        "attachment": attachment,
        "problems": [problem_object(problem) for problem in decision.problems],
        "tasks": [task_object(task) for task in decision.tasks],
    }


def _not_read(status: str, reason: str) -> dict[str, Any]:
    return {
        "form": None,
        "person_id": None,
        "status": status,
        "line": reason,
        "write_back": {},
        "attachment": None,
        "problems": [],
        "tasks": [],
    }


__all__ = [
    "has_errors",
    "problem_object",
    "task_object",
    "timeline_of",
    "try_payload",
    "understood",
]
