"""What a host can be asked, apart from what was written to it: people, tasks, completed forms."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from connector.events import HostPerson, HostTask
from connector.model import EffectKind


class Register(Protocol):
    """One host that is asked. Everything raises HostError where the answer is not sure."""

    @property
    def reads_people(self) -> bool: ...

    def read_person(self, person_id: str) -> HostPerson | None:
        """Their record now, None where there is none."""

    @property
    def reads_tasks(self) -> bool: ...

    def read_task(self, variables: Mapping[str, Any]) -> HostTask | None:
        """A task now, by its `remote_id`; None where it is gone."""

    def find(self, kind: EffectKind, variables: Mapping[str, Any]) -> Sequence[str]:
        """The host's ids of everything that carries exactly our reference."""

    @property
    def lists_forms(self) -> bool: ...

    @property
    def forms_every_minutes(self) -> int: ...

    def listed_forms(self, since: datetime) -> Iterator[Any]:
        """An entry for each form completed since then."""

    def read_form(self, entry: Any) -> Any:
        """The form of an entry as its webhook would have brought it; None where it is gone."""


Registers = Mapping[str, Register]
