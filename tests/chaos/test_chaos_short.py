"""A short raid on each kind of store, as `make chaos` runs a longer one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import postgres_database

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
SECONDS = 25


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
@pytest.mark.faults("G2", "G3", "I1", "I2", "I3", "I5")
def test_a_hostile_host_and_a_killer_lose_nothing_and_double_nothing(store: str) -> None:
    if store == "postgresql":
        with postgres_database():  # says what to install where there is none
            pass
    arguments = ["--store", store, "--minutes", str(SECONDS / 60), "--seed", "7"]
    raid = subprocess.run(
        [sys.executable, "-m", "tests.chaos", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert raid.returncode == 0, raid.stdout + raid.stderr
    assert "effects wanted" in raid.stdout
