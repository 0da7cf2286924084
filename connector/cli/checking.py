"""`connector check`: whether the configuration is sound, and what forms and events leave out."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.markup import escape

from connector.cli.options import (
    config_option,
    console,
    json_option,
    print_json,
    problems_found,
    the_configuration,
    the_host,
)
from connector.cli.tables import Listing
from connector.errors import ConfigurationProblem, ConnectorError, HostError, Place
from connector.mapping.coverage import FormCoverage, How, coverage
from connector.mapping.event_coverage import event_coverage
from connector.mapping.outbound import Outbound
from connector.mapping.outbound_fields import LOOPBACK
from connector.mapping.outbound_words import KEYS
from connector.mapping.profile import HostProfile
from connector.model import EffectKind
from connector.plan import reference, reference_guid


@click.command("check")
@click.argument("host", required=False)
@click.option("--live", is_flag=True, help="Also ask the host: its secrets, access and look-ups.")
@click.option("--all", "every", is_flag=True, help="List every field, not only what is missing.")
@config_option
@json_option
@click.pass_context
def check_command(
    ctx: click.Context, host: str | None, live: bool, every: bool, as_json: bool
) -> None:
    """Look over every profile and mapping, or those of one HOST.

    Mistakes are named with file, line and a fix. For each form it lists the fields that are not
    mapped, and which rules are off because of it; then which events the host sends, and what may
    work and is risky. Exit code 1 where something must be mended.
    """
    try:
        chosen = the_configuration(ctx, host)
    except ConfigurationProblem as problem:
        _tell_mistakes(problem.places, as_json)
        problems_found(ctx, found=True)
        return
    hosts = [the_host(chosen, host)] if host else list(chosen.hosts.values())
    completion = chosen.policy.tasks.completion
    results = [_checked(profile, completion, live=live) for profile in hosts]
    if as_json:
        print_json({"problems": [], "hosts": results})
    else:
        for result in results:
            _tell(console(), result, every=every)
        sound = sum(not _unsound(result) for result in results)
        click.echo(
            f"{sound} of {len(results)} {'host is' if len(results) == 1 else 'hosts are'} ready to"
            " use."
        )
    problems_found(ctx, any(_unsound(result) for result in results))


def _checked(profile: HostProfile, completion: str, *, live: bool) -> dict[str, Any]:
    return {
        "host": profile.name,
        "title": profile.title,
        "forms": [_form(each) for each in coverage(profile)],
        "events": asdict(event_coverage(profile, completion)),
        "warnings": _warnings(profile.outbound, os.environ),
        "live": _asked(profile, os.environ) if live else [],
    }


def _form(found: FormCoverage) -> dict[str, Any]:
    return {
        "form": found.form_type,
        "problems": list(found.problems),
        "fields": [{**asdict(each), "how": each.how.value} for each in found.fields],
    }


def _warnings(outbound: Outbound, env: Mapping[str, str]) -> list[str]:
    """What works, and is risky at a real host; nothing is where the host runs on this machine."""
    address = outbound.base_url or env.get(outbound.base_url_env or "", "")
    wanted = outbound.timeouts.settle
    if outbound.settle_seconds >= wanted or urlsplit(address.strip()).hostname in LOOPBACK:
        return []
    warning = (
        f"settle_seconds is {outbound.settle_seconds:g}: what the host finishes later than that, "
        "after no clear answer, may be written twice. For a real host leave it out (it is then "
        f"{wanted:g}), unless the vendor says that less is enough."
    )
    return [warning]


def _asked(profile: HostProfile, env: Mapping[str, str]) -> list[str]:
    """What is wrong when the host is asked, with look-ups only; empty where all is well."""
    from connector.host import HostClient
    from connector.signature import secrets_of

    wrong: list[str] = []
    try:
        secrets_of(profile.inbound.authentication, env)
    except ConnectorError as problem:
        wrong.append(str(problem))
    try:
        client = HostClient(profile.outbound, env)
    except ConnectorError as problem:
        return [*wrong, str(problem)]
    nobody = reference(profile.name, "connector check")
    look = {"reference": nobody, "reference_guid": reference_guid(nobody), "person_id": "0"}
    for kind in KEYS:
        if kind is EffectKind.TASK_DOCUMENT and profile.outbound.operation(kind) is None:
            continue  # most hosts do without
        try:
            found = client.find(kind, look)
        except HostError as problem:
            wrong.append(f"Looking for a {kind.value.replace('_', ' ')}: {problem}")
        else:
            wrong += [f"The host finds a {kind.value} that cannot be there."] if found else []
    return wrong


def _unsound(result: Mapping[str, Any]) -> bool:
    parts = (*result["forms"], result["events"])
    return bool(result["live"]) or any(each["problems"] for each in parts)


def _tell_mistakes(places: Sequence[Place], as_json: bool) -> None:
    if as_json:
        print_json({"problems": [asdict(place) for place in places], "hosts": []})
        return
    for place in places:
        click.echo(str(place))
    count = len(places)
    click.echo(f"{count} {'thing' if count == 1 else 'things'} to mend.", err=True)


def _tell(screen: Console, result: Mapping[str, Any], *, every: bool) -> None:
    screen.rule(f"[bold]{escape(result['host'])}[/bold]  {escape(result['title'])}", align="left")
    for form in result["forms"]:
        _tell_form(screen, form, every=every)
    _tell_events(screen, result["events"])
    for warning in result["warnings"]:
        screen.print(f"[yellow]look at[/yellow]  {escape(warning)}")
    for problem in result["live"]:
        screen.print(f"[bold red]to mend[/bold red]  {escape(problem)}")


def _tell_events(screen: Console, events: Mapping[str, Any]) -> None:
    screen.print(f"events: {', '.join(events['taken']) or 'none'}")
    if events["completion"] == "assume" and "task_completed" in events["taken"]:
        screen.print(
            "  Tasks count as done on their due date (completion: assume), although this host tells"
            " when they are. Write “completion: event” in its host.yaml to wait for that."
        )
    if events["taken"] and events["not_taken"]:
        screen.print(f"  not taken: {', '.join(events['not_taken'])}")
    for problem in events["problems"]:
        screen.print(f"  [bold red]to mend[/bold red]  {escape(problem)}")


def _tell_form(screen: Console, form: Mapping[str, Any], *, every: bool) -> None:
    counts = {how: sum(each["how"] == how.value for each in form["fields"]) for how in How}
    counted = ", ".join(f"{count} {how.value}" for how, count in counts.items() if count)
    screen.print(f"{form['form']}: {counted}")
    for problem in form["problems"]:
        screen.print(f"  [bold red]to mend[/bold red]  {escape(problem)}")
    rows = [
        (each["field"], each["how"], ", ".join(each["rules_off"]))
        for each in form["fields"]
        if every or (each["how"] == How.MISSING.value and each["rules_off"])
    ]
    if rows:
        screen.print(Listing("", ("Field", "", "Rules that are off because of it"), rows))
