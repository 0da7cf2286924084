"""`connector report`: the lists for managers and for IT, as a table, a sheet or JSON."""

import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import click

from connector.assembly import Parts, utc_now
from connector.casework import Desk
from connector.cli.options import (
    config_option,
    console,
    json_option,
    print_json,
    the_host,
    the_parts,
)
from connector.cli.tables import Listing
from connector.dates import in_iso
from connector.reports.lists import LISTS, List
from connector.reports.sheets import sheet_lines, words

LIST_NAMES = ("agreements", "october", "holds")


@click.command("report")
@click.argument("name", metavar="|".join(LIST_NAMES), type=click.Choice(LIST_NAMES))
@click.option(
    "--csv", "sheet", metavar="FILE", help="Write a sheet for Excel; - is the standard output."
)
@click.option("--host", help="Only this host.")
@config_option
@json_option
@click.pass_context
def report_command(
    ctx: click.Context, name: str, sheet: str | None, host: str | None, as_json: bool
) -> None:
    """List active agreements, who is due a yearly contact, or what is on hold.

    Without names: people are shown by their record number.
    """
    if sheet and as_json:
        raise click.UsageError("Choose --csv or --json.")
    parts, wanted = the_parts(ctx), LISTS[name]
    rows = _rows(parts, wanted, host)
    columns = _columns(parts, wanted, host)
    if as_json:
        print_json([{fact: in_iso(value) for fact, value in row.items()} for row in rows])
    elif sheet:
        _write(sheet, sheet_lines(rows, columns))
        if sheet != "-":
            click.echo(f"Wrote {sheet}.", err=True)
    else:
        console().print(_listing(wanted.title, rows, columns))


def _rows(parts: Parts, wanted: List, host: str | None) -> Iterator[dict[str, Any]]:
    configuration = parts.configuration
    hosts = [the_host(configuration, host).name] if host else sorted(configuration.hosts)
    desk = Desk(parts.store, configuration, parts.working, utc_now)
    return (row for each in hosts for row in wanted.facts(desk, each))


def _columns(parts: Parts, wanted: List, host: str | None) -> Mapping[str, str]:
    """With the case system where there is more than one."""
    several = host is None and len(parts.configuration.hosts) > 1
    return {"host": "Case system", **wanted.columns} if several else wanted.columns


def _listing(title: str, rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> Listing:
    from rich.markup import escape

    cells = [[escape(cell) for cell in words(row, columns)] for row in rows]
    return Listing(title, tuple(columns.values()), cells)


def _write(sheet: str, lines: Iterable[str]) -> None:
    try:
        with _opened(sheet) as file:
            file.write(BOM_UTF8)  # without it Excel takes UTF-8 for something else
            for line in lines:
                file.write(line.encode())
    except OSError as error:
        raise click.UsageError(f"{sheet} cannot be written: {error.strerror}.") from None


@contextmanager
def _opened(sheet: str) -> Iterator[IO[bytes]]:
    if sheet == "-":
        yield sys.stdout.buffer
        return
    with open(sheet, "wb") as file:
        yield file
