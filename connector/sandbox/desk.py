"""What every page and call of the sandbox works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from connector.sandbox.database import Database
from connector.sandbox.entries import Entries
from connector.sandbox.filled_forms import FilledForms
from connector.sandbox.people import People
from connector.sandbox.settings import SandboxSettings
from connector.sandbox.switches import Switches
from connector.sandbox.webhooks import Webhooks

LONDON = ZoneInfo("Europe/London")
# The register that stands for this case system itself; the others stand for other hosts.
HOME = "sandbox"


@dataclass(frozen=True)
class Desk:
    """The parts of one sandbox. `clock` gives the time as an aware UTC value."""

    settings: SandboxSettings
    database: Database
    people: People
    entries: Entries
    forms: FilledForms
    webhooks: Webhooks
    switches: Switches
    clock: Callable[[], datetime]

    def now(self) -> datetime:
        """The time."""
        return self.clock().astimezone(UTC)

    def today(self) -> date:
        """The date in London."""
        return self.now().astimezone(LONDON).date()


def desk() -> Desk:
    """The desk of the sandbox that answers the present request."""
    return cast(Desk, current_app.extensions["sandbox"])
