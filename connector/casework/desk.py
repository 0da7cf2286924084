"""What casework needs at hand: the store, the council's configuration, the calendar, the time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from connector.dates import WorkingDays, london_date
from connector.policy.settings import PolicySettings
from connector.profiles import Configuration
from connector.store import Store
from connector.store.submission_row import Submission

if TYPE_CHECKING:
    from connector.casework.registers import Registers


@dataclass(frozen=True)
class Desk:
    """One worker's desk. `now` is the one clock; where it is `rehearsed`, the door keeps the real
    time all the same. `silent`: hosts that did not say whose record a form is about, and until when
    nobody asks them again."""

    store: Store
    configuration: Configuration
    working: WorkingDays
    now: Callable[[], datetime]
    registers: "Registers" = field(default_factory=dict)
    rehearsed: bool = False
    silent: dict[str, datetime] = field(default_factory=dict)

    @property
    def policy(self) -> PolicySettings:
        """The council's settings."""
        return self.configuration.policy

    def today(self) -> date:
        """Today in London."""
        return london_date(self.now())

    def came_at(self, submission: Submission) -> datetime | None:
        """When a delivery came, by the clock of `now`; None where that cannot be said."""
        return None if self.rehearsed else submission.received_at

    def completion(self, host: str) -> str:
        """How this host's finished tasks become known: assume, event or poll."""
        profile = self.configuration.hosts.get(host)
        return (profile and profile.completion) or self.policy.tasks.completion

    def default(self, host: str, name: str) -> str | None:
        """What `defaults:` of the host's profile says."""
        profile = self.configuration.hosts.get(host)
        return profile.defaults.get(name) if profile else None
