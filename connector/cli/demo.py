"""`connector demo`: the whole way once, and whether the host holds what was planned."""

import signal
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from connector.assembly import today
from connector.cli.demonstration.case_system import CaseSystem
from connector.cli.demonstration.comparing import opened, wait_until_held
from connector.cli.demonstration.forms import SentForm, example_forms, send
from connector.cli.demonstration.stage import SANDBOX_TOKEN, Stage, stage
from connector.cli.demonstration.years import WHO, NotSeen, follow_ups, years
from connector.cli.options import console
from connector.cli.tables import Listing
from connector.profiles import Configuration, load, packaged_folder


@click.command("demo")
@click.option("--keep", is_flag=True, help="Leave everything running to look at in a browser.")
@click.pass_context
def demo_command(ctx: click.Context, keep: bool) -> None:
    """Start a made-up case system, the connector and a worker, and send four example forms.

    The dates of the examples are moved so that each form was completed today. Then the clock moves
    on, and one young person's tasks come and are done. Exit code 0 only where the case system holds
    exactly what was planned.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    screen, day = console(), today()
    began = time.monotonic()
    configuration = load(packaged_folder())
    with tempfile.TemporaryDirectory(prefix="connector-demo-") as folder:
        screen.print("Starting a made-up case system, the connector and its worker ...")
        with stage(configuration, Path(folder)) as running:
            forms = example_forms(configuration, day)
            for number, form in enumerate(forms, start=1):
                send(running, configuration, form, number)
            missing = _wait(running, forms, day)
            for form in forms:
                _tell(screen, configuration.hosts[form.host].title, form, day)
            missing |= _years(screen, running, configuration)
            _verdict(screen, missing, time.monotonic() - began)
            if keep:
                _keep_running(screen, running)
            else:
                screen.print("To look at it in a browser: make demo KEEP=1 (connector demo --keep)")
    ctx.exit(1 if missing else 0)


def _wait(running: Stage, forms: Sequence[SentForm], day: date) -> dict[str, list[str]]:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        console=console(stderr=True),
        transient=True,
    )
    with bar:
        waiting = bar.add_task("Waiting for the case system to hold everything", total=len(forms))
        return wait_until_held(running, forms, day, lambda: bar.advance(waiting))


def _tell(screen: Console, title: str, form: SentForm, day: date) -> None:
    planned = form.planned
    screen.print()
    screen.rule(f"[bold]{escape(title)}[/bold]", align="left")
    screen.print(f"Outcome   [bold]{planned['status']}[/bold]  {escape(planned['line'])}")
    if planned["attachment"]:
        screen.print(f"Document  {escape(planned['attachment']['name'])}")
    there = {id(task) for task in opened(planned, day)}
    rows = [
        (
            escape(task["title"]),
            f"{task['inbox']} {escape(str(task['assignee'] or ''))}".strip(),
            "in the inbox" if id(task) in there else f"opens on {task['opens_on']}",
            task["due_on"],
            escape(task["because"]),
        )
        for task in planned["tasks"]
    ]
    screen.print(Listing("", ("Task", "Whose inbox", "When", "Due", "Why"), rows))


def _years(screen: Console, running: Stage, configuration: Configuration) -> dict[str, list[str]]:
    """Tell what comes after the forms; what did not come about, by host."""
    system = CaseSystem(running.sandbox, running.environment[SANDBOX_TOKEN], running.clock)
    screen.print()
    screen.rule("[bold]Over the years[/bold]", align="left")
    try:
        for sentence in years(system, configuration):
            screen.print(escape(sentence))
    except NotSeen as problem:
        return {"sandbox": [str(problem)]}
    title = f"What stands of {WHO} now: connector follow-ups --person {WHO}"
    columns = ("Task", "What", "Inbox", "Opens", "Due", "State")
    rows = [[escape(cell) for cell in row] for row in follow_ups(running.environment)]
    screen.print()
    screen.print(Listing(title, columns, rows))
    return {}


def _verdict(screen: Console, missing: dict[str, list[str]], seconds: float) -> None:
    screen.print()
    if not missing:
        screen.print(
            "[bold green]The case system holds exactly what was planned[/bold green]"
            f" ({seconds:.1f} seconds)."
        )
    for host, found in missing.items():
        for difference in found:
            screen.print(f"[bold red]{host}[/bold red]: {escape(difference)}")


def _keep_running(screen: Console, running: Stage) -> None:
    screen.print(
        f"\nStill running. Open the case system at [bold]{running.sandbox}/[/bold]\n"
        f"The connector listens at {running.connector}/ (described in /openapi.json)\n"
        f"Logs and database: {running.folder}\n"
        f"The clock: {running.clock} (write another day into it, and it is that day)\n"
        "Press Ctrl-C to stop."
    )
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        screen.print("Stopping.")
