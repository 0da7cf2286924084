"""The made-up case system as people use it: forms, tasks and records, over the years."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import requests

from connector.errors import ConnectorError
from connector.sandbox.filling import Answers, cell_name, starting_answers
from connector.sandbox.people import Person
from connector.sandbox.sheets import Sheet, sheet

HOME = "registers/sandbox"


@dataclass(frozen=True)
class CaseSystem:
    """One sandbox at `address`. It takes the day for today that stands in the file `clock`, as
    does the worker."""

    address: str
    token: str = field(repr=False)
    clock: Path

    def move_on_to(self, day: date) -> None:
        """It is nine in the morning of this day now, for everybody."""
        unfinished = self.clock.with_suffix(".new")
        unfinished.write_text(f"{day}T09:00", encoding="utf-8")
        unfinished.replace(self.clock)

    def today(self) -> date:
        """The day it is."""
        return date.fromisoformat(self.clock.read_text("utf-8")[:10])

    def complete_form(self, person_id: str, form_type: str, **answers: Any) -> None:
        """A worker fills in a form with sensible answers, but for these, and completes it."""
        person = Person(**self._person(person_id))
        filled = {
            name: said
            for each in (sheet("header"), sheet(form_type))
            for name, said in _as_typed(each, person, self.today(), answers).items()
        }
        path = f"people/{person_id}/forms/{form_type}"
        self._ask("POST", path, data=filled, allow_redirects=False)

    def act(self, path: str, **said: Any) -> dict[str, Any]:
        """Somebody does something at their desk: `tasks/7/complete`, `people/P1002/roles`, …"""
        return dict(self._ask("POST", f"desk/{path}", json=said).json())

    def tasks(self, person_id: str, title: str = "") -> list[dict[str, Any]]:
        """The tasks about a person (blank: nobody), oldest first; `title`: only those of it."""
        return [
            each
            for each in self._everything()["tasks"]
            if (each["person_id"] or "") == person_id and title in ("", each["title"])
        ]

    def documents(self, person_id: str) -> list[str]:
        """The names of the documents on somebody's record."""
        documents = self._everything()["documents"]
        return [each["name"] for each in documents if each["person_id"] == person_id]

    def _person(self, person_id: str) -> Mapping[str, Any]:
        people = self._everything()["people"]
        found: Mapping[str, Any] = next(each for each in people if each["id"] == person_id)
        return found

    def _everything(self) -> dict[str, list[dict[str, Any]]]:
        return dict(self._ask("GET", "api/everything").json())

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = requests.request(
            method,
            f"{self.address}/{HOME}/{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=(5, 30),
            **more,
        )
        if not answer.ok:
            raise ConnectorError(f"The made-up case system answered {answer.status_code}.")
        return answer


def _as_typed(of: Sheet, person: Person, today: date, over: Mapping[str, Any]) -> Answers:
    """The answers as a browser sends them."""
    answers = starting_answers(of, person, today)
    typed: Answers = {}
    for question in of.questions:
        answer = over.get(question.name, answers[question.name])
        if question.kind != "grid":
            typed[question.name] = answer
            continue
        for number, row in enumerate(answer, start=1):
            cells = {cell_name(question, number, each): row[each.name] for each in question.columns}
            typed |= cells
    return typed
