"""What is known of a young person beside their forms, from whom and since when. Pure.

The host tells it bit by bit, and not always in order: of each fact the newest counts. The host's
times are compared with each other and ours with each other, never one with the other: two clocks
differ. What is read on the record has no time of the host's; it is newer than whatever had come
before we read it, and older than what comes after.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from connector.events import HostPerson
from schemas import Envelope

ROLES = ("worker_id", "worker_name", "manager_id", "team_id")
RECORD = tuple(each.name for each in fields(HostPerson) if each.name != "merged_into")
DIED_ON_RECORD = "died_on_record"
"""The date of death as it stood on the record when we last read one there."""
YEARLY_CONTACT_ENDED_ON = "yearly_contact_ended_on"
"""The day the manager decided that nobody makes contact once a year any more (T13)."""
DEATH = frozenset({"died_on", DIED_ON_RECORD})


@dataclass(frozen=True)
class Told:
    """One fact, and the form that said it ("" for the host itself).

    `value` is text, a truth value or None: known to be none. `at` is when it held by the host's
    clock, "" where that was never said. `read_at`: when we read it on the record, by our clock.
    """

    value: str | bool | None
    at: str
    source: str = ""
    read_at: str = ""

    def is_outdated_by(self, at: datetime, came_at: datetime | None) -> bool:
        """Whether what held at this time, and came to us at that one, is newer."""
        if self.read_at and came_at and came_at <= datetime.fromisoformat(self.read_at):
            return False
        return not self.at or datetime.fromisoformat(self.at) <= at


@dataclass(frozen=True)
class Person:
    """Every fact known of a young person, by name."""

    facts: Mapping[str, Told] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A fact that is text, None where unknown."""
        value = self._value(name)
        return value if isinstance(value, str) else None

    def day(self, name: str) -> date | None:
        """A fact that is a day."""
        value = self.text(name)
        return date.fromisoformat(value) if value else None

    def is_true(self, name: str) -> bool:
        """Whether a fact is known to be true."""
        return self._value(name) is True

    def is_false(self, name: str) -> bool:
        """Whether a fact is known not to be true."""
        return self._value(name) is False

    @property
    def deceased(self) -> bool:
        """Whether they are known to have died."""
        return bool(self._value("died_on"))

    def told(
        self, at: datetime, source: str = "", came_at: datetime | None = None, /, **values: Any
    ) -> "Person":
        """With these facts, each unless a newer one is known already. None: known to be none.

        `at` is of the host's clock, `came_at` of ours: when it was told to us.
        """
        new = {
            name: Told(_plain(value), at.isoformat(), source)
            for name, value in values.items()
            if name not in self.facts or self.facts[name].is_outdated_by(at, came_at)
        }
        return Person({**self.facts, **new})

    def read(self, at: datetime, **values: Any) -> "Person":
        """With what stands on the record at this moment of our clock."""
        new = {
            name: Told(_plain(value), self._held_at(name), read_at=at.isoformat())
            for name, value in values.items()
        }
        return Person({**self.facts, **new})

    def as_json(self) -> dict[str, Any]:
        """In JSON kinds, for keeping."""
        return {name: list(astuple(each)) for name, each in self.facts.items()}

    def _held_at(self, name: str) -> str:
        known = self.facts.get(name)
        return known.at if known else ""

    def _value(self, name: str) -> str | bool | None:
        known = self.facts.get(name)
        return known.value if known else None


def person_from_json(kept: Mapping[str, Any]) -> Person:
    """What `as_json` gave."""
    return Person({name: Told(*each) for name, each in kept.items()})


def told_by_form(
    person: Person, envelope: Envelope, at: datetime, came_at: datetime | None = None
) -> Person:
    """With what a form says; a blank says nothing, but takes back what the same form said before.

    `at` is when the form was completed, `came_at` when it came.
    """
    source = envelope.submission_id or ""
    said = {
        "worker_id": envelope.allocated_worker_id,
        "worker_name": envelope.allocated_worker_name,
        "manager_id": envelope.manager_id,
        "team_id": envelope.team_id,
    }
    values: dict[str, Any] = {name: value for name, value in said.items() if value}
    warnings = {"died_on": envelope.date_of_death, "restricted": envelope.record_restricted}
    for name, value in warnings.items():
        before = person.facts.get(name)
        if value or (before and before.value and before.source == source != ""):
            values[name] = value
    return person.told(at, source, came_at, **values)


def told_by_host(person: Person, record: HostPerson, at: datetime) -> Person:
    """With what the host's record said when we read it."""
    values = {name: getattr(record, name) for name in RECORD}
    values[DIED_ON_RECORD] = record.died_on
    return person.read(at, **{name: value for name, value in values.items() if value is not None})


def died_no_more(person: Person, at: datetime) -> Person:
    """With a death taken back that the record had told of itself, and does not any more.

    Where it never had a date of death, that it has none says nothing.
    """
    if person.day(DIED_ON_RECORD) is None:
        return person
    return person.read(at, **{"died_on": None, DIED_ON_RECORD: None})


def newest_of(person: Person, other: Person) -> Person:
    """Two records that were found to be one person; where no time tells, the first one counts."""
    newer = {
        n: f
        for n, f in other.facts.items()
        if n not in person.facts or _is_newer(f, person.facts[n])
    }
    return Person({**person.facts, **newer})


def _is_newer(one: Told, other: Told) -> bool:
    read = one.read_at, other.read_at
    moments = read if all(read) else (one.at, other.at)
    if not all(moments):
        return False
    return datetime.fromisoformat(moments[0]) > datetime.fromisoformat(moments[1])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
