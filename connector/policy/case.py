"""One form in front of the rules: its answers, the council's settings, the calendar and the day.

A rule is a function that looks at a case and yields what it found: a Problem, a Wanted task, or a
Claim that a status applies.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from connector.dates import WorkingDays, birthday, in_words, london_date
from connector.model import CompletedForm, Inbox, PersonRecord, Problem, Severity
from connector.policy.settings import PolicySettings
from schemas import Envelope

NOTHING_KNOWN = PersonRecord()


@dataclass(frozen=True)
class Wanted:
    """A task a rule asks for, before its date is moved and its inbox filled.

    `due` is the date before any move. `because` is a full sentence; `reckoning` says how `due`
    came about ("84 days after 25 March 2026"). `opens` None means by R17. `covers` are the holding
    rules this task answers, so that they need no "put right the form". `forward` moves a day off
    later instead of earlier (T10). `title` None takes the catalogue's. `counted_from` is the day a
    recurring task is counted from. `late_on` is when the manager is told that it is overdue.
    """

    task: str
    rule: str
    inbox: Inbox
    due: date
    because: str
    reckoning: str = ""
    title: str | None = None
    text: str = ""
    opens: date | None = None
    occurrence: str = ""
    covers: tuple[str, ...] = ()
    forward: bool = False
    assignee: str | None = None
    done_by: str = ""
    counted_from: date | None = None
    late_on: date | None = None

    def joined(self, other: "Wanted") -> "Wanted":
        """Two rules that ask for the same task make one: the earlier date, both reasons."""
        first, second = sorted((self, other), key=lambda wanted: wanted.rule)
        earlier = min(first, second, key=lambda wanted: wanted.due)
        return replace(
            first,
            due=earlier.due,
            reckoning=earlier.reckoning,
            because=_both(first.because, second.because),
            text=_each_line_once(first.text, second.text),
            covers=(*first.covers, *second.covers, second.rule),
        )


@dataclass(frozen=True)
class Claim:
    """A rule says this status applies, unless one of higher rank does."""

    status: str


Finding = Problem | Wanted | Claim


@dataclass(frozen=True)
class Case:
    """A form before the rules. `as_of` is the day of processing in London."""

    form: CompletedForm
    settings: PolicySettings
    working: WorkingDays
    as_of: date
    record: PersonRecord = NOTHING_KNOWN

    @property
    def envelope(self) -> Envelope:
        """Who and what the form is about."""
        return self.form.envelope

    @property
    def form_day(self) -> date:
        """The London date on which the form was completed; the as-of day where unknown."""
        completed = self.envelope.completed_at
        return london_date(completed) if completed else self.as_of

    @property
    def born(self) -> date | None:
        """Date of birth where it could be read."""
        return self.envelope.date_of_birth

    def birthday(self, age: int) -> date | None:
        """The day the person turns `age` (A5), None without a date of birth."""
        leap = self.settings.dates.leap_day_birthday
        return birthday(self.born, age, leap) if self.born else None

    def counted(self, count: int) -> dict[str, Any]:
        """`due` and `reckoning` of a task that is due `count` working days from the form day.

        Never before the next working day (1.0 "wd"): `placing` moves it, and says so.
        """
        start = in_words(min(self.form_day, self.as_of))
        days = "working day" if count == 1 else "working days"
        due = self.working.after(min(self.form_day, self.as_of), count)
        return {"due": due, "reckoning": f"{count} {days} after {start}"}

    def blank(self, name: str) -> bool:
        """Whether a question of the form was left unanswered; an unreadable answer is not."""
        return not self.unreadable(name) and getattr(self.form.answers, name) in (None, "", ())

    def unreadable(self, name: str) -> bool:
        """Whether an answer stands there that could not be understood; it is listed already."""
        return name in self.form.unreadable

    def question(self, name: str) -> str:
        """The host's own words for a canonical field."""
        return self.form.question(name)

    def error(self, rule: str, message: str, name: str | None = None) -> Problem:
        """The outcome cannot be written until this is put right."""
        return self._problem(rule, Severity.ERROR, message, name)

    def hold(self, rule: str, message: str, name: str | None = None) -> Problem:
        """The form is recorded but does not take effect."""
        return self._problem(rule, Severity.HOLD, message, name)

    def warning(self, rule: str, message: str, name: str | None = None) -> Problem:
        """Accepted, and shown under "Points to check"."""
        return self._problem(rule, Severity.WARNING, message, name)

    def information(self, rule: str, message: str, name: str | None = None) -> Problem:
        """Good to know."""
        return self._problem(rule, Severity.INFO, message, name)

    def _problem(self, rule: str, severity: Severity, message: str, name: str | None) -> Problem:
        return Problem(rule, severity, message, self.question(name) if name else None)


AnyCase = TypeVar("AnyCase", bound=Case)
Rule = Callable[[AnyCase], Iterable[Finding]]


def _both(one: str, other: str) -> str:
    return one if not other or other in one else f"{one} {other}" if one else other


def _each_line_once(*texts: str) -> str:
    return "\n".join(dict.fromkeys(line for text in texts for line in text.splitlines()))
