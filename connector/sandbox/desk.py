"""What every page and call of the sandbox works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
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
END_OF_DAY = time_of_day(23, 59)


@dataclass(frozen=True)
class Desk:
    """The parts of one sandbox. `clock` gives the real time as an aware UTC value; a signature
    carries that, and everything else the time that this system takes for now.
    """

    settings: SandboxSettings
    database: Database
    people: People
    entries: Entries
    forms: FilledForms
    webhooks: Webhooks
    switches: Switches
    clock: Callable[[], datetime]

    def now(self) -> datetime:
        """The time, or the one in the clock file."""
        return _read(self.settings.clock_file) or self.clock().astimezone(UTC)

    def today(self) -> date:
        """The date in London."""
        return self.now().astimezone(LONDON).date()


def _read(clock_file: Path | None) -> datetime | None:
    """The time by the file, London time unless it says otherwise; None without a file.

    From the moment it was written the clock goes on, to the end of that day: what happens here
    has to come after what the connector read here before.
    """
    written = clock_file.read_text("utf-8").strip() if clock_file and clock_file.exists() else ""
    if not written or clock_file is None:
        return None
    typed = datetime.fromisoformat(written)
    began = typed if typed.tzinfo else typed.replace(tzinfo=LONDON)
    since = timedelta(seconds=max(0.0, time.time() - clock_file.stat().st_mtime))
    ends = datetime.combine(began.date(), END_OF_DAY, began.tzinfo)
    return max(began, min(began + since, ends)).astimezone(UTC)


def desk() -> Desk:
    """The desk of the sandbox that answers the present request."""
    return cast(Desk, current_app.extensions["sandbox"])
