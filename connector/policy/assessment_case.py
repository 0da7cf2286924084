"""A post-21 assessment in front of the rules: the words the rules share."""

import re
from datetime import date
from typing import Any

from connector.dates import add_months
from connector.model import Inbox
from connector.policy.case import Case
from schemas import Action, Post21Assessment

SERVICE_OWNERS = {"pa", "duty", "manager"}


class AssessmentCase(Case):
    """A case whose form is a post-21 assessment."""

    @property
    def answers(self) -> Post21Assessment:
        """The form's answers."""
        answers = self.form.answers
        if not isinstance(answers, Post21Assessment):
            raise TypeError("not a post-21 assessment")
        return answers

    @property
    def assessed_on(self) -> date:
        """The assessment date, the form day where it is blank (R1)."""
        return self.answers.assessment_date or self.form_day

    @property
    def judged_on(self) -> date | None:
        """The same, None where a date stands there that could not be understood."""
        return None if self.unreadable("assessment_date") else self.assessed_on

    @property
    def outcome(self) -> str | None:
        """The outcome's code."""
        return self.answers.outcome

    @property
    def returner(self) -> bool:
        """Someone who came back aged 21 to 24."""
        return self.answers.assessment_type == "returner_21_to_24"

    @property
    def turns_25(self) -> date | None:
        """The birthday on which rights end (A8)."""
        return self.birthday(self.settings.limits.upper_age)

    @property
    def was_open(self) -> bool:
        """Whether the case was open before; a returner's counts as closed (R11)."""
        return self.record.case_open is True if self.returner else True

    @property
    def closing(self) -> bool:
        """Outcome 1, or outcome 3 on an open case where the council treats that as closing."""
        if self.outcome == "immediate_needs_met":
            return self.was_open and self.settings.post21.outcome3_open_case != "keep_open"
        return self.outcome == "close_case"

    @property
    def keeps_open(self) -> bool:
        """Outcome 2, or outcome 3 on an open case where the council keeps it open."""
        immediate = self.outcome == "immediate_needs_met" and self.was_open and not self.closing
        return self.outcome == "remain_open" or immediate

    @property
    def asks_closure_questions(self) -> bool:
        """Whether the closure questions must be answered (DC-30)."""
        straight = self.settings.post21.outcome3_open_case == "close"
        return self.closing and not (self.outcome == "immediate_needs_met" and straight)

    @property
    def keeps_in_touch(self) -> bool:
        """Outcomes after which only the yearly contact is left (DC-36, DC-37)."""
        return self.outcome in {"close_case", "immediate_needs_met"}

    @property
    def closes_on(self) -> date:
        """The day the closing takes effect: not before 21, or a month after by setting (R13)."""
        turned = self.birthday(21)
        effective = self.settings.post21.closure_effective
        if turned is None or effective == "immediately":
            return self.assessed_on
        earliest = add_months(turned, 1) if effective == "at_21_plus_1_month" else turned
        return max(self.assessed_on, earliest)

    @property
    def closing_planned(self) -> bool:
        """Whether the closing waits for the 21st birthday."""
        return self.closing and self.closes_on > self.assessed_on

    @property
    def worker_inbox(self) -> Inbox:
        """Where a worker's task goes: to the manager until somebody is allocated (R8)."""
        return Inbox.MANAGER if self.outcome == "refer_to_manager" else Inbox.WORKER

    @property
    def listed_actions(self) -> tuple[Action, ...]:
        """The rows that say what is to be done and are not done yet."""
        return tuple(a for a in self.answers.actions if a.what and not a.done)

    @property
    def names_an_action(self) -> bool:
        """Whether a row says what is to be done, or holds something nobody can read."""
        rows = enumerate(self.answers.actions, start=1)
        return self.unreadable("actions") or any(
            row.what or self.unreadable(f"actions[{number}].what") for number, row in rows
        )

    @property
    def service_actions(self) -> tuple[tuple[int, Action], ...]:
        """Those the Leaving Care Service owes, with their row (R9). A blank owner is the adviser's.

        Rows count from 1.
        """
        return tuple(
            (number, action)
            for number, action in enumerate(self.answers.actions, start=1)
            if action.what and not action.done and (action.who or "pa") in SERVICE_OWNERS
        )

    @property
    def unsuitable_home(self) -> bool:
        """Unsuitable by the answer or the code, or no fixed abode (DC-13)."""
        code = self.answers.accommodation_code or ""
        unsuitable = self.answers.accommodation_suitable is False or code.endswith("2")
        return unsuitable or code[:1] in {"S", "V", "W"}

    @property
    def closure_answers(self) -> dict[str, bool | None]:
        """Every closure question the council asks, with its answer."""
        return {name: self._closure_answer(name) for name in self.settings.post21.closure_questions}

    def _closure_answer(self, name: str) -> bool | None:
        known = getattr(self.answers, name, None)
        return known if known is not None else self.answers.closure_other.get(name)

    def mentions(self, words: str) -> bool:
        """Whether an action names the words, a regular expression for where they begin."""
        looked_for = re.compile(rf"\b(?:{words})", re.IGNORECASE)
        return any(looked_for.search(action.what or "") for action in self.answers.actions)


def as_assessment(case: Case) -> AssessmentCase:
    """The same case, read as an assessment."""
    values: dict[str, Any] = {name: getattr(case, name) for name in case.__dataclass_fields__}
    return AssessmentCase(**values)
