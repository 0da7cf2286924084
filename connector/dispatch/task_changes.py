"""Changing a task that is in the host: taking it back, putting it into another inbox, or giving it
another date.

By its id there, else by every id found by our reference. Doing it twice is harmless.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connector.dispatch.gateway import HostGateway
from connector.errors import HostError
from connector.model import EffectKind

CHANGES = frozenset({EffectKind.CANCELLATION, EffectKind.REASSIGNMENT, EffectKind.UPDATE})
"""The kinds of effect that change a task and leave nothing new in the host."""

_CLOSED_OR_GONE = (404, 409, 410)

Variables = Mapping[str, Any]


@dataclass(frozen=True)
class TaskChange:
    """What came of it: the task's ids in the host, as far as known, and the error that ended it.

    `reference` is the task's; until `sent_until` a request that makes it may be on its way.
    """

    reference: str
    sent_until: datetime
    ids: tuple[str, ...]
    error: Exception | None = None


def change_task(gateway: HostGateway, kind: EffectKind, variables: Variables) -> TaskChange:
    """Change a task, all of its copies. Whatever goes wrong is in the answer."""
    change = _call(gateway, kind)
    reference = variables["reference"]
    sent_until = datetime.fromisoformat(variables["sent_until"])
    ids = _known(variables)
    try:
        ids = ids or tuple(gateway.find(EffectKind.TASK, variables))
        for each in ids:
            _apply(change, {**variables, "remote_id": each})
    except Exception as error:  # noqa: BLE001 - what it means is judged by the caller
        return TaskChange(reference, sent_until, ids, error)
    return TaskChange(reference, sent_until, ids)


def _call(gateway: HostGateway, kind: EffectKind) -> Callable[[EffectKind, Variables], None]:
    if kind is EffectKind.CANCELLATION:
        return gateway.cancel
    return gateway.update if kind is EffectKind.UPDATE else gateway.reassign


def _known(variables: Variables) -> tuple[str, ...]:
    """The id of the task, where the host told us. Our reference stands in for one it did not."""
    remote_id = variables["remote_id"]
    return (remote_id,) if remote_id and remote_id != variables["reference"] else ()


def _apply(change: Callable[[EffectKind, Variables], None], variables: Variables) -> None:
    try:
        change(EffectKind.TASK, variables)
    except HostError as error:
        if error.status not in _CLOSED_OR_GONE:
            raise
