"""The count: what the host holds beside what was wanted. Pure.

What was wanted is known twice over: by the connector's ledger, and by what came of one story of
the same kind while nothing went wrong. Either may find something lost or doubled.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Held = Mapping[str, Any]
Sight = Counter[tuple[str, ...]]

CHANGES = frozenset({"cancellation", "reassignment", "update"})
OVER = "cancelled"


@dataclass(frozen=True)
class Count:
    """What came of it. `silent`: what waits or is wrong without anybody being told (I3)."""

    wanted: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    parked: int
    silent: tuple[str, ...]


def seen(held: Iterable[Held]) -> Sight:
    """What somebody who opens a record sees; a task that was taken back is as good as none."""
    return Counter(_looks(each) for each in held if each.get("state") != OVER)


def _looks(each: Held) -> tuple[str, ...]:
    named = str(each.get("title") or each.get("status") or each.get("name") or "")
    return (
        each["kind"],
        named.replace(each["person"], "…"),
        each.get("assignee", {}).get("kind", ""),
    )


def counted(
    people: Mapping[str, str],
    wanted: Mapping[str, Sight],
    held: Sequence[Held],
    effects: Sequence[Mapping[str, Any]],
) -> Count:
    """`people`: the kind of each one's story; `wanted`: what is seen of a kind in the end."""
    by_person = _by_person(held)
    parked = [each for each in effects if each["state"] == "parked"]
    lost, doubled = _beside_the_ledger(held, effects)
    for person, kind in people.items():
        difference = _difference(wanted[kind], seen(by_person.get(person, ())))
        allowed = sum(each["person_id"] == person for each in parked)
        missing, extra = difference
        lost += [f"{person} {kind}: {each}" for each in missing[allowed:]]
        doubled += [f"{person} {kind}: {each}" for each in extra]
    return Count(
        wanted=sum(sum(wanted[kind].values()) for kind in people.values()),
        lost=tuple(lost),
        doubled=tuple(doubled),
        parked=len(parked),
        silent=tuple(_silent(effects)),
    )


def _by_person(held: Sequence[Held]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for each in held:
        found.setdefault(each["person"], []).append(each)
    return found


def _difference(wanted: Sight, there: Sight) -> tuple[list[str], list[str]]:
    return sorted(map(str, (wanted - there).elements())), sorted(
        map(str, (there - wanted).elements())
    )


def _beside_the_ledger(
    held: Sequence[Held], effects: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[str]]:
    copies = Counter(each["reference"] for each in held)
    made = [each for each in effects if each["kind"] not in CHANGES]
    lost = [
        f"{each['reference']} is confirmed and not there"
        for each in made
        if each["state"] == "confirmed" and not copies[each["reference"]]
    ]
    known = {each["reference"] for each in made}
    unknown = [f"{each} is there and not in the ledger" for each in copies if each not in known]
    doubled = [f"{each} is there {n} times" for each, n in copies.items() if n > 1]
    return lost, doubled + unknown


def _silent(effects: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    for each in effects:
        if each["state"] in ("planned", "intent", "unknown"):
            yield f"{each['id']} still {each['state']}: {each['reason']}"
        if each["state"] == "parked" and not each["reason"]:
            yield f"{each['id']} is parked without a reason"
