"""What is sent: stories of young people, each of one or more webhooks, full of canary words."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from types import MappingProxyType
from typing import Any

from tests.live.live_forms import agreement, assessment, from_today, new_number, returner

Payload = dict[str, Any]

_deliveries = count(1)


@dataclass(frozen=True)
class Delivery:
    """One webhook, under the id that it keeps however often it is sent."""

    number: str
    body: bytes


@dataclass(frozen=True)
class Story:
    """What is told of one person, in this order."""

    kind: str
    person: str
    deliveries: tuple[Delivery, ...]

    def part(self, number: int) -> "Story":
        """The same with the delivery of this number alone, if there is one."""
        return replace(self, deliveries=self.deliveries[number : number + 1])


def stories(number: int, seed: int) -> Iterator[Story]:
    """That many people, of all kinds."""
    chance = random.Random(seed)  # noqa: S311 - who is sent when, not a secret
    for _ in range(number):
        yield story(chance.choice(list(KINDS)))


def story(kind: str) -> Story:
    """A story of this kind about somebody new."""
    payloads = KINDS[kind]()
    return Story(kind, payloads[0]["person"]["id"], tuple(map(_delivery, payloads)))


def _delivery(payload: Payload) -> Delivery:
    return Delivery(f"chaos-{next(_deliveries)}", json.dumps(payload).encode())


def _told(event: str, person: dict[str, Any], **facts: Any) -> Payload:
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    return {"event": event, "at": moment, "person": person, **facts}


def _stays_open() -> list[Payload]:
    return [assessment()]


def _closes() -> list[Payload]:
    return [returner()]


def _agrees() -> list[Payload]:
    return [agreement()]


def _is_handed_over() -> list[Payload]:
    form = assessment()
    new = {"id": f"W{new_number()}", "name": "Ash Adviser"}
    return [form, _told("roles.changed", {"id": form["person"]["id"]}, worker=new)]


def _dies() -> list[Payload]:
    form = assessment()
    dead = {"id": form["person"]["id"], "date_of_death": from_today(-1)}
    return [form, _told("person.died", dead)]


def _is_withdrawn() -> list[Payload]:
    form = assessment()
    later = form | {"form": form["form"] | {"version": 2, "status": "withdrawn"}}
    return [form, later]


KINDS: Mapping[str, Callable[[], list[Payload]]] = MappingProxyType(
    {
        "stays open": _stays_open,
        "closes": _closes,
        "agrees": _agrees,
        "is handed over": _is_handed_over,
        "dies": _dies,
        "is withdrawn": _is_withdrawn,
    }
)
