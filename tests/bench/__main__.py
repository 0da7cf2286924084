"""`python -m tests.bench [--quick] [--json]`."""

import argparse
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from . import documents, memory, processing, starting, webhooks
from .figures import Figure
from .setting import FULL, QUICK, Setting, setting
from .table import table


def main() -> None:
    """Measure everything and print it."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer repeats; rougher figures")
    options.add_argument("--json", action="store_true", help="print JSON for programs")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="connector-bench-") as folder:
        figures = measured(setting(Path(folder), QUICK if chosen.quick else FULL))
    if chosen.json:
        print(json.dumps([each.as_dict() for each in figures], indent=2))
    else:
        Console(width=None if Console().is_terminal else 130).print(table(figures))


def measured(of: Setting) -> list[Figure]:
    """Every figure, in the order of the table."""
    steps = {
        "starting up": starting.figures,
        "PDFs": documents.figures,
        "webhooks": webhooks.figures,
        "processing": processing.figures,
        "memory": memory.figures,
    }
    figures: list[Figure] = []
    columns = (TextColumn("Measuring {task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=len(steps))
        for name, measure in steps.items():
            progress.update(bar, description=name)
            figures += measure(of)
            progress.advance(bar)
    return figures


main()
