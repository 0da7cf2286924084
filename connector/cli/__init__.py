"""The command line. Each command lives in its own module, imported only when it is called."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click

from connector import __version__
from connector.errors import ConnectorError

CONFIG_HELP = "Folder with policy.yaml and one folder for each host."

COMMANDS = {
    "demo": ("connector.cli.demo", "Run the whole way once, with made-up people."),
    "init": ("connector.cli.setting_up", "Write a fresh configuration folder."),
    "keys": ("connector.cli.setting_up", "Make an encryption key."),
    "serve": ("connector.cli.running", "Run the web service that hosts send forms to."),
    "work": ("connector.cli.running", "Run the worker that writes to the hosts."),
    "check": ("connector.cli.checking", "Look over every profile and mapping."),
    "try": ("connector.cli.trying", "Show what one form would lead to. Writes nothing."),
    "timeline": ("connector.cli.trying", "Show every task of a form over the years."),
    "submissions": ("connector.cli.looking", "List what came in."),
    "show": ("connector.cli.looking", "Tell the story of one submission."),
    "replay": ("connector.cli.settling", "Run a submission again from the stored bytes."),
    "resolve": ("connector.cli.settling", "Settle a write that waits for a person."),
    "follow-ups": ("connector.cli.looking", "List the tasks that are planned, and why."),
    "report": ("connector.cli.reporting", "List agreements, yearly contacts or what is on hold."),
    "import": ("connector.cli.importing", "Start the clocks of people from before the connector."),
    "backup": ("connector.cli.backing_up", "Write everything kept into one file."),
    "restore": ("connector.cli.backing_up", "Put a backup into an empty database."),
    "sandbox": ("connector.cli.running", "Run a made-up case system to try things on."),
}


class LazyCommands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of COMMANDS, the way a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command by its name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="connector")
@click.option(
    "--config",
    type=click.Path(path_type=Path, file_okay=False),
    help=CONFIG_HELP,
)
@click.pass_context
def cli(ctx: click.Context, config: Path | None) -> None:
    """Turn completed leaving care forms into outcomes, summaries and tasks in the case system.

    Exit code 0: good. 1: problems were found. 2: wrong use. 75: another worker is at work on the
    same data.
    """
    ctx.obj = config


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The console script: every error of ours is shown in plain words, without a trace.

    `arguments` default to those of the command line.
    """
    try:
        # Without standalone mode click returns the code of `ctx.exit`.
        code = cli(arguments, standalone_mode=False)
    except click.Abort:
        raise SystemExit(130) from None
    except click.ClickException as wrong:
        wrong.show()
        raise SystemExit(wrong.exit_code) from None
    except ConnectorError as problem:
        click.echo(f"Error: {problem}", err=True)
        raise SystemExit(getattr(problem, "exit_code", 2)) from None
    raise SystemExit(code or 0)
