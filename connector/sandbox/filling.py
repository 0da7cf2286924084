"""Filling a form in: the answers it starts with, and the answers a browser sent."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from werkzeug.datastructures import MultiDict

from connector.sandbox.people import Person
from connector.sandbox.sheets import Question, Sheet

Answers = dict[str, Any]
_BLANK = re.compile(r"\{(\w+?)([+-]\d+)?\}")


def starting_answers(sheet: Sheet, person: Person, today: date) -> Answers:
    """Sensible answers for a made-up person, so that a form can be completed at once."""
    words = _words(person, today)
    return {question.name: _start(question, words, today) for question in sheet.questions}


def _start(question: Question, words: Mapping[str, str], today: date) -> Any:
    if question.kind == "grid":
        rows = [
            {
                column.name: _said(row.get(column.name, ""), words, today)
                for column in question.columns
            }
            for row in question.rows
        ]
        return rows + [_blank_row(question) for _ in range(question.size - len(rows))]
    said = _said(question.default, words, today)
    return [said] if question.kind == "several" and said else said


def _blank_row(grid: Question) -> dict[str, str]:
    return {column.name: "" for column in grid.columns}


def _said(default: str, words: Mapping[str, str], today: date) -> str:
    """A default with `{today-3}` and `{worker_name}` filled in."""

    def fill(blank: re.Match[str]) -> str:
        if blank[1] == "today":
            return (today + timedelta(days=int(blank[2] or 0))).isoformat()
        return words[blank[1]]

    return _BLANK.sub(fill, default).strip()


def _words(person: Person, today: date) -> dict[str, str]:
    born = person.birthday()
    age = relativedelta(today, born).years if born else 18
    returning = age >= 21
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "date_of_birth": person.date_of_birth,
        "date_of_death": person.date_of_death,
        "restricted": "yes" if person.restricted else "no",
        "worker_id": person.worker_id,
        "worker_name": person.worker_name,
        "manager_id": person.manager_id,
        "manager_name": person.manager_name,
        "team_id": person.team_id,
        "team_name": person.team_name,
        "care_leaver_category": "former_relevant" if age >= 18 else "relevant",
        "assessment_type": "returner_21_to_24" if returning else "approaching_21",
        "requested_on": (today - timedelta(days=6)).isoformat() if returning else "",
        "previous_pa_id": "W209" if returning else "",
        "why_not_previous_pa": "They have left the council." if returning else "",
        "plan_date": "" if returning else (today - timedelta(days=60)).isoformat(),
    }


def read_answers(sheet: Sheet, sent: MultiDict[str, str]) -> Answers:
    """What the browser sent, blanks and blank rows included, unchecked like in a real host."""
    return {question.name: _read(question, sent) for question in sheet.questions}


def _read(question: Question, sent: MultiDict[str, str]) -> Any:
    if question.kind == "several":
        return sent.getlist(question.name)
    if question.kind == "grid":
        return [_read_row(question, number, sent) for number in range(1, question.size + 1)]
    typed = _typed(sent, question.name)
    return int(typed) if question.kind == "number" and re.fullmatch("[0-9]{1,6}", typed) else typed


def _read_row(grid: Question, number: int, sent: MultiDict[str, str]) -> dict[str, str]:
    row = {column.name: _typed(sent, cell_name(grid, number, column)) for column in grid.columns}
    if not grid.numbered_as:
        return row
    return {grid.numbered_as: str(number) if any(row.values()) else "", **row}


def _typed(sent: MultiDict[str, str], name: str) -> str:
    # Browsers send line ends as CR LF.
    return sent.get(name, "").replace("\r\n", "\n").strip()


def cell_name(grid: Question, number: int, column: Question) -> str:
    """The name of one cell's input; rows count from 1."""
    return f"{grid.name}-{number}-{column.name}"
