"""One host's profile, loaded: how its webhooks are read and how it is written to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.mapping.language import (
    Condition,
    DeliveryId,
    EventBlock,
    Habits,
    Layout,
    Rule,
    Select,
    Subjects,
)
from connector.mapping.outbound import Outbound
from connector.signature import Authentication


@dataclass(frozen=True)
class Inbound:
    """The reading side of a host, for all its forms and events.

    A message for which every test of `echo_if` holds was caused by our own write.
    """

    authentication: Authentication
    select: Select
    delivery_id: DeliveryId | None = None
    subjects: Subjects | None = None
    open_json: tuple[str, ...] = ()
    envelope: Mapping[str, Rule] = field(default_factory=dict)
    layouts: tuple[Layout, ...] = ()
    habits: Habits = field(default_factory=Habits)
    events: tuple[EventBlock, ...] = ()
    echo_if: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class FormMapping:
    """One form of a host: what the form's file says, with the host's file underneath."""

    form_type: str
    envelope: Mapping[str, Rule]
    layouts: tuple[Layout, ...]
    habits: Habits
    fields: Mapping[str, Rule]


@dataclass(frozen=True)
class HostProfile:
    """One folder of mappings/: everything the product knows about a host.

    `defaults` are envelope fields by canonical name, used where a form does not carry them.
    `outbound` without operations means that nothing can be written to the host yet.
    `completion` is how we learn that a task was done in this host (`assume`, `event` or `poll`);
    None leaves it to the council's policy.
    """

    name: str
    title: str
    inbound: Inbound
    forms: Mapping[str, FormMapping]
    outbound: Outbound
    defaults: Mapping[str, str] = field(default_factory=dict)
    completion: str | None = None
