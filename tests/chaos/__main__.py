"""`python -m tests.chaos [--minutes 2] [--store sqlite|postgresql|both] [--seed N]`."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from .plans import STORES, planned
from .raid import Result, raid

MOST_TOLD = 20


def main() -> int:
    """Raid each store and print what is lost and doubled; 1 where a promise was not kept."""
    options = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    options.add_argument("--minutes", type=float, default=2, help="in all, divided by the stores")
    options.add_argument("--store", choices=[*STORES, "both"], default="both")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="an empty folder for logs and data, to look at")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    stores = list(STORES) if chosen.store == "both" else [chosen.store]
    seconds = chosen.minutes * 60 / len(stores)
    results = [_raided(store, seconds, chosen.seed, chosen.keep) for store in stores]
    out = Console(width=None if sys.stdout.isatty() else 110)
    out.print(table(results))
    broken = [f"{each.store}: {line}" for each in results for line in each.broken]
    for line in broken[:MOST_TOLD]:
        out.print(line, markup=False)
    return 1 if broken else 0


def _raided(store: str, seconds: float, seed: int, keep: Path | None) -> Result:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with (
        bar,
        tempfile.TemporaryDirectory(prefix="connector-chaos-") as made,
        planned(store, seconds, seed) as plan,
    ):
        row = bar.add_task("")
        folder = Path(made) if keep is None else keep / store
        folder.mkdir(parents=True, exist_ok=True)
        return raid(plan, folder, lambda what: bar.update(row, description=f"{store}: {what}"))


ROWS = {
    "people": lambda each: each.people,
    "effects wanted": lambda each: each.count.wanted,
    "lost": lambda each: len(each.count.lost),
    "doubled": lambda each: len(each.count.doubled),
    "parked, a person was told": lambda each: each.count.parked,
    "kills": lambda each: each.kills,
    "pauses": lambda each: each.pauses,
    "faults of the host": lambda each: each.faults,
    "ambiguous answers": lambda each: each.ambiguous,
    "webhooks sent again": lambda each: each.resent,
    "seconds": lambda each: round(each.seconds),
}


def table(results: Sequence[Result]) -> Table:
    """One column for each store."""
    made = Table(title="A hostile host and a killer", title_justify="left")
    made.add_column("")
    for each in results:
        made.add_column(each.store, justify="right")
    for name, value in ROWS.items():
        made.add_row(name, *(f"{value(each):,}" for each in results))
    return made


if __name__ == "__main__":
    sys.exit(main())
