"""A new day: what is due opens as fast and in as little room however much is stored."""

import json
import shutil
import sys

from connector.vault import Vault

from .figures import Figure
from .processes import cost_of
from .setting import Setting
from .stored import fill


def figures(of: Setting) -> list[Figure]:
    """Seconds and peak memory for each number stored, beside those for the least."""
    costs = {stored: _one(of, stored) for stored in of.size.stored}
    smallest, floor = costs[min(costs)], f"the same with {min(costs):,} stored"
    made: list[Figure] = []
    for stored, (seconds, megabytes) in costs.items():
        name = f"A day's {of.size.due} tasks opened, {stored:,} stored"
        made += [
            Figure(name, "s", seconds, smallest[0], floor),
            Figure(f"{name}: memory", "MB", megabytes, smallest[1], floor),
        ]
    return made


def _one(of: Setting, stored: int) -> tuple[float, float]:
    env = of.with_data(f"data-day-{stored}")
    folder = of.folder / f"data-day-{stored}"
    fill(folder, Vault.from_text(env["CONNECTOR_KEYS"]), stored, of.size.due)
    day = [sys.executable, "-m", "tests.bench.one_day"]
    cost = cost_of(day, env, of.folder / "day.json")
    told = json.loads(cost.said.splitlines()[-1])
    if told["opened"] != of.size.due:
        raise RuntimeError(f"{told['opened']} of {of.size.due} opened")
    shutil.rmtree(folder)
    return told["seconds"], cost.megabytes
