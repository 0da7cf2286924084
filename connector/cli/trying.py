"""`connector try` and `connector timeline`: what one form would lead to, without writing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from connector.assembly import today
from connector.cli.options import (
    Day,
    config_option,
    console,
    json_option,
    print_json,
    problems_found,
    the_configuration,
    the_host,
)
from connector.cli.tables import Listing
from connector.dry_run import has_errors, is_unmapped, timeline_of, try_payload, understood
from connector.errors import Refused
from connector.intake import read_json
from connector.profiles import Configuration, read_policy

SEVERITIES = {"E": "error", "H": "holds", "W": "warning", "I": "good to know"}
PAYLOAD = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.command("try")
@click.argument("host")
@click.argument("file", type=PAYLOAD)
@click.option("--as-of", type=Day(), help="Day of processing; today if not given.")
@click.option(
    "--with-policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A policy.yaml whose keys are laid over the configured ones.",
)
@click.option("--answers", is_flag=True, help="Also show what was read, field by field.")
@config_option
@json_option
@click.pass_context
def try_command(
    ctx: click.Context,
    host: str,
    file: Path,
    as_of: date | None,
    with_policy: Path | None,
    answers: bool,
    as_json: bool,
) -> None:
    """Show what the form in FILE would lead to, had HOST sent it. Nothing is written.

    FILE is the webhook's body; - reads standard input. Exit code 1 if there is an error in it.
    """
    chosen = _with_policy(the_configuration(ctx, host), with_policy)
    profile = the_host(chosen, host)
    payload = _payload(file)
    result = try_payload(profile, payload, chosen.policy, chosen.working, as_of or today())
    read = understood(profile, payload) if answers else []
    if as_json:
        print_json(result | ({"read": read} if answers else {}))
    else:
        for person in read:
            _print_answers(person)
        for person in (result, *result.get("others", ())):
            _print_result(person)
    problems_found(ctx, has_errors(result))


@click.command("timeline")
@click.argument("host")
@click.argument("file", type=PAYLOAD)
@click.option("--as-of", type=Day(), help="Day of processing; the form's own day if not given.")
@click.option("--until", type=Day(), help="Last due date to show.")
@click.option(
    "--with-policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A policy.yaml whose keys are laid over the configured ones.",
)
@config_option
@json_option
@click.pass_context
def timeline_command(
    ctx: click.Context,
    host: str,
    file: Path,
    as_of: date | None,
    until: date | None,
    with_policy: Path | None,
    as_json: bool,
) -> None:
    """Show every task the form in FILE would put into an inbox, each done on its due date.

    Exit code 1 if HOST's profile does not know the form.
    """
    chosen = _with_policy(the_configuration(ctx, host), with_policy)
    profile, payload = the_host(chosen, host), _payload(file)
    lived = timeline_of(profile, payload, chosen.policy, chosen.working, as_of, until, today())
    if as_json:
        print_json(lived)
    else:
        _print_timeline(lived)
    problems_found(ctx, is_unmapped(profile, payload))


def _payload(file: Path) -> Any:
    with click.open_file(str(file), "rb") as opened:
        body = opened.read()
    try:
        return read_json(body)
    except Refused as refused:
        raise click.UsageError(f"{file}: {refused}") from None


def _with_policy(chosen: Configuration, over: Path | None) -> Configuration:
    return replace(chosen, policy=read_policy(over, chosen.policy)) if over else chosen


def _print_answers(read: Mapping[str, Any]) -> None:
    screen = console()
    titles = {
        "answers": ("What was read", "Field"),
        "not_understood": ("What could not be understood", "Field"),
        "also_recorded": ("Also recorded: no field takes it", "Question"),
    }
    for name, (title, column) in titles.items():
        rows = [(escape(key), escape(_shown(value))) for key, value in read[name].items()]
        if rows:
            screen.print(Listing(title, (column, "Answer"), rows))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print_timeline(lived: Mapping[str, Any]) -> None:
    screen = console()
    screen.print(_task_table("Tasks over the years", lived["tasks"]))
    if lived["ends_on"]:
        screen.print(f"Ends on {lived['ends_on']}. {escape(lived['ends_because'])}")
    else:
        screen.print(escape(lived["ends_because"] or "Nothing is scheduled."))


def _print_result(result: Mapping[str, Any]) -> None:
    screen = console()
    screen.print(f"[bold]{escape(result['status'])}[/bold]  {escape(result['line'])}")
    if result["attachment"]:
        screen.print(f"Case summary: {escape(result['attachment']['name'])}")
    if result["problems"]:
        screen.print(_problem_table(result["problems"]))
    if result["tasks"]:
        screen.print(_task_table("Tasks", result["tasks"]))


def _problem_table(problems: Sequence[Mapping[str, Any]]) -> Listing:
    return Listing(
        "Points to check",
        ("Rule", "", "Question", "Message"),
        [
            (
                problem["rule"],
                SEVERITIES[problem["severity"]],
                escape(problem["question"] or ""),
                escape(problem["message"]),
            )
            for problem in problems
        ],
    )


def _task_table(title: str, tasks: Sequence[Mapping[str, Any]]) -> Listing:
    return Listing(
        title,
        ("Task", "Rule", "Title", "Inbox", "Opens", "Due", "Why"),
        [
            (
                task["task"],
                task["rule"],
                escape(task["title"]),
                escape(f"{task['inbox']} {task['assignee'] or ''}".strip()),
                task["opens_on"],
                task["due_on"],
                escape(task["because"]),
            )
            for task in tasks
        ],
    )
