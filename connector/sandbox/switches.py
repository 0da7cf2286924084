"""The misbehaviour switches: what goes wrong next, for which register and kind of call."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from connector.sandbox.database import Database

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "outcome": "Writing an outcome",
        "note": "Writing a case note",
        "document": "Attaching a document",
        "upload": "Uploading a document's bytes (first of two steps)",
        "task": "Making a task",
        "change": "Changing, completing or cancelling a task",
        "lookup": "Looking something up by its reference",
        "read": "Reading a task, a person or the list of completed forms",
        "form": "Reading one completed form",
    }
)
MODES: Mapping[str, str] = MappingProxyType(
    {
        "slow": "Wait for some seconds, then do the work and answer as usual",
        "work-then-500": "Do the work, then answer 500",
        "503": "Do nothing, answer 503 with Retry-After",
        "work-then-reset": "Do the work, then drop the connection without an answer",
        "refuse": "Do nothing, answer 422 with a message",
        "429": "Do nothing, answer 429 with Retry-After",
    }
)
# What concerns no call but the webhooks: the kind, its only mode, and what that does.
OF_WEBHOOKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "webhook": ("lose", "Lose a webhook: it is never sent, and the connector is not told"),
        "echo": ("echo", "Send a webhook also for what the connector itself did"),
    }
)
LONGEST_WAIT = 120


@dataclass(frozen=True)
class Switch:
    """One misbehaviour. `times` says how many more calls it strikes, or `probability` how often
    (0 to 1), until it is switched off. `seconds` is the wait of "slow" and the Retry-After of
    "503" and "429"; `message` is what "refuse" says.
    """

    register: str
    kind: str
    mode: str
    times: int | None = None
    probability: float | None = None
    seconds: float = 2
    message: str = "This record is closed to changes."
    id: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the API shows it."""
        return asdict(self)


def switch_from(body: Mapping[str, Any]) -> Switch:
    """The switch a caller asks for; ValueError with a sentence where it makes no sense."""
    kind, mode = _kind_and_mode(body)
    if not str(body.get("register") or "").strip():
        raise ValueError("register must be named.")
    return Switch(
        register=str(body["register"]).strip(),
        kind=kind,
        mode=mode,
        **_how_often(body),
        seconds=_number(body, "seconds", LONGEST_WAIT, 2),
        message=str(body.get("message") or Switch.message),
    )


def _kind_and_mode(body: Mapping[str, Any]) -> tuple[str, str]:
    """The two, checked; what concerns webhooks has one mode, which need not be named."""
    kind = str(body.get("kind"))
    only = OF_WEBHOOKS[kind][0] if kind in OF_WEBHOOKS else None
    mode = str(body.get("mode") or only)
    for name, value, known in (
        ("kind", kind, [*KINDS, *OF_WEBHOOKS]),
        ("mode", mode, [only] if only else [*MODES]),
    ):
        if value not in known:
            raise ValueError(f"{name} must be one of: {', '.join(known)}.")
    return kind, mode


def _how_often(body: Mapping[str, Any]) -> dict[str, Any]:
    if body.get("probability") not in (None, ""):
        return {"probability": _number(body, "probability", 1, 1)}
    times = _number(body, "times", 1_000_000, 1)
    if times < 1 or times != int(times):
        raise ValueError("times must be a whole number from 1.")
    return {"times": int(times)}


def _number(body: Mapping[str, Any], name: str, most: float, otherwise: float) -> float:
    value = body.get(name)
    try:
        number = otherwise if value in (None, "") else float(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= most:
        raise ValueError(f"{name} must be a number from 0 to {most}.")
    return number


class Switches:
    """Which switches are on. Of several for the same call the one set first strikes first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listing(self) -> list[Switch]:
        """Those that are on, in the order in which they were set."""
        return [Switch(**row) for row in self._database.rows("SELECT * FROM switch ORDER BY id")]

    def turn_on(self, switch: Switch) -> int:
        """Set one; its number."""
        values = asdict(switch)
        return self._database.write(
            "INSERT INTO switch (register, kind, mode, times, probability, seconds, message) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(value for name, value in values.items() if name != "id"),
        )

    def turn_off(self, number: int | None = None) -> None:
        """Remove one, or all of them."""
        if number is None:
            self._database.write("DELETE FROM switch")
        else:
            self._database.write("DELETE FROM switch WHERE id = ?", number)

    def strike(self, register: str, kind: str) -> Switch | None:
        """The switch that strikes this call, counted down; None when nothing goes wrong."""
        with self._database.transaction():
            for switch in self.listing():
                if (switch.register, switch.kind) == (register, kind) and self._hits(switch):
                    return switch
        return None

    def _hits(self, switch: Switch) -> bool:
        if switch.probability is not None:
            return secrets.randbelow(1_000_000) < switch.probability * 1_000_000
        self._database.write("UPDATE switch SET times = times - 1 WHERE id = ?", switch.id)
        self._database.write("DELETE FROM switch WHERE times <= 0")
        return True
