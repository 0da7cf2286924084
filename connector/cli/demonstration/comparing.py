"""Whether the host holds exactly what was planned: nothing missing, nothing extra."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import requests

from connector.cli.demonstration.forms import SentForm
from connector.cli.demonstration.stage import SANDBOX_TOKEN, Stage

LONGEST_WAIT = 30.0
Held = Mapping[str, list[dict[str, Any]]]


def held_by(stage: Stage, host: str) -> Held:
    """Everything in one register of the sandbox: outcomes, notes, documents, tasks."""
    token = stage.environment[SANDBOX_TOKEN]
    answer = requests.get(
        f"{stage.sandbox}/registers/{host}/api/everything",
        headers={"Authorization": f"Bearer {token}"},
        timeout=(5, 30),
    )
    answer.raise_for_status()
    held: Held = answer.json()
    return held


def opened(planned: Mapping[str, Any], today: date) -> list[Mapping[str, Any]]:
    """The planned tasks whose day has come; the others wait in the connector."""
    return [task for task in planned["tasks"] if task["opens_on"] <= today.isoformat()]


def differences(form: SentForm, held: Held, today: date) -> list[str]:
    """What the host holds that was not planned, and the other way round; empty where equal."""
    planned = form.planned
    attached = [planned["attachment"]["name"]] if planned["attachment"] else []
    pairs: Sequence[tuple[str, list[Any], list[Any]]] = (
        ("outcome", [(planned["status"], planned["line"])], _outcomes(held)),
        ("document", attached, [document["name"] for document in held["documents"]]),
        ("case note", [1] * len(attached), [1] * len(held["notes"])),
        ("task", [_task(t) for t in opened(planned, today)], [_held(t) for t in held["tasks"]]),
    )
    return [
        f"{what}: planned {sorted(wanted)}, the host holds {sorted(there)}"
        for what, wanted, there in pairs
        if sorted(wanted) != sorted(there)
    ]


def wait_until_held(
    stage: Stage, forms: Sequence[SentForm], today: date, progress: Callable[[], None]
) -> dict[str, list[str]]:
    """Wait until every host holds what was planned for it; what still differs, by host."""
    deadline = time.monotonic() + LONGEST_WAIT
    waiting = {form.host: form for form in forms}
    differing: dict[str, list[str]] = {}
    while waiting and time.monotonic() < deadline:
        for host, form in list(waiting.items()):
            differing[host] = differences(form, held_by(stage, host), today)
            if not differing[host]:
                del waiting[host]
                progress()
        time.sleep(0.1)
    return {host: differing[host] for host in waiting}


def _outcomes(held: Held) -> list[tuple[str, str]]:
    return [(outcome["status"], outcome["line"]) for outcome in held["outcomes"]]


def _task(task: Mapping[str, Any]) -> tuple[str, ...]:
    return (task["title"], task["inbox"], str(task["assignee"]), task["opens_on"], task["due_on"])


def _held(task: Mapping[str, Any]) -> tuple[str, ...]:
    owner = task["assignee"]
    return (task["title"], owner["kind"], str(owner["id"]), task["opens_on"], task["due_on"])
