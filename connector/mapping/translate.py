"""Stage one: a payload in the host's words becomes readings in ours. Pure; never raises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.events import Event
from connector.mapping.happening import told_by
from connector.mapping.json_texts import opened
from connector.mapping.plumbing import left_over
from connector.mapping.profile import FormMapping, HostProfile, Inbound
from connector.mapping.reader import Found, Reader
from connector.mapping.selecting import (
    ENVELOPE,
    Outcome,
    form_type_of,
    is_echo,
    one_value,
    refused,
    status_of,
)
from connector.mapping.text import alike, as_text
from connector.model import Fault, Problem, Reading, Severity
from schemas import FORMS, Kind, Question

NAMED_AFTER = {
    "allocated_worker_name": "allocated_worker_id",
    "manager_name": "manager_id",
    "team_name": "team_id",
}
"""A default name belongs to the default id: it is not used beside an id from the form."""

_MORE_THAN_ONE = Problem(
    "EN-08",
    Severity.HOLD,
    "This form covers more than one young person. Complete one form for each of them.",
)
_ECHO = "A write of ours caused this message (echo_if: in host.yaml). Nothing is done with it."


@dataclass(frozen=True)
class Translation:
    """What a payload turned out to be: one reading for each young person, or why there is none.

    `event` is what happened, where the outcome is EVENT. `reason` is for IT and holds ids only.
    `form_type`, `form_id` and `version` are given as far as they could be read, whatever the
    outcome.
    """

    outcome: Outcome
    reason: str = ""
    readings: tuple[Reading, ...] = ()
    form_type: str | None = None
    form_id: str | None = None
    version: str | None = None
    event: Event | None = None


def translate(profile: HostProfile, payload: object) -> Translation:
    """Read one payload of a host. Any JSON value gives a Translation (design section 2).

    An echo comes first, whatever it echoes; then the events, whose blocks say which messages are
    theirs; whatever is neither is looked at as a form.
    """
    inbound = profile.inbound
    for path in inbound.open_json:
        payload = _opened(payload, path.split("."))
    front = Reader(payload, None, inbound.layouts, inbound.habits.date_formats)
    if is_echo(front, inbound):
        return Translation(Outcome.ECHO, _ECHO)
    told = told_by(front, inbound, payload)
    if told is None:
        return _form(profile, front, payload)
    if told.event is None:
        return Translation(Outcome.UNMAPPED, told.reason)
    return Translation(Outcome.EVENT, told.reason, form_id=told.event.form_id, event=told.event)


def _form(profile: HostProfile, front: Reader, payload: Any) -> Translation:
    """A form of ours, or why it is none."""
    inbound = profile.inbound
    form_type, unmapped = form_type_of(front, profile)
    names = _Names(
        form_type,
        one_value(front, inbound.envelope, "submission_id"),
        one_value(front, inbound.envelope, "submission_version"),
    )
    missing = next((r.why for r in inbound.select.require if r.path.find(payload) is None), "")
    if missing:
        return names.without(Outcome.UNMAPPED, missing)
    turned_away = refused(front, inbound)
    if turned_away:
        return names.without(*turned_away)
    if unmapped or form_type is None:
        return names.without(Outcome.UNMAPPED, unmapped)
    return _read(profile, profile.forms[form_type], payload, status_of(front, inbound))


@dataclass(frozen=True)
class _Names:
    form_type: str | None
    form_id: str | None
    version: str | None

    def without(self, outcome: Outcome, reason: str) -> Translation:
        return Translation(
            outcome,
            reason,
            (),
            form_type=self.form_type,
            form_id=self.form_id,
            version=self.version,
        )


def _opened(node: Any, path: list[str]) -> Any:
    """`node` with the JSON text at `path` (`*`: every item) replaced by what it holds."""
    if not path:
        return opened(node) if isinstance(node, str) else node
    if isinstance(node, list) and path[0] == "*":
        return [_opened(each, path[1:]) for each in node]
    if isinstance(node, Mapping):
        return {
            key: _opened(each, path[1:]) if path[0] in (key, "*") else each
            for key, each in node.items()
        }
    return node


def _read(profile: HostProfile, form: FormMapping, payload: Any, status: Found) -> Translation:
    inbound = profile.inbound
    people = _people(inbound, payload)
    only_one = inbound.subjects is not None and inbound.subjects.multiple == "one"
    notes = (_MORE_THAN_ONE,) if only_one and len(people) > 1 else ()
    readings = tuple(
        _reading(profile, form, payload, person, status, notes)
        for person in (people[:1] if only_one else people)
    )
    values = readings[0].values
    return Translation(
        Outcome.READ,
        readings=readings,
        form_type=form.form_type,
        form_id=values.get("submission_id"),
        version=values.get("submission_version"),
    )


def _people(inbound: Inbound, payload: Any) -> list[Any]:
    """The entries of the young people on the form; one empty entry where the form names none."""
    if inbound.subjects is None:
        return [payload]
    found = inbound.subjects.path.find(payload)
    entries = found if isinstance(found, list) else [found]
    where = inbound.subjects.where
    people = [
        each
        for each in entries
        if each is not None and all(_has(each, key, allowed) for key, allowed in where.items())
    ]
    return people or [None]


def _has(entry: Any, key: str, allowed: tuple[str, ...]) -> bool:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return alike(as_text(value), allowed)


def _reading(
    profile: HostProfile,
    form: FormMapping,
    payload: Any,
    person: Any,
    status: Found,
    notes: tuple[Problem, ...],
) -> Reading:
    reader = Reader(payload, person, form.layouts, form.habits.date_formats)
    questions = ENVELOPE | FORMS[form.form_type].questions
    found = {"form_type": Found(form.form_type), "form_status": status}
    found |= {
        name: reader.field(name, questions[name], rule) for name, rule in form.envelope.items()
    }
    found |= {
        name: reader.field(name, questions.get(name) or _extra(name), rule)
        for name, rule in form.fields.items()
    }
    return Reading(
        host=profile.name,
        form_type=form.form_type,
        values=_values(found, questions, profile.defaults),
        faults=_faults(found),
        labels=_labels(found, questions),
        also_recorded=left_over(profile, form, reader),
        notes=notes,
    )


def _extra(name: str) -> Question:
    """A yes/no question the council added; its name begins with `closure_`."""
    return Question(name, Kind.YES_NO)


def _values(
    found: Mapping[str, Found], questions: Mapping[str, Question], defaults: Mapping[str, str]
) -> dict[str, Any]:
    values = {name: each.value for name, each in found.items() if each.value is not None}
    extras = {name: values.pop(name) for name in list(values) if name not in questions}
    if extras:
        values["closure_other"] = extras
    for name, default in defaults.items():
        on_forms = name in questions
        absent = on_forms and not found.get(name, Found()).faults and name not in values
        if absent and not found.get(NAMED_AFTER.get(name, ""), Found()).value:
            values[name] = default
    return values


def _faults(found: Mapping[str, Found]) -> tuple[Fault, ...]:
    return tuple(fault for each in found.values() for fault in each.faults)


def _labels(found: Mapping[str, Found], questions: Mapping[str, Question]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for name, each in found.items():
        if each.label:
            labels[name] = each.label
        elif name not in questions:
            labels[name] = name.removeprefix("closure_").replace("_", " ").capitalize()
        labels.update(each.column_labels)
    return labels
