"""What a message tells besides forms: the event it is, or why it cannot be used (`events:`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connector.events import Event, EventKind
from connector.mapping.event_kinds import CONTENTS, EVENT_QUESTIONS, LONGEST
from connector.mapping.language import EventBlock, Rule
from connector.mapping.profile import Inbound
from connector.mapping.reader import Found, Reader
from connector.mapping.selecting import holds
from connector.model import Fault, FaultKind
from schemas import Kind, Question

_KIND_AS_TEXT = Question("What happened", Kind.TEXT)
"""Read as text, so that a word of the host's that only looks like one of ours is none."""


@dataclass(frozen=True)
class Told:
    """The event a message is; None with the reason where something in it cannot be used.

    `reason` is for IT: it names our fields and holds nothing that stood in the message.
    """

    event: Event | None
    reason: str


def told_by(front: Reader, inbound: Inbound, payload: Any) -> Told | None:
    """The event by the first block the message fits and whose kind it has; None: it is no event."""
    for block in inbound.events:
        kind = _kind_of(front, block, payload)
        if kind is not None:
            return _told(front, block, kind)
    return None


def _kind_of(front: Reader, block: EventBlock, payload: Any) -> EventKind | None:
    fits = (
        all(holds(front, each) for each in block.accept_if)
        and all(each.find(payload) for each in block.present)
        and not any(each.find(payload) for each in block.lacking)
    )
    found = front.field("event_kind", _KIND_AS_TEXT, block.kind).value if fits else None
    known = named_in(block.kind) or tuple(EventKind)
    return EventKind(found) if found in known else None


def named_in(rule: Rule) -> tuple[EventKind, ...]:
    """The kinds a rule's map or constant leads to; none where it relies on the host's own words."""
    own = [*rule.map.values(), *rule.ticked.values()]
    own += filter(None, (rule.constant, rule.otherwise, rule.default))
    inner = [kind for each in rule.members for kind in named_in(each)]
    return tuple(dict.fromkeys([*map(EventKind, own), *inner]))


def _told(front: Reader, block: EventBlock, kind: EventKind) -> Told:
    said, reads = CONTENTS[kind].said, CONTENTS[kind].reads
    found = {
        name: front.field(name, EVENT_QUESTIONS[name], rule)
        for name, rule in block.envelope.items()
        if name in reads
    }
    values = {
        name: _typed(name, each.value) for name, each in found.items() if each.value is not None
    }
    wrong = [*_not_understood(found), *_missing(kind, found, values), *_impossible(values)]
    if wrong:
        return Told(
            None,
            f"This is an event ({said}) that cannot be used: {'; '.join(wrong)}. "
            "Look at events: in host.yaml and at the message.",
        )
    if kind is EventKind.SUPPORT_REQUESTED:
        values.setdefault("requested_on", values["occurred_at"].date())
    return Told(Event(kind, **values), f"This is an event ({said}), not a form.")


def _typed(name: str, value: Any) -> Any:
    kind = EVENT_QUESTIONS[name].kind
    if kind is Kind.DAY:
        return date.fromisoformat(value)
    if kind is Kind.MOMENT:
        return datetime.fromisoformat(value)
    return value


def _not_understood(found: Mapping[str, Found]) -> Iterator[str]:
    for name, each in found.items():
        for fault in each.faults:
            yield _fault(name, fault)


def _fault(name: str, fault: Fault) -> str:
    question = EVENT_QUESTIONS[name]
    if fault.kind is FaultKind.SEVERAL:
        return f"there is more than one {name}"
    if fault.kind is FaultKind.NOT_A_DATE:
        return f"{name} is not a real {question.kind}"
    if question.choices:
        return f"{name} is none of its codes and its map does not know it"
    return f"{name} is not a {question.kind}"


def _missing(
    kind: EventKind, found: Mapping[str, Found], values: Mapping[str, Any]
) -> Iterator[str]:
    for group in (("occurred_at",), *CONTENTS[kind].needs):
        if any(name in values or (name in found and found[name].faults) for name in group):
            continue
        names = " or ".join(group)
        yield f"it has no {names}" if any(n in found for n in group) else f"{names} is not mapped"


def _impossible(values: Mapping[str, Any]) -> Iterator[str]:
    """What can be read and cannot be true."""
    for name, longest in LONGEST.items():
        if len(values.get(name, "")) > longest:
            yield f"{name} is longer than {longest} characters"
    died, occurred = values.get("died_on"), values.get("occurred_at")
    if died and occurred and died > occurred.date():
        yield "died_on is later than occurred_at"
    if "new_person_id" in values and values["new_person_id"] == values.get("person_id"):
        yield "new_person_id is the same as person_id"
