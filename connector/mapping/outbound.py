"""How a case system is written to and read, as its profile says (domain 3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from connector.mapping.outbound_auth import Auth, NoAuth, environment_names
from connector.mapping.outbound_calls import Call, Find
from connector.mapping.outbound_reads import Forms, Read
from connector.mapping.outbound_words import KEYS
from connector.model import EffectKind

SETTLE_AT_LEAST = 600.0
CALL_MARGIN = 1.0
"""Seconds that a call takes beside its time-outs: making it ready, reading the answer."""


@dataclass(frozen=True)
class Timeouts:
    """Seconds to reach the host, and to wait for each piece of its answer.

    `gateway`: how long a gateway in front of the host waits for it, where that is known.
    """

    connect: float = 5.0
    read: float = 30.0
    gateway: float | None = None

    @property
    def settle(self) -> float:
        """How long a write may still appear after no clear answer (reliability section 2)."""
        return max(SETTLE_AT_LEAST, 3 * (self.gateway or 0))


@dataclass(frozen=True)
class Rate:
    """How much the host takes: requests a minute (None: any), and at the same time."""

    per_minute: int | None = None
    concurrency: int = 2


@dataclass(frozen=True)
class Tls:
    """Certificates are always checked; the variable names a file with the council's own CA."""

    ca_bundle_env: str | None = None


@dataclass(frozen=True)
class Limits:
    """Longest title, text and document name in characters; largest document in bytes."""

    title: int | None = None
    text: int | None = None
    name: int | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Operation:
    """Everything about one kind of write. `steps` come before `create`, in their order; `read`
    tells how a task stands."""

    create: Call
    find: Find | None = None
    steps: tuple[Call, ...] = ()
    cancel: Call | None = None
    reassign: Call | None = None
    update: Call | None = None
    read: Read | None = None
    limits: Limits = Limits()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outbound:
    """How one host is written to and read.

    Times in seconds; `idempotency` is A, B or C (decision 3).
    """

    idempotency: Literal["A", "B", "C"]
    base_url: str | None = None
    base_url_env: str | None = None
    base_path: str = ""
    allow_http: bool = False
    auth: Auth = field(default_factory=NoAuth)
    tls: Tls = Tls()
    timeouts: Timeouts = Timeouts()
    rate: Rate = Rate()
    settle_seconds: float = SETTLE_AT_LEAST
    reference: str = "text"
    settings: Mapping[str, str] = field(default_factory=dict)
    probe: Call | None = None
    outcome: Operation | None = None
    case_note: Operation | None = None
    attachment: Operation | None = None
    task: Operation | None = None
    task_attachment: Operation | None = None
    person: Read | None = None
    forms: Forms | None = None

    def operation(self, kind: EffectKind) -> Operation | None:
        """How this kind of write is made, None where the host has no place for it."""
        found: Operation | None = getattr(self, KEYS[kind])
        return found

    @property
    def longest_call_seconds(self) -> float:
        """What one write may take, with the steps before it."""
        written = filter(None, (self.operation(kind) for kind in KEYS))
        requests = 1 + max((len(each.steps) for each in written), default=0)
        return requests * (self.timeouts.connect + self.timeouts.read) + CALL_MARGIN

    def environment(self) -> tuple[str, ...]:
        """The names of all environment variables this host needs, in reading order."""
        own = (self.base_url_env, *environment_names(self.auth), self.tls.ca_bundle_env)
        return tuple(dict.fromkeys(name for name in own if name is not None))
