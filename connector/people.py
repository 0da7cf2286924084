"""What is known of a young person beside their forms, from whom and since when. Pure.

The host tells it bit by bit, and not always in order: of each fact the newest counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from connector.events import HostPerson
from schemas import Envelope

ROLES = ("worker_id", "worker_name", "manager_id", "team_id")
RECORD = tuple(each.name for each in fields(HostPerson) if each.name != "merged_into")


@dataclass(frozen=True)
class Told:
    """One fact, when it held, and the form that said it ("" for the host itself).

    `value` is text, a truth value or None: known to be none.
    """

    value: str | bool | None
    at: str
    source: str = ""


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

    def told(self, at: datetime, source: str = "", **values: Any) -> "Person":
        """With these facts, each unless a newer one is known already. None: known to be none."""
        moment = at.isoformat()
        new = {
            name: Told(_plain(value), moment, source)
            for name, value in values.items()
            if name not in self.facts or datetime.fromisoformat(self.facts[name].at) <= at
        }
        return Person({**self.facts, **new})

    def as_json(self) -> dict[str, Any]:
        """In JSON kinds, for keeping."""
        return {name: [each.value, each.at, each.source] for name, each in self.facts.items()}

    def _value(self, name: str) -> str | bool | None:
        known = self.facts.get(name)
        return known.value if known else None


def person_from_json(kept: Mapping[str, Any]) -> Person:
    """What `as_json` gave."""
    return Person({name: Told(*each) for name, each in kept.items()})


def told_by_form(person: Person, envelope: Envelope, at: datetime) -> Person:
    """With what a form says; a blank says nothing, but takes back what the same form said before.

    `at` is when the form was completed.
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
    return person.told(at, source, **values)


def told_by_host(person: Person, record: HostPerson, at: datetime) -> Person:
    """With what the host's record says at this moment."""
    values = {name: getattr(record, name) for name in RECORD}
    return person.told(at, **{name: value for name, value in values.items() if value is not None})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
