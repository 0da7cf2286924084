"""Which version of a form this is: new, the same again, or one that arrived too late. Pure.

Versions are ordered by the host's version, then by completion (design section 5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

LONGEST_NUMBER = 100
LOOP_WINDOW = timedelta(minutes=10)
MOST_TIMES = 5
"""How often one form may bring the same answers within the window before it is held."""


class Held(Protocol):
    """What is held of an earlier version. `version` may carry our suffix ("3~2")."""

    @property
    def submission_id(self) -> str: ...
    @property
    def version(self) -> str | None: ...
    @property
    def ordinal(self) -> int | None: ...
    @property
    def content_sha256(self) -> str | None: ...
    @property
    def completed_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Arrival:
    """How a delivery relates to what is held of its form.

    `kind`: "new", "duplicate" or "outdated". `version` tells contents apart that came under one
    host version. `ordinal` is our own count of versions, `replaces` the ordinal before it.
    `unannounced`: the content changed and the version did not (EN-09).
    """

    kind: str
    version: str
    ordinal: int
    replaces: int | None = None
    unannounced: bool = False
    same_as: str | None = None


def arrival(
    held: Sequence[Held], version: str, content_sha256: str, completed_at: datetime | None
) -> Arrival:
    """Place a delivery among the versions held of the same form."""
    last = max((each.ordinal or 0 for each in held), default=0)
    peers = [each for each in held if host_version(each.version) == version]
    same = next((each for each in peers if each.content_sha256 == content_sha256), None)
    if same:
        return Arrival("duplicate", version, same.ordinal or last, same_as=same.submission_id)
    if any(_later(each, version, completed_at) for each in held):
        return Arrival("outdated", version, last)
    named = f"{version}~{len(peers) + 1}" if peers else version
    return Arrival("new", named, last + 1, replaces=last or None, unannounced=bool(peers))


def goes_round(earlier: Iterable[str], answers: str) -> bool:
    """Whether two systems answer each other: these answers came too often already.

    `earlier` are the answers of the versions that came within the window, each as a hash.
    """
    return sum(each == answers for each in earlier) >= MOST_TIMES


def host_version(version: str | None) -> str:
    """The host's own version, without our suffix."""
    return (version or "").partition("~")[0]


def _later(held: Held, version: str, completed_at: datetime | None) -> bool:
    """Whether what is held supersedes the newcomer; not where completion is unknown."""
    ours, theirs = _rank(host_version(held.version)), _rank(version)
    if ours != theirs:
        return ours > theirs
    return bool(held.completed_at and completed_at and held.completed_at > completed_at)


def _rank(version: str) -> tuple[int, int]:
    """Numbers in order; a version that is not a number is ordered by completion alone."""
    number = version.isdecimal() and len(version) <= LONGEST_NUMBER
    return (1, int(version)) if number else (0, 0)
