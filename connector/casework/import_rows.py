"""One row of an import as answers a form would have given. Pure: what is wrong is said, not raised.

The words of a refusal are for whoever made the file: what to change, in which column.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connector.dates import in_words
from connector.policy.stops import AGREEMENT, ASSESSMENT

KINDS = {"agreement": AGREEMENT, "closed_case": ASSESSMENT, "open_case": ASSESSMENT}
"""What may be imported, and the kind of form that would have said it."""

ALWAYS = ("kind", "person_id", "date_of_birth")
"""The columns no file can do without."""

NEEDED = {
    "agreement": ("agreement_date", "eligible_full_service"),
    "closed_case": ("closed_on",),
    "open_case": ("assessed_on",),
}
"""What a row of each kind cannot do without, beside that."""

YES, NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0"})
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
DIGITS = re.compile(r"[\d/.\- ]+")
LONGEST_ID, LONGEST_TEXT = 36, 200
MOST_WEEKS = 104
EARLIEST = date(1900, 1, 2)


class Unusable(Exception):
    """A cell cannot be used; the message says what to write instead."""


def _day(typed: str) -> str:
    for style in DAY_FORMATS:
        try:
            # The day alone is meant; it has no time and no zone.
            return datetime.strptime(typed, style).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    shown = f"{typed} is not a real date" if DIGITS.fullmatch(typed) else "This is no date"
    raise Unusable(f"{shown}. Write it as 2026-03-27 or 27/03/2026.")


def _yes_no(typed: str) -> bool:
    word = typed.casefold()
    if word in YES | NO:
        return word in YES
    raise Unusable("Write yes or no.")


def _weeks(typed: str) -> int:
    if typed.isdecimal() and int(typed) <= MOST_WEEKS:
        return int(typed)
    raise Unusable(f"Write a whole number of weeks, 0 to {MOST_WEEKS}.")


def _id(typed: str) -> str:
    if len(typed) <= LONGEST_ID:
        return typed
    raise Unusable(f"A record number has at most {LONGEST_ID} characters.")


def _text(typed: str) -> str:
    if len(typed) <= LONGEST_TEXT:
        return typed
    raise Unusable(f"Write at most {LONGEST_TEXT} characters.")


def _one_of(*words: str) -> Callable[[str], str]:
    def chosen(typed: str) -> str:
        word = typed.casefold().replace(" ", "_")
        if word in words:
            return word
        raise Unusable(f"Write {' or '.join(words)}.")

    return chosen


Read = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """A column: the answer it stands for, and how its cells are read. `answer` None: no answer."""

    read: Read
    answer: str | None = None


COLUMNS: Mapping[str, Column] = {
    "kind": Column(_one_of(*KINDS)),
    "person_id": Column(_id, "person_id"),
    "date_of_birth": Column(_day, "date_of_birth"),
    "agreement_date": Column(_day, "agreement_date"),
    "eligible_full_service": Column(_yes_no, "eligible_full_service"),
    "visit_interval_weeks": Column(_weeks, "visit_interval_weeks"),
    "last_social_worker_contact_on": Column(_day, "last_social_worker_contact_on"),
    "last_pathway_plan_on": Column(_day, "last_pathway_plan_on"),
    "last_family_contact_on": Column(_day, "last_family_contact_on"),
    "lead_social_worker_name": Column(_text, "lead_social_worker_name"),
    "lead_social_worker_team": Column(_text, "lead_social_worker_team"),
    "lead_social_worker_phone": Column(_text, "lead_social_worker_phone"),
    "family_contact_safe": Column(_yes_no, "family_contact_safe"),
    "support_package_source": Column(
        _one_of("childrens", "adults", "both"), "support_package_source"
    ),
    "closed_on": Column(_day, "assessment_date"),
    "assessed_on": Column(_day, "assessment_date"),
    "last_contact_on": Column(_day),
    "last_reached_on": Column(_day),
    "phone": Column(_text, "last_known_phone"),
    "phone_safe_to_use": Column(_yes_no, "phone_safe_to_use"),
    "social_media_ok": Column(_one_of("yes", "no", "not_asked"), "social_media_ok"),
    "social_media_platform": Column(_text, "social_media_platform"),
    "social_media_handle": Column(_text, "social_media_handle"),
    "social_media_permission_on": Column(_day, "social_media_permission_on"),
    "worker_id": Column(_text, "allocated_worker_id"),
    "manager_id": Column(_text, "manager_id"),
    "team_id": Column(_text, "team_id"),
    "restricted": Column(_yes_no, "record_restricted"),
}
"""Every column a file may have."""


NO_ANSWERS = ("last_contact_on", "last_reached_on")
"""Columns that are no answer of a form: they are kept of the person."""


@dataclass(frozen=True)
class Row:
    """One row that can be used. `values` are the answers, `days` the days that are no answer."""

    line: int
    kind: str
    person_id: str
    born: date
    values: Mapping[str, Any]
    days: Mapping[str, date]

    @property
    def form_type(self) -> str:
        """The kind of form that would have said this."""
        return KINDS[self.kind]

    @property
    def form_id(self) -> str:
        """What it is known by, as a form by its number."""
        return f"import-{self.kind}-{self.person_id}"

    def day(self, answer: str) -> date | None:
        """An answer that is a day."""
        typed = self.values.get(answer)
        return date.fromisoformat(typed) if typed else None

    @property
    def began(self) -> date:
        """The day of the agreement, the closing or the assessment."""
        day = self.day("agreement_date" if self.kind == "agreement" else "assessment_date")
        if day is None:
            raise Unusable("The row has no date.")
        return day

    @property
    def last_contact(self) -> date | None:
        """The last yearly contact, or attempt, that is known."""
        return max(self.days.values(), default=None)


@dataclass(frozen=True)
class Refused:
    """A row that cannot be used, and what to change."""

    line: int
    person_id: str
    kind: str
    reason: str


def read_row(line: int, cells: Mapping[str, str], today: date) -> Row | Refused:
    """The row, or every reason why it cannot be used, in one sentence each."""
    typed = {name: cell for name, cell in cells.items() if cell}
    read, wrong = _read(typed)
    kind = read.get("kind", "")
    wrong += _missing(kind, typed)
    wrong += [
        f"{name}: {in_words(day)} is in the future. Check the date."
        for name, day in _days(read).items()
        if day > today
    ]
    if wrong:
        person = typed.get("person_id", "")[:LONGEST_ID]
        return Refused(line, person, kind, " ".join(wrong))
    born = date.fromisoformat(read["date_of_birth"])
    values = {
        column.answer: read[name] for name, column in _used(kind) if column.answer and name in read
    }
    days = {name: day for name, day in _days(read).items() if name in NO_ANSWERS}
    return Row(line, kind, read["person_id"], born, values, days)


def _read(typed: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    read: dict[str, Any] = {}
    wrong: list[str] = []
    for name, cell in typed.items():
        try:
            read[name] = COLUMNS[name].read(cell)
        except Unusable as problem:
            wrong.append(f"{name}: {problem}")
    return read, wrong


def _missing(kind: str, typed: Mapping[str, str]) -> list[str]:
    wrong = [f"Fill in {name}." for name in (*ALWAYS, *NEEDED.get(kind, ())) if name not in typed]
    who = ("lead_social_worker_name", "lead_social_worker_team")
    if kind == "agreement" and not any(name in typed for name in who):
        wrong.append("Fill in lead_social_worker_name or lead_social_worker_team.")
    return wrong


def _days(read: Mapping[str, Any]) -> dict[str, date]:
    return {
        name: date.fromisoformat(value)
        for name, value in read.items()
        if COLUMNS[name].read is _day
    }


def _used(kind: str) -> list[tuple[str, Column]]:
    """The columns that say something about this kind: a closing has no assessment date beside."""
    other = {"closed_case": "assessed_on", "open_case": "closed_on"}.get(kind)
    return [(name, column) for name, column in COLUMNS.items() if name != other]
