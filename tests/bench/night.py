"""The nightly check: people looked over a second, its memory, and how long a webhook waits."""

import json
import shutil
import sys
from collections.abc import Mapping
from typing import Any

from connector.vault import Vault

from .figures import Figure
from .in_scope import fill
from .processes import cost_of
from .setting import Setting

READ = "their answers and tasks read once"
ALONE = "one kept with nothing else going on"


def figures(of: Setting) -> list[Figure]:
    """For each number of people in scope, beside reading them; memory beside that for the least."""
    nights = {people: _one(of, people) for people in of.size.in_scope}
    least = min(nights)
    made: list[Figure] = []
    for people, (told, megabytes) in nights.items():
        name = f"Nightly check, {people:,} people in scope"
        looked, read = people / told["checking"], people / told["reading"]
        same = f"the same with {least:,}"
        made += [
            Figure(f"{name}: people", "a second", looked, read, READ, more=True),
            Figure(f"{name}: memory", "MB", megabytes, nights[least][1], same),
            Figure(f"{name}: p99 of a webhook", "ms", told["meanwhile"], told["alone"], ALONE),
        ]
    return made


def _one(of: Setting, people: int) -> tuple[Mapping[str, Any], float]:
    env = of.with_data(f"data-night-{people}")
    folder = of.folder / f"data-night-{people}"
    fill(folder, Vault.from_text(env["CONNECTOR_KEYS"]), people)
    cost = cost_of([sys.executable, "-m", "tests.bench.one_night"], env, of.folder / "night.json")
    told = json.loads(cost.said.splitlines()[-1])
    if told["left"] or not told["tasks"]:
        raise RuntimeError("not everybody was looked at")
    shutil.rmtree(folder)
    return told, cost.megabytes
