"""A desk on a fresh database, people to import, and a form completed later."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from made_once import packaged, store_in

from connector.casework import Desk
from connector.casework.import_file import rows_of, survey
from connector.casework.importing import Imported, import_people, store_seed
from connector.pipeline import process_waiting
from connector.profiles import packaged_folder
from connector.store.follow_up_row import FollowUpRow

HOST, FORM = "flat", "tailored_support_agreement"
NOW = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
AGREEMENT = {
    "kind": "agreement",
    "person_id": "A1",
    "date_of_birth": "2008-05-12",
    "agreement_date": "2025-11-03",
    "eligible_full_service": "yes",
    "lead_social_worker_team": "Adults North",
    "last_social_worker_contact_on": "2026-02-10",
    "last_pathway_plan_on": "2026-01-15",
    "worker_id": "w1",
    "manager_id": "m1",
    "team_id": "t1",
}
CLOSED = {
    "kind": "closed_case",
    "person_id": "C1",
    "date_of_birth": "2003-03-04",
    "closed_on": "2025-11-03",
    "phone": "07700 900123",
    "manager_id": "m1",
    "team_id": "t1",
}
OPEN = {
    "kind": "open_case",
    "person_id": "O1",
    "date_of_birth": "2004-02-29",
    "assessed_on": "2026-02-12",
    "worker_id": "w1",
    "team_id": "t1",
}
Person = dict[str, str]


@dataclass
class ImportDesk:
    """A desk whose clock stands where it is put, and a folder for files."""

    desk: Desk
    folder: Path

    def file(self, *people: Person) -> Path:
        """A sheet of these people, as Excel saves it."""
        names = list(dict.fromkeys(name for person in people for name in person))
        lines = [names, *([person.get(name, "") for name in names] for person in people)]
        path = self.folder / "people.csv"
        text = "".join(",".join(cells) + "\r\n" for cells in lines)
        path.write_text(text, "utf-8-sig", newline="")
        return path

    def take(self, *people: Person, **how: Any) -> list[Imported]:
        """Import these people; `how` as for `import_people`."""
        return list(self.taking(self.file(*people), **how))

    def taking(self, path: Path, keep: Any = store_seed, **how: Any) -> Iterator[Imported]:
        rows = rows_of(path, self.desk.today())
        how.setdefault("assessed", survey(path).open_cases)
        return import_people(self.desk, HOST, rows, keep, **how)

    def rows(self, person: str, task: str | None = None) -> list[FollowUpRow]:
        with self.desk.store.transaction() as tx:
            return tx.follow_ups.listing(HOST, person, task=task)

    def standing(self, person: str) -> dict[str, str]:
        """What stands of a person, and when it is due."""
        return {row.task: row.due_on.isoformat() for row in self.rows(person) if row.stands}

    def form(self, answers: dict[str, Any], delivery: str = "d1") -> str:
        """The flat host's example agreement with these answers, as its webhook would bring it."""
        example = json.loads(
            (packaged_folder() / HOST / "samples" / f"{FORM}.json").read_text("utf-8")
        )
        with self.desk.store.transaction() as tx:
            body = json.dumps(example | answers).encode()
            kept = tx.submissions.keep(HOST, delivery, body, self.desk.now())
        process_waiting(self.desk)
        return kept.submission_id

    def counts(self) -> tuple[int, int, int]:
        """How many deliveries, writes and follow-ups there are."""
        with self.desk.store.transaction() as tx:
            counts = tx.counts
            tables = (counts.submissions(), counts.effects(), counts.follow_ups())
        return tuple(sum(each.values()) for each in tables)  # type: ignore[return-value]

    def at(self, now: datetime) -> "ImportDesk":
        """The same desk at another moment."""
        return replace(self, desk=replace(self.desk, now=lambda: now))

    def later(self, days: int) -> "ImportDesk":
        return self.at(self.desk.now() + timedelta(days=days))


@contextmanager
def import_desk(folder: Path, now: datetime = NOW) -> Iterator[ImportDesk]:
    """A desk on a new database in this folder."""
    with store_in(folder) as store:
        yield ImportDesk(Desk(store, packaged(), packaged().working, lambda: now), folder)


def results(rows: Sequence[Imported]) -> list[str]:
    """What became of each row."""
    return [row.result for row in rows]
