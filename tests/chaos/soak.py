"""`python -m tests.chaos.soak [--minutes 20] [--store sqlite|postgresql]`: does anything grow?

Forms come in steadily while memory and open files of every process are read out of /proc. The
first tenth of the time, in which everything is loaded, does not count; the last third is compared
with the first.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from threading import Event, Thread

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from .clients import Clients
from .council import Council, council
from .forms import stories
from .plans import STORES, planned

PEOPLE_A_SECOND = 2.0
SAMPLES = 300
WARMING_UP = 0.1
MOST_GROWTH = 1.10


@dataclass(frozen=True)
class Sample:
    """What a process held at one moment: resident memory in megabytes, and open files."""

    megabytes: float
    handles: int


@dataclass(frozen=True)
class Growth:
    """A figure in the first third and in the last."""

    first: float
    last: float

    @property
    def ratio(self) -> float:
        """How many times the first the last is."""
        return self.last / self.first

    @property
    def is_flat(self) -> bool:
        """Whether it grew by no more than is allowed."""
        return self.ratio <= MOST_GROWTH


def growth(figures: Sequence[float]) -> Growth:
    """The mean of the first third beside that of the last, without the warming up."""
    counted = figures[round(len(figures) * WARMING_UP) :]
    third = len(counted) // 3
    if not third:
        raise ValueError("too few samples to compare; let it run longer")
    return Growth(fmean(counted[:third]), fmean(counted[-third:]))


def main() -> int:
    """Load, sample and print; 1 where anything grew by more than a tenth."""
    options = argparse.ArgumentParser(prog="make soak", description=__doc__)
    options.add_argument("--minutes", type=float, default=20)
    options.add_argument("--store", choices=STORES, default="sqlite")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with (
        tempfile.TemporaryDirectory(prefix="connector-soak-") as folder,
        planned(chosen.store, chosen.minutes * 60, seed=1) as plan,
        council(Path(folder), plan.settings, plan.seed, plan.shape) as soaked,
    ):
        samples = _soaked(soaked, plan.seconds)
    found = {
        name: (growth([s.megabytes for s in each]), growth([s.handles for s in each]))
        for name, each in samples.items()
    }
    Console(width=None if sys.stdout.isatty() else 110).print(table(found))
    return 0 if all(each.is_flat for both in found.values() for each in both) else 1


def _soaked(soaked: Council, seconds: float) -> Mapping[str, list[Sample]]:
    soaked.start_all()
    clients = Clients(soaked, seed=1)
    told = list(stories(round(seconds * PEOPLE_A_SECOND), seed=1))
    samples: dict[str, list[Sample]] = {name: [] for name in soaked.running}
    with _sampled(soaked, samples, seconds / SAMPLES):
        clients.send(told, seconds)
    return samples


@contextmanager
def _sampled(soaked: Council, samples: dict[str, list[Sample]], every: float) -> Iterator[None]:
    """Look at every process again and again until the end of the block."""
    over = Event()
    columns = (TextColumn("Soaking"), BarColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)

    def look() -> None:
        row = bar.add_task("", total=SAMPLES)
        while not over.wait(every):
            for name, process in soaked.running.items():
                samples[name].append(sample(process.pid))
            bar.advance(row)

    watching = Thread(target=look)
    with bar:
        watching.start()
        try:
            yield
        finally:
            over.set()
            watching.join()


def sample(process_id: int) -> Sample:
    """What the process holds now. FileNotFoundError where it has ended."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii").splitlines()
    resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return Sample(resident / 1024, sum(1 for _ in Path(f"/proc/{process_id}/fd").iterdir()))


def table(found: Mapping[str, tuple[Growth, Growth]]) -> Table:
    """One row for each process and figure."""
    made = Table(title="What grows under steady load", title_justify="left")
    for heading in ("", "", "first third", "last third", "times"):
        made.add_column(heading, justify="right" if heading else "left")
    for name, both in found.items():
        for what, each in zip(("memory, MB", "open files"), both, strict=True):
            made.add_row(name, what, f"{each.first:.1f}", f"{each.last:.1f}", f"{each.ratio:.3f}")
    return made


if __name__ == "__main__":
    sys.exit(main())
