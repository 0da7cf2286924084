"""Taking a task back in the host: by its id there, else by every id found by our reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connector.dispatch.gateway import HostGateway
from connector.errors import HostError
from connector.model import EffectKind

_CLOSED_OR_GONE = (404, 409, 410)


@dataclass(frozen=True)
class Cancelling:
    """What came of it: the task's ids in the host, as far as known, and the error that ended it.

    `reference` is the task's; until `sent_until` a request that makes it may be on its way.
    """

    reference: str
    sent_until: datetime
    ids: tuple[str, ...]
    error: Exception | None = None


def cancel_task(gateway: HostGateway, variables: Mapping[str, Any]) -> Cancelling:
    """Cancel a task, all of its copies. Whatever goes wrong is in the answer."""
    reference = variables["reference"]
    sent_until = datetime.fromisoformat(variables["sent_until"])
    ids = _known(variables)
    try:
        ids = ids or tuple(gateway.find(EffectKind.TASK, variables))
        for each in ids:
            _cancel(gateway, {**variables, "remote_id": each})
    except Exception as error:  # noqa: BLE001 - what it means is judged by the caller
        return Cancelling(reference, sent_until, ids, error)
    return Cancelling(reference, sent_until, ids)


def _known(variables: Mapping[str, Any]) -> tuple[str, ...]:
    """The id of the task, where the host told us. Our reference stands in for one it did not."""
    remote_id = variables["remote_id"]
    return (remote_id,) if remote_id and remote_id != variables["reference"] else ()


def _cancel(gateway: HostGateway, variables: Mapping[str, Any]) -> None:
    try:
        gateway.cancel(EffectKind.TASK, variables)
    except HostError as error:
        if error.status not in _CLOSED_OR_GONE:
            raise
