"""Every error of ours. The class says what to do next; the message says it to the reader.

ConnectorError
├── SetupProblem           IT changes a setting, a YAML file or a key, then starts again
│   ├── ConfigurationProblem   one place in mappings/ (file, line, path)
│   └── KeyProblem             an encryption key is missing or is not the one used
├── FileProblem            whoever made a file for the command line changes it
├── Refused                the caller changes the request (a 4xx at the door)
├── OutOfOrder             our own outage: nothing was kept, the caller tries again (503)
│   └── ChangedMeanwhile       another worker was faster: all is undone and tried again
├── BrokerAway             the broker carries nothing: the leader does the work itself
└── HostError              the case record system did not do what we asked
    ├── NotSent                certain: nothing reached the host; try again later
    │   └── HeldBack               by our own pace: it says nothing about the host
    ├── Declined               certain: the host refused; a person decides
    └── OutcomeUnknown         ambiguous: it may have been done; look before sending again

No message names a young person or repeats an answer of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ConnectorError(Exception):
    """Anything of ours that went wrong; `str(error)` is fit to show the reader."""


@dataclass(frozen=True)
class Place:
    """One thing to mend in a configuration file: where it is, what is wrong and the fix."""

    file: str
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        path = f" at {self.path}" if self.path else ""
        return f"{self.file}{line}{path}: {self.message}"


class SetupProblem(ConnectorError):
    """The product cannot start or run as it is set up."""


class ConfigurationProblem(SetupProblem):
    """One or more places in the YAML files are wrong; all of them are listed."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(places)
        super().__init__("\n".join(str(place) for place in self.places))


class KeyProblem(SetupProblem):
    """The encryption key is missing, malformed, or is not the one this row was written with."""


class FileProblem(ConnectorError):
    """A file given on the command line cannot be used as a whole; the message says what to mend."""


class Refused(ConnectorError):
    """A request is refused at the door with the HTTP `status` and a sentence for the caller."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class OutOfOrder(ConnectorError):
    """We could not keep what was sent to us; nothing was stored."""


class ChangedMeanwhile(OutOfOrder):
    """What was decided rests on a row that another worker changed meanwhile."""


class BrokerAway(ConnectorError):
    """The broker does not take a message, or brings none any more."""


class HostError(ConnectorError):
    """A call to the host did not end well.

    `status` is the HTTP status where there was one; `retry_after` the host's own wish in seconds,
    or None.
    """

    def __init__(
        self, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(message)


class NotSent(HostError):
    """Certain: nothing left for the host, or it said "later" before doing anything."""


class HeldBack(NotSent):
    """We keep to the pace the host's profile asks for; the host was not called."""


class Declined(HostError):
    """Certain: the host read the request and refused it."""


class OutcomeUnknown(HostError):
    """Ambiguous: the first byte may have left and no readable answer came back."""
