"""One young person's story: every kind of write, and what is changed and taken back later."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from live_forms import assessment, from_today, later, with_group

PERSON = "770001"


@dataclass(frozen=True)
class Step:
    """A webhook, some days after the one before."""

    delivery: str
    payload: dict[str, Any]
    days: int = 0


def story() -> tuple[Step, ...]:
    """A form; a date in it moves; the worker changes; the young person dies."""
    actions = [{"what": "Ring the landlord", "who": "pa", "due_on": from_today(3)}]
    first = assessment({"actions": actions}, person_id=PERSON, form_id="F1")
    moved = [{"what": "Ring the landlord", "who": "pa", "due_on": from_today(4)}]
    second = later(first, version=2, actions=moved)
    handed_over = {
        "event": "roles.changed",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "person": {"id": PERSON},
        "worker": {"id": "20955"},
    }
    died = with_group(later(second, version=3), "person", date_of_death=from_today(1))
    return (
        Step("d1", first),
        Step("d2", second),
        Step("d3", handed_over),
        Step("d4", died, days=2),
    )
