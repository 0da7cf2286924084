"""What happens in a young person's life and to their record; each act tells the connector.

Every act gives the id of its webhook, None where nobody is told. ValueError says what is wrong.
`by` is the number of whoever records it.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from connector.sandbox.desk import desk
from connector.sandbox.people import Person
from connector.sandbox.telling import telling

ROLES = ("worker", "manager", "team")


def at_hand(person: Person) -> str:
    """The number of whoever most likely changes this record."""
    return person.worker_id or person.manager_id or "front-desk"


def change_roles(person: Person, roles: Mapping[str, str], by: str) -> str | None:
    """Give a person another worker, manager or team. `roles` has the numbers by role, and only
    those that change; a blank is nobody.
    """
    changes: dict[str, Any] = {}
    for role, number in roles.items():
        changes |= {f"{role}_id": number, f"{role}_name": _name(person, role, number)}
    now = replace(person, **changes)
    if now.worker_id != person.worker_id:
        now = replace(now, worker_active=True)
    with telling(person.register, by) as told:
        desk().people.save(now)
        told.event("roles.changed", {"person": {"id": person.id}, **_roles(now)})
    return told.webhook_id


def _name(person: Person, role: str, number: str) -> str:
    """The name that goes with a worker's, manager's or team's number on any record."""
    everybody = [asdict(each) for each in desk().people.listing(person.register)]
    names = (each[f"{role}_name"] for each in everybody if each[f"{role}_id"] == number)
    return next(filter(None, names), "") if number else ""


def _roles(person: Person) -> dict[str, object]:
    named = {
        "worker": {"id": person.worker_id, "name": person.worker_name},
        "manager": {"id": person.manager_id},
        "team": {"id": person.team_id},
    }
    return {role: said for role, said in named.items() if said["id"]}


def worker_leaves(person: Person, by: str) -> str | None:
    """Mark a person's worker as having left, on the record of everybody they work with."""
    if not person.worker_id:
        raise ValueError("Nobody is allocated to this person, so nobody can leave.")
    with telling(person.register, by) as told:
        for each in desk().people.listing(person.register):
            if each.worker_id == person.worker_id:
                desk().people.save(replace(each, worker_active=False))
        worker = {"id": person.worker_id, "name": person.worker_name}
        told.event("worker.left", {"worker": worker})
    return told.webhook_id


def record_death(person: Person, died_on: str, by: str) -> str | None:
    """Record the date on which a person died."""
    return _record(person, "person.died", "date_of_death", died_on, by)


def take_back_death(person: Person, by: str) -> str | None:
    """The date of death was recorded by mistake."""
    if not person.date_of_death:
        raise ValueError("No death is recorded for this person.")
    return _record(person, "person.death_corrected", "date_of_death", "", by)


def restrict(person: Person, restricted: bool, by: str) -> str | None:
    """Restrict a record, or lift the restriction."""
    return _record(person, "person.restricted", "restricted", restricted, by)


def merge(person: Person, into: str, by: str) -> str | None:
    """Merge a record into another. What is on it stays where it is, to be looked at."""
    if into == person.id or desk().people.find(person.register, into) is None:
        raise ValueError("Give the number of another record in this register to merge into.")
    return _record(person, "person.merged", "merged_into", into, by)


def _record(person: Person, event: str, name: str, value: Any, by: str) -> str | None:
    with telling(person.register, by) as told:
        desk().people.save(replace(person, **{name: value}))
        told.event(event, {"person": {"id": person.id, name: value}})
    return told.webhook_id


def ask_for_support(person: Person, requested_on: str, previous_pa_id: str, by: str) -> str | None:
    """Someone whose case was closed comes back and asks for support."""
    parts: dict[str, object] = {"person": {"id": person.id}}
    parts |= {"requested_on": requested_on} if requested_on else {}
    parts |= {"previous_pa": {"id": previous_pa_id}} if previous_pa_id else {}
    with telling(person.register, by) as told:
        told.event("support.requested", parts)
    return told.webhook_id
