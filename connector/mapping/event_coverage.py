"""Which events a profile takes, and what keeps them from working (`connector check`)."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.events import EventKind
from connector.mapping.event_kinds import CONTENTS
from connector.mapping.happening import named_in
from connector.mapping.language import EventBlock
from connector.mapping.profile import HostProfile

_NEVER_DONE = "Nobody would ever learn that a task was done"
_NO_EVENT = "no event of this host is task_completed. Map one under inbound.events:,"
_NO_READ = "outbound.task: has no read:. Say there how a task is read (OUTBOUND.md),"
_OR_ASSUME = "or write completion: assume in host.yaml."


@dataclass(frozen=True)
class EventCoverage:
    """The events of one host. `completion` is how we learn there that a task was done."""

    taken: tuple[EventKind, ...]
    not_taken: tuple[EventKind, ...]
    completion: str
    problems: tuple[str, ...] = ()


def event_coverage(profile: HostProfile, policy_completion: str) -> EventCoverage:
    """Every kind of event, taken or not; `policy_completion` where the profile does not say."""
    blocks = profile.inbound.events
    sent = {kind for block in blocks for kind in named_in(block.kind) or EventKind}
    taken = tuple(kind for kind in EventKind if kind in sent)
    completion = profile.completion or policy_completion
    problems = [each for block in blocks for each in _unmapped(block)]
    if completion == "event" and EventKind.TASK_COMPLETED not in sent:
        problems.append(f"{_NEVER_DONE}: completion is event, and {_NO_EVENT} {_OR_ASSUME}")
    task = profile.outbound.task
    if completion == "poll" and not (task and task.read):
        problems.append(f"{_NEVER_DONE}: completion is poll, and {_NO_READ} {_OR_ASSUME}")
    return EventCoverage(
        taken, tuple(k for k in EventKind if k not in sent), completion, tuple(problems)
    )


def _unmapped(block: EventBlock) -> Iterator[str]:
    """What an event cannot do without and the block does not map."""
    if "occurred_at" not in block.envelope:
        yield "Events: occurred_at is not mapped; without it no event can be used."
    for kind in named_in(block.kind):
        for group in CONTENTS[kind].needs:
            if not set(group) & set(block.envelope):
                yield f"Events: {kind} needs {' or '.join(group)}, which is not mapped."
