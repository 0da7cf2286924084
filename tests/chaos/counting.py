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
    """`people`: the kind of each one's story; `wanted`: what is to be seen of a kind in the end."""
    here, owed = _grouped(held, "person"), _grouped(effects, "person_id")
    lost, doubled = [], []
    for person in sorted({*people, *here, *owed}):
        there, ledger = here.get(person, []), owed.get(person, [])
        gone, copies = _beside_the_ledger(there, ledger)
        kind = people.get(person)
        sight = seen(there)
        missing, extra = _difference(wanted[kind] if kind else sight, sight)
        told = sum(each["state"] == "parked" for each in ledger)
        lost += _named(person, kind, max(gone, missing[told:], key=len))
        doubled += _named(person, kind, max(copies, extra, key=len))
    return Count(
        wanted=sum(wanted[kind].total() for kind in people.values()),
        lost=tuple(lost),
        doubled=tuple(doubled),
        parked=sum(each["state"] == "parked" for each in effects),
        silent=tuple(_silent(effects)),
    )


def _grouped(entries: Iterable[Held], by: str) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for each in entries:
        found.setdefault(each[by], []).append(each)
    return found


def _named(person: str, kind: str | None, lines: Iterable[str]) -> list[str]:
    """What one count sees the other sees too, so only the one that sees more is told."""
    return [f"{person or 'nobody'} ({kind}): {line}" for line in lines]


def _difference(wanted: Sight, there: Sight) -> tuple[list[str], list[str]]:
    """What is missing and what is too much."""
    missing, extra = (
        sorted(map(str, each.elements())) for each in (wanted - there, there - wanted)
    )
    return missing, extra


def _beside_the_ledger(
    held: Sequence[Held], effects: Sequence[Held]
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
    again = [f"{each} is there {n} times" for each, n in copies.items() for _ in range(n - 1)]
    return lost, again + unknown


def _silent(effects: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    for each in effects:
        if each["state"] in ("planned", "intent", "unknown"):
            yield f"{each['id']} still {each['state']}: {each['reason']}"
        if each["state"] == "parked" and not each["reason"]:
            yield f"{each['id']} is parked without a reason"
