"""Options and arguments that several commands share, and the two ways a command speaks.

What only some commands need is imported where it is needed, so that each starts quickly.
"""

import json
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from connector.assembly import Parts, configuration, open_parts
from connector.cli import CONFIG_HELP
from connector.mapping.profile import HostProfile
from connector.profiles import Configuration

if TYPE_CHECKING:
    from rich.console import Console

    from connector.store import Transaction
    from connector.store.submission_row import Submission

Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(command: Command) -> Command:
    """`--config DIR`, also accepted before the command."""

    def remember(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            ctx.obj = value

    return click.option(
        "--config",
        type=click.Path(path_type=Path, file_okay=False),
        expose_value=False,
        callback=remember,
        help=CONFIG_HELP,
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


class Day(click.ParamType[date]):
    """A date as 2026-03-27."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """An ISO date, or a sentence that says how to write one."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            return self.fail(f"{value} is not a date. Write it as 2026-03-27.", param, ctx)


def the_configuration(ctx: click.Context, only: str | None = None) -> Configuration:
    """The council's YAML as the options and the environment name it."""
    explicit = ctx.find_root().obj if ctx.obj is None else ctx.obj
    return configuration(explicit, os.environ, only)


def the_parts(ctx: click.Context) -> Parts:
    """The store and the configuration, opened until the command ends."""
    from connector import logs
    from connector.settings import Settings

    settings = Settings.from_environment(os.environ)
    logs.start(settings.log_level, stream=sys.stderr, env=os.environ)
    parts = open_parts(settings, ctx.obj)
    ctx.call_on_close(parts.store.close)
    return parts


def the_host(chosen: Configuration, name: str) -> HostProfile:
    """One host's profile; a wrong name lists those there are."""
    if name not in chosen.hosts:
        names = ", ".join(sorted(chosen.hosts))
        raise click.UsageError(f"There is no host called {name}. There are: {names}.")
    return chosen.hosts[name]


def the_submission(tx: "Transaction", submission_id: str) -> "Submission":
    """One submission; a wrong id says where to find the right one."""
    found = tx.submissions.get(submission_id)
    if found is None:
        raise click.UsageError(
            f"There is no submission {submission_id}. `connector submissions` lists them."
        )
    return found


def console(*, stderr: bool = False) -> "Console":
    """Colours on a terminal, unless NO_COLOR is set or the output goes elsewhere."""
    from rich.console import Console

    width = None if os.environ.get("COLUMNS") or Console().is_terminal else 120
    return Console(stderr=stderr, highlight=False, soft_wrap=False, width=width)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def problems_found(ctx: click.Context, found: bool) -> None:
    """Leave with 1 where problems were found."""
    ctx.exit(1 if found else 0)
