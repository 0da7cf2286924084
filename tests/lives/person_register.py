"""A host that can be asked about people and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from short_life import BORN

from connector.errors import HostError
from connector.events import HostPerson, HostTask
from connector.model import EffectKind


@dataclass
class PersonRegister:
    """A host that can be asked about people and nothing else."""

    found: HostPerson | None
    trouble: HostError | None = None
    asked: list[str] = field(default_factory=list)

    reads_people = True
    reads_tasks = False
    lists_forms = False
    forms_every_minutes = 15

    def read_person(self, person_id: str) -> HostPerson | None:
        self.asked.append(person_id)
        if self.trouble:
            raise self.trouble
        return self.found

    def read_task(self, variables: Mapping[str, Any]) -> HostTask | None:
        return None

    def find(self, kind: EffectKind, variables: Mapping[str, Any]) -> Sequence[str]:
        return ()

    def listed_forms(self, since: datetime) -> Iterator[Any]:
        return iter(())

    def read_form(self, entry: Any) -> Any:
        return None


def record(**facts: Any) -> HostPerson:
    return HostPerson(**{"date_of_birth": date.fromisoformat(BORN), **facts})
