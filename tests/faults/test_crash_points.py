"""A crash at every edge, every time it is passed, on both databases (reliability G1)."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from edges import KILLED, Point
from fault_stage import KEYS, Stage
from lent_databases import lent_database
from made_once import sqlite_database

from connector.store import Store
from connector.vault import Vault

SHARES = 4
HERE = Path(__file__).parent


@dataclass
class Crashing:
    """A process that starts connectors."""

    process: "subprocess.Popen[str]"

    def run(self, asked: dict[str, Any]) -> int:
        """The exit code of one run."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture(scope="module")
def crashing(one_stage: Stage) -> Iterator[Crashing]:
    paths = os.pathsep.join(map(str, (HERE, HERE.parent, HERE.parent / "live", HERE.parents[1])))
    with (one_stage.folder / "crashing.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, HERE / "crashing_connector.py", one_stage.configuration.folder],
            env=_without_coverage() | one_stage.environment | {"PYTHONPATH": paths},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        yield Crashing(process)
        process.communicate(timeout=30)


def _without_coverage() -> dict[str, str]:
    """Whoever is killed writes no coverage; measuring it would take as long as everything else."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


@dataclass
class Told:
    """What the runs of one life wrote down."""

    taken: list[str] = field(default_factory=list)
    at: str = ""
    seen: list[Point] = field(default_factory=list)


@dataclass
class Life:
    """One story on one fresh database, through as many connectors as it takes."""

    crashing: Crashing
    store: Store
    folder: Path
    start: datetime
    runs: int = 0

    def run(self, crash_at: Point | None) -> int:
        """One connector, started some seconds after the one before ended."""
        told = self.told()
        at = datetime.fromisoformat(told.at) if told.at else self.start
        url = self.store.database.engine.url.render_as_string(hide_password=False)
        self.runs += 1
        return self.crashing.run(
            {
                "url": url,
                "start": self.start.isoformat(),
                "at": (at + timedelta(seconds=20 * self.runs)).isoformat(),
                "crash_at": crash_at,
                "taken": told.taken,
                "notes": str(self._notes),
            }
        )

    @property
    def _notes(self) -> Path:
        return self.folder / "notes.jsonl"

    def told(self) -> Told:
        """What has happened so far."""
        told = Told()
        lines = self._notes.read_text().splitlines() if self._notes.exists() else []
        for line in map(json.loads, lines):
            told.taken += [line["taken"]] if "taken" in line else []
            told.at = line.get("at", told.at)
            told.seen = [(name, n) for name, n in line.get("seen", told.seen)]
        return told


def _new_life(kind: str, crashing: Crashing, folder: Path, start: datetime) -> Life:
    folder.mkdir()
    database = sqlite_database(folder) if kind == "sqlite" else lent_database()
    return Life(crashing, Store(database, Vault.from_text(KEYS)), folder, start)


def _as_wanted(stage: Stage) -> Counter[tuple[str, str, str]]:
    """What the host holds: of each reference its kind, how often, and how a task stands."""
    return Counter(
        (each["kind"], each["reference"], each.get("state", "")) for each in stage.held()
    )


@pytest.mark.live
@pytest.mark.faults("G1", "R4", "R5", "I1", "I2", "I3")
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_crash_at_any_edge_loses_nothing_and_doubles_nothing(
    kind: str, share: int, stage: Stage, crashing: Crashing, tmp_path: Path
) -> None:
    start = datetime.now(UTC).replace(microsecond=0)
    undisturbed = _new_life(kind, crashing, tmp_path / "undisturbed", start)
    assert undisturbed.run(None) == 0, (stage.folder / "crashing.log").read_text()[-3000:]
    wanted, points = _as_wanted(stage), undisturbed.told().seen
    undisturbed.store.close()
    assert len(points) > 60
    wrong = []
    for number, point in enumerate(points[share::SHARES]):
        stage.afresh()
        life = _new_life(kind, crashing, tmp_path / str(number), start)
        codes = (life.run(point), life.run(None))
        if codes != (KILLED, 0) or _as_wanted(stage) != wanted or not _kept_every_promise(life):
            wrong.append((point, codes, _as_wanted(stage) - wanted, wanted - _as_wanted(stage)))
        life.store.close()
    assert wrong == []


def _kept_every_promise(life: Life) -> bool:
    """Each delivery that was answered is there (I1), and nothing waits without a word (I3)."""
    with life.store.transaction() as tx:
        kept = tx.submissions.listing(100)
        states = {each.state for one in kept for each in tx.effects.of_submission(one.id)}
    taken = set(life.told().taken)
    return len(kept) == len(taken) == 4 and states <= {"confirmed", "cancelled"}
