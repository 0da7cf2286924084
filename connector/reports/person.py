"""What a list needs to know of one young person, gathered from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.casework.desk import Desk
from connector.casework.knowing import HeldForm, contact_answers, held_forms
from connector.casework.owning import Responsible, responsible
from connector.dates import birthday
from connector.people import Person
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpRow

RESTRICTED = "restricted"


@dataclass(frozen=True)
class PersonFile:
    """One young person: the forms held, every follow-up, the facts, and who is responsible."""

    host: str
    person_id: str
    held: Mapping[str, HeldForm]
    follow_ups: Sequence[FollowUpRow]
    known: Person
    who: Responsible

    @property
    def restricted(self) -> bool:
        """Whether no more than the record number may be shown; what the forms say counts too."""
        forms = (each.reading.values.get("record_restricted") for each in self.held.values())
        said = self.known.facts.get(RESTRICTED)
        return self.known.is_true(RESTRICTED) if said else any(each is True for each in forms)

    @property
    def worker(self) -> str | None:
        """Who is allocated now and has not left."""
        return None if self.who.worker in self.who.gone else self.who.worker

    def born(self) -> date | None:
        """The date of birth on the newest form, or on the record."""
        forms = sorted(self.held.values(), key=lambda form: form.submission_id)
        days = [str(form.reading.values.get("date_of_birth") or "") for form in forms]
        known = [self.known.text("date_of_birth") or "", *days]
        return next((date.fromisoformat(each) for each in known if each), None)

    def turns(self, age: int, leap_day: str) -> date | None:
        """The day they turn so old."""
        born = self.born()
        return birthday(born, age, leap_day) if born else None

    def contact_answers(self) -> Mapping[str, Any]:
        """What the forms in force say of ways to keep in touch."""
        return contact_answers(self.held)


def person_file(tx: Transaction, desk: Desk, host: str, person_id: str) -> PersonFile:
    """Everything a list needs. Raises KeyProblem."""
    held = held_forms(tx, host, person_id)
    known = tx.persons.get(host, person_id)
    return PersonFile(
        host,
        person_id,
        held,
        tx.follow_ups.of_person(host, person_id),
        known,
        responsible(tx, desk, host, known, _at_first(held)),
    )


def _at_first(held: Mapping[str, HeldForm]) -> dict[str, Any]:
    """Who was responsible when the forms came, in the names of the template variables."""
    names = {
        "worker_id": "allocated_worker_id",
        "manager_id": "manager_id",
        "team_id": "team_id",
    }
    values = [form.reading.values for form in held.values()]
    return {
        ours: next((each[theirs] for each in values if each.get(theirs)), None)
        for ours, theirs in names.items()
    }


def restricted_row(file: PersonFile) -> dict[str, Any]:
    """All that is shown of a restricted record."""
    return {"host": file.host, "record_number": file.person_id, RESTRICTED: True}
