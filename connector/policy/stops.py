"""What a later form does to the tasks earlier forms asked for (domain 1.8 "stops", R5, R8, DS-20).

Asked in both directions: of a form that has just come, about the tasks that stand; and of a form
that came late, about its own tasks, in the light of the later one that is held.
"""

from dataclasses import dataclass
from datetime import date

AGREEMENT, ASSESSMENT = "tailored_support_agreement", "post_21_assessment"
YEARLY, REQUEST = "annual_contact_outcome", "family_request"

TOOK_EFFECT = {
    AGREEMENT: frozenset({"tailored_support_active", "criteria_no_longer_met"}),
    ASSESSMENT: frozenset({"open", "awaiting_manager", "closure_planned", "closed_annual_contact"}),
    YEARLY: frozenset({"open", "closed_annual_contact"}),
    REQUEST: frozenset({"request_awaiting_manager", "request_agreed", "request_not_agreed"}),
}
"""The statuses under which a form of each kind is in force from then on."""

SERIES = frozenset({"T01", "T02", "T21", "T27", "T30"})
"""Tasks of which only the next one exists, and one at a time (1.1)."""

CONTACTS = frozenset({"T01", "T02", "T27"})
"""Those of an agreement, whose clocks carry over (A17)."""

ONCE_IN_A_LIFE = frozenset({"T07", "T08", "T10", "T15"})
"""One for each person, whichever form asks."""

ASKED_ANEW = frozenset({"T19", "T25", "T90"})
"""Tasks that list what one version of a form still needs: another version, another list."""

NO_LONGER_NEEDED = "No longer needed."
CASE_CLOSED = "The case was closed."
ASSESSED = "A post-21 assessment was completed."
LATER_AGREEMENT = "A later agreement took its place."
NO_LONGER_FITS = "The tailored approach no longer fits."
LATER_ASSESSMENT = "A later assessment took its place."
CASE_OPEN = "The case was opened again."
CONTACTED = "A later yearly contact was recorded."

MADE_ON_HOLD = frozenset({"T04", "T06", "T14", "T16", "T17", "T18", "T19", "T36"})
"""What an agreement on hold asks for (R6)."""

NOT_ON_HOLD = frozenset({"T10", "T21", "T24", "T30"})
"""What an assessment on hold does not ask for (R7), nor a yearly contact."""

_OUTLIVES_AN_AGREEMENT = frozenset({"T06", "T28"})
_ENDS_WITH_AN_ASSESSMENT = frozenset({"T10", "T22", "T24", "T25", "T30"})


@dataclass(frozen=True)
class Applied:
    """A form that was worked on: its kind, and the status it led to.

    `closes`: it closes the case, so that nothing of earlier forms is left to do (R8). `on`: the
    day of the assessment or contact.
    """

    form_type: str
    status: str
    closes: bool = False
    on: date | None = None

    @property
    def took_effect(self) -> bool:
        """Whether the form is in force."""
        return self.status in TOOK_EFFECT.get(self.form_type, frozenset())


def stopped_by(
    later: Applied, task: str, asked_by: str | None, opens_on: date | None = None
) -> str | None:
    """Why a task of an earlier form stops when a later form was applied; None where it goes on.

    `asked_by` is the kind of form that asked for it, None where an event did; `opens_on` the day
    the task opens: an assessment before the window of T08 does not stop it (DC-03).
    """
    if later.status == "ended_deceased":
        return NO_LONGER_NEEDED
    if later.closes:
        return CASE_CLOSED
    judges = {AGREEMENT: _by_agreement, ASSESSMENT: _by_assessment, YEARLY: _by_yearly_contact}
    judge = judges.get(later.form_type)
    reason = judge(later, task, asked_by) if judge else None
    if reason == ASSESSED and task == "T08" and opens_on and later.on and later.on < opens_on:
        return None
    return reason


def _by_agreement(later: Applied, task: str, asked_by: str | None) -> str | None:
    if asked_by != AGREEMENT:
        return None
    if not later.took_effect or task in _OUTLIVES_AN_AGREEMENT:
        return None
    fits = later.status != "criteria_no_longer_met"
    if fits and task == "T08":
        return None
    return LATER_AGREEMENT if fits else NO_LONGER_FITS


def _by_assessment(later: Applied, task: str, asked_by: str | None) -> str | None:
    if later.status in {"needs_attention", "withdrawn"}:
        return None
    if task in {"T08", "T09"}:
        return ASSESSED
    if not later.took_effect:
        return None
    if task == "T30" and later.status in {"open", "awaiting_manager"}:
        return CASE_OPEN
    decided = later.status != "awaiting_manager"
    ends = task in _ENDS_WITH_AN_ASSESSMENT or (task == "T21" and decided)
    return LATER_ASSESSMENT if ends and asked_by == ASSESSMENT else None


def _by_yearly_contact(later: Applied, task: str, asked_by: str | None) -> str | None:
    counts = later.took_effect and task == "T30" and asked_by in {ASSESSMENT, YEARLY}
    return CONTACTED if counts else None
