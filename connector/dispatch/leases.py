"""How long a write is one worker's: long enough to send it and to hear the answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from connector.dispatch.gateway import HostGateway
from connector.errors import SetupProblem
from connector.store.effect_row import EffectRow

LEASE = timedelta(minutes=2)
"""Where the council does not say."""

AT_HAND_SECONDS = 1.0
"""What may pass between taking a lease and sending, at most; else the write is handed back."""


def has_room_to_send(row: EffectRow, gateway: HostGateway, now: datetime) -> bool:
    """Whether the answer will be here before the lease ends. A worker that was paused must not
    send what another one may have taken meanwhile."""
    if row.lease_until is None:
        return False
    return (row.lease_until - now).total_seconds() >= gateway.longest_call_seconds


def check_lease(lease: timedelta, hosts: Mapping[str, HostGateway]) -> None:
    """SetupProblem, with a line for each host whose longest call does not fit into the lease."""
    needed = {
        name: gateway.longest_call_seconds + AT_HAND_SECONDS for name, gateway in hosts.items()
    }
    short = [
        f"CONNECTOR_LEASE_SECONDS is {lease.total_seconds():g}, and a write to {name} may take "
        f"{seconds:g} seconds by the timeouts of its profile: set it to {seconds:g} at least, or "
        "shorten the timeouts."
        for name, seconds in needed.items()
        if seconds > lease.total_seconds()
    ]
    if short:
        raise SetupProblem("\n".join(short))
