"""The list of everyone who is due a yearly contact in the coming exercise (DC-35 to DC-38)."""

from datetime import date
from typing import Any

from connector.casework.contacts_told import CONTACTED, REACHED
from connector.dates import Window, WorkingDays, add_months
from connector.policy.contact_ways import in_words, permitted_ways
from connector.policy.settings import PolicySettings
from connector.reports.person import PersonFile, restricted_row
from connector.store.follow_up_row import FollowUpRow

COLUMNS = {
    "record_number": "Record number",
    "due_on": "Due",
    "last_contacted_on": "Last contacted (or tried)",
    "last_reached_on": "Last reached",
    "ways_to_contact": "Ways to contact that are permitted",
    "turns_25_on": "Last exercise: turns 25 on",
    "team": "Team",
    "worker": "Worker",
}
NO_WAY = "none recorded"


def coming_exercise(policy: PolicySettings, working: WorkingDays, today: date) -> Window:
    """This year's exercise until its last day, then the next year's."""
    exercise = policy.annual.exercise
    window = exercise.window(today.year, working)
    return window if today <= window.last else exercise.window(today.year + 1, working)


def is_due(row: FollowUpRow, window: Window) -> bool:
    """Whether a yearly contact opens by the end of the exercise."""
    return row.task == "T30" and row.stands and row.opens_on <= window.last


def october_row(
    file: PersonFile, yearly: FollowUpRow, policy: PolicySettings, window: Window
) -> dict[str, Any]:
    """One person, with `yearly` the contact that is due."""
    if file.restricted:
        return restricted_row(file) | {"due_on": yearly.due_on}
    turns = file.turns(policy.limits.upper_age, policy.dates.leap_day_birthday)
    soon = turns if turns and turns <= add_months(window.first, 12) else None
    ways = permitted_ways(file.contact_answers(), policy.annual)
    return {
        "host": file.host,
        "record_number": file.person_id,
        "due_on": yearly.due_on,
        "last_contacted_on": file.known.day(CONTACTED),
        "last_reached_on": file.known.day(REACHED),
        "ways_to_contact": in_words(ways) or NO_WAY,
        "turns_25_on": soon,
        "team": file.who.team,
        "worker": file.worker,
    }
