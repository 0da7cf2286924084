"""`connector import`: start the clocks of people whose agreement or closing came before us."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from connector.assembly import Parts, utc_now
from connector.casework import Desk
from connector.casework.import_file import Survey, rows_of, survey
from connector.casework.import_rows import Row
from connector.casework.importing import (
    Imported,
    import_people,
    leave,
    record_disagrees,
    store_seed,
)
from connector.cli.options import (
    config_option,
    console,
    json_option,
    problems_found,
    the_host,
    the_parts,
)
from connector.cli.tables import Listing
from connector.dates import in_words
from connector.model import Task
from connector.policy.words import TASK_TITLES

TASKS = ("Task", "Title", "How many", "First due", "Last due")


@dataclass
class _Tally:
    """What became of the rows so far, in numbers."""

    results: Counter[str] = field(default_factory=Counter)
    due: dict[str, tuple[int, date, date]] = field(default_factory=dict)

    def add(self, row: Imported) -> None:
        self.results[row.result] += 1
        for task in row.tasks:
            count, first, last = self.due.get(task.task, (0, task.due_on, task.due_on))
            self.due[task.task] = (count + 1, min(first, task.due_on), max(last, task.due_on))


@click.command("import")
@click.argument("host")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Store nothing; say what would be planned.")
@click.option("--check-host", is_flag=True, help="Compare each date of birth with the host's.")
@config_option
@json_option
@click.pass_context
def import_command(
    ctx: click.Context, host: str, file: Path, dry_run: bool, check_host: bool, as_json: bool
) -> None:
    """Start the clocks of people from before the connector, one row of FILE for each.

    Stopped half-way, it goes on where it was when it is run again: nobody is imported twice.
    """
    parts = the_parts(ctx)
    the_host(parts.configuration, host)
    found = survey(file)
    objects = _asks_the_host(parts, host) if check_host else _no_objection
    desk = Desk(parts.store, parts.configuration, parts.working, utc_now)
    rows = import_people(
        desk,
        host,
        rows_of(file, desk.today()),
        leave if dry_run else store_seed,
        assessed=found.open_cases,
        objects=objects,
    )
    tally = _Tally()
    _print_json(rows, tally, dry_run) if as_json else _print(rows, found, tally, dry_run)
    problems_found(ctx, tally.results["refused"] > 0)


def _no_objection(row: Row) -> None:
    """Nobody is asked."""


def _asks_the_host(parts: Parts, name: str) -> Callable[[Row], str | None]:
    """Whether the record agrees with a row. HostError where the host does not answer."""
    from connector.host import HostClient

    outbound = parts.configuration.hosts[name].outbound
    if outbound.person is None:
        raise click.UsageError(
            f"{name} cannot be asked about people: its host.yaml has no person: block."
        )
    return partial(record_disagrees, HostClient(outbound, parts.settings.secrets))


def _print(rows: Iterator[Imported], found: Survey, tally: _Tally, dry_run: bool) -> None:
    with click.progressbar(
        rows, found.rows, "Importing", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for row in bar:
            tally.add(row)
            if row.result == "refused":
                click.echo(_sentence(row))
    done = "would be imported" if dry_run else "imported"
    click.echo(
        f"{tally.results['imported']} {done}, {tally.results['unchanged']} unchanged (imported"
        f" before), {tally.results['refused']} refused."
    )
    if tally.due:
        console().print(_tasks(tally, dry_run))


def _sentence(row: Imported) -> str:
    record = f", record {row.person_id}" if row.person_id else ""
    return f"Line {row.line}{record}: {row.reason}"


def _tasks(tally: _Tally, dry_run: bool) -> Listing:
    cells = [
        [task, TASK_TITLES[task], str(count), in_words(first), in_words(last)]
        for task, (count, first, last) in sorted(tally.due.items())
    ]
    return Listing("Tasks that would be planned" if dry_run else "Tasks planned", TASKS, cells)


def _print_json(rows: Iterator[Imported], tally: _Tally, dry_run: bool) -> None:
    """One document, written row by row: a file of any length fits."""
    click.echo(f'{{"dry_run": {json.dumps(dry_run)}, "rows": [', nl=False)
    for number, row in enumerate(rows):
        tally.add(row)
        click.echo(",\n " if number else "\n ", nl=False)
        click.echo(json.dumps(_facts(row), ensure_ascii=False), nl=False)
    click.echo(f'\n], "summary": {json.dumps(_summary(tally))}}}')


def _facts(row: Imported) -> dict[str, Any]:
    return {
        "line": row.line,
        "kind": row.kind,
        "person_id": row.person_id,
        "result": row.result,
        "reason": row.reason,
        "tasks": [_task(each) for each in row.tasks],
    }


def _task(task: Task) -> dict[str, str]:
    return {
        "task": task.task,
        "opens_on": task.opens_on.isoformat(),
        "due_on": task.due_on.isoformat(),
        "because": task.because,
    }


def _summary(tally: _Tally) -> dict[str, Any]:
    return {
        **{name: tally.results[name] for name in ("imported", "unchanged", "refused")},
        "tasks": {
            task: {
                "count": count,
                "first_due_on": first.isoformat(),
                "last_due_on": last.isoformat(),
            }
            for task, (count, first, last) in sorted(tally.due.items())
        },
    }
