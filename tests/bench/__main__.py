"""`python -m tests.bench [--quick] [--only NAME] [--stored N,N] [--in-scope N,N] …`."""

import argparse
import json
import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from . import (
    documents,
    importing,
    memory,
    new_day,
    night,
    postgres,
    processing,
    starting,
    webhooks,
)
from .figures import Figure
from .setting import FULL, QUICK, Setting, setting
from .table import table


def main() -> None:
    """Measure everything and print it."""
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer repeats; rougher figures")
    options.add_argument("--json", action="store_true", help="print JSON for programs")
    options.add_argument("--only", choices=STEPS, action="append", help="this part alone")
    options.add_argument("--stored", type=_numbers, help="follow-ups stored, as in 10000,1000000")
    options.add_argument("--in-scope", type=_numbers, help="people the nightly check looks over")
    options.add_argument("--people", type=int, help="people in the file that is imported")
    chosen = options.parse_args()
    # What is filled in this process would tell of every effect.
    quiet = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=quiet)
    size = QUICK if chosen.quick else FULL
    size = replace(
        size,
        stored=chosen.stored or size.stored,
        people=chosen.people or size.people,
        in_scope=chosen.in_scope or size.in_scope,
    )
    with tempfile.TemporaryDirectory(prefix="connector-bench-") as folder:
        figures = measured(setting(Path(folder), size), chosen.only or list(STEPS))
    if chosen.json:
        print(json.dumps([each.as_dict() for each in figures], indent=2))
    else:
        Console(width=None if Console().is_terminal else 130).print(table(figures))


STEPS: Mapping[str, Callable[[Setting], list[Figure]]] = {
    "start": starting.figures,
    "documents": documents.figures,
    "webhooks": webhooks.figures,
    "processing": processing.figures,
    "memory": memory.figures,
    "day": new_day.figures,
    "night": night.figures,
    "import": importing.figures,
    "postgres": postgres.figures,
}


def _numbers(typed: str) -> tuple[int, ...]:
    return tuple(int(each) for each in typed.split(","))


def measured(of: Setting, names: Sequence[str]) -> list[Figure]:
    """The figures of these parts, in the order of the table."""
    steps = {name: measure for name, measure in STEPS.items() if name in names}
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
