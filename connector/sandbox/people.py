"""The people of a register: young people, and the workers, managers and teams beside them."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from connector.sandbox.database import Database

LONGEST_ID = 36


@dataclass(frozen=True)
class Person:
    """One record of a register. Dates are ISO text; a blank is not known.

    `worker_active` is False where the worker has left; `merged_into` is the number of the record
    that this one went into.
    """

    register: str
    id: str
    first_name: str = ""
    last_name: str = ""
    date_of_birth: str = ""
    date_of_death: str = ""
    restricted: bool = False
    worker_id: str = ""
    worker_name: str = ""
    worker_active: bool = True
    manager_id: str = ""
    manager_name: str = ""
    team_id: str = ""
    team_name: str = ""
    merged_into: str = ""

    @property
    def name(self) -> str:
        """The name in full, or the record number where no name is known."""
        return f"{self.first_name} {self.last_name}".strip() or f"Record {self.id}"

    def birthday(self) -> date | None:
        """The date of birth, or None where it is not known or not a date."""
        try:
            return date.fromisoformat(self.date_of_birth)
        except ValueError:
            return None

    def age(self, today: date) -> str:
        """How old they are, in words; blank where that is not known."""
        born = self.birthday()
        if born is None or born > today:
            return ""
        gone = relativedelta(today, born)
        parts = [(gone.years, "year"), (gone.months, "month")]
        return ", ".join(
            f"{number} {word}{'' if number == 1 else 's'}" for number, word in parts if number
        )


class People:
    """Who is on record, by register. A register exists as soon as someone is in it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def registers(self) -> list[str]:
        """The registers by name."""
        found = self._database.rows("SELECT DISTINCT register FROM person ORDER BY register")
        return [row["register"] for row in found]

    def listing(self, register: str) -> list[Person]:
        """Everyone in a register, by record number."""
        found = self._database.rows(
            "SELECT details FROM person WHERE register = ? ORDER BY id", register
        )
        return [Person(**json.loads(row["details"])) for row in found]

    def find(self, register: str, person_id: str) -> Person | None:
        """One person, or None."""
        row = self._database.row(
            "SELECT details FROM person WHERE register = ? AND id = ?", register, person_id
        )
        return Person(**json.loads(row["details"])) if row else None

    def save(self, person: Person) -> None:
        """Keep a person as they are now."""
        self._database.write(
            "INSERT INTO person (register, id, details) VALUES (?, ?, ?) "
            "ON CONFLICT (register, id) DO UPDATE SET details = excluded.details",
            *(person.register, person.id, json.dumps(asdict(person))),
        )

    def ensure(self, register: str, person_id: str) -> None:
        """Make an empty record where there is none: the sandbox knows everybody it is told of."""
        if self.find(register, person_id) is None:
            self.save(Person(register, person_id))


# Record number, names and age on the day the register is first opened.
_MADE_UP: tuple[tuple[str, str, str, dict[str, int]], ...] = (
    ("P1001", "Robin", "Example", {"years": 17, "months": 2}),
    ("P1002", "Alex", "Sample", {"years": 19, "months": 4}),
    ("P1003", "Sam", "Specimen", {"years": 20, "months": 9}),
    ("P1004", "Kit", "Placeholder", {"years": 22, "months": 1}),
    ("P1005", "Charlie", "Pretend", {"years": 24, "months": 11}),
)
_STAFF: dict[str, Any] = {
    "worker_id": "W201",
    "worker_name": "Jo Adviser",
    "manager_id": "M301",
    "manager_name": "Morgan Manager",
    "team_id": "T401",
    "team_name": "Leaving care team",
}
_SECOND_WORKER: dict[str, Any] = {"worker_id": "W202", "worker_name": "Ash Adviser"}


def move_in(people: People, register: str, today: date) -> None:
    """Put the made-up people into an empty register; one that is in use stays as it is."""
    if people.listing(register):
        return
    for number, (person_id, first, last, age) in enumerate(_MADE_UP):
        person = Person(register, person_id, first, last, **_STAFF)
        born = (today - relativedelta(**age)).isoformat()  # type: ignore[arg-type]
        staff = _SECOND_WORKER if number % 2 else {}
        people.save(replace(person, date_of_birth=born, **staff))
