"""`connector submissions`, `show` and `follow-ups`: what came in and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click
from rich.markup import escape

from connector.assembly import Parts, utc_now
from connector.casework import Desk
from connector.cli.follow_up_facts import follow_up_facts, gap_facts
from connector.cli.options import (
    config_option,
    console,
    json_option,
    print_json,
    the_host,
    the_parts,
    the_submission,
)
from connector.cli.tables import Listing
from connector.dry_run import problem_object
from connector.store import Transaction
from connector.store.effect_row import EffectRow, EffectState
from connector.store.follow_up_row import FollowUpState
from connector.store.submission_row import Submission

# What tables show, and under which heading.
RECEIVED = {
    "submission": "Submission",
    "host": "Host",
    "records": "Record",
    "at": "Received",
    "state": "State",
    "form": "Form or event",
    "status": "Status",
    "reason": "Reason",
}
POINTS = {"rule": "Rule", "severity": "", "message": "Message"}
WRITES = {"effect": "Id", "step": "What", "state": "State", "tries": "Tries", "reason": "Reason"}
WAITING = {
    "task": "Task",
    "what": "What",
    "whose": "Inbox",
    "opens_on": "Opens",
    "due_on": "Due",
    "stands": "State",
    "done_on": "Done on",
    "reason": "Reason",
}
WHOSE = {"host": "Host", "person_id": "Record"}
STANDINGS = (
    "received",
    "working",
    "parked",
    "done",
    "broken",
    "unmapped",
    "unfetched",
    "held_stale",
    "held_loop",
    "ignored",
    "outdated",
    "duplicate",
)
WHAT_NEXT = {
    "held_stale": "Its signature is right, and its time is too far off. Look whether the form in"
    " the host is as you expect; then: connector replay {}",
    "unmapped": "Mend the mapping and restart the service; then: connector replay {}",
    "broken": "Mend what the reason names and restart the service; then: connector replay {}",
}
LACKING = {"task": "Task", "reason": "What is missing", "whose": "Inbox"}
ASIDE = {"id": "Id", "received_at": "Received", "reason": "Why"}


@click.command("submissions")
@click.option("--state", type=click.Choice(STANDINGS), help="Only those that stand like this.")
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, help="The newest so many."
)
@config_option
@json_option
@click.pass_context
def submissions_command(ctx: click.Context, state: str | None, limit: int, as_json: bool) -> None:
    """List what came in, newest first."""
    with the_parts(ctx).store.transaction() as tx:
        found = tx.submissions.listing(limit, state)
    if as_json:
        print_json([_submission(each) for each in found])
        return
    facts = [_for_the_list(each) for each in found]
    console().print(_listing("Submissions", facts, RECEIVED))


@click.command("show")
@click.argument("submission_id", metavar="ID")
@config_option
@json_option
@click.pass_context
def show_command(ctx: click.Context, submission_id: str, as_json: bool) -> None:
    """Tell the story of one submission: its problems, its writes and its follow-ups."""
    with the_parts(ctx).store.transaction() as tx:
        story = _story(tx, the_submission(tx, submission_id))
    if as_json:
        print_json(story)
    else:
        _print_story(story)


@click.command("follow-ups")
@click.option("--person", help="Only those of this record number.")
@click.option("--host", help="Only those of this host.")
@click.option(
    "--state",
    type=click.Choice([each.value for each in FollowUpState]),
    multiple=True,
    help="Only those that stand like this; may be given several times.",
)
@click.option("--gaps", is_flag=True, help="Instead, whoever lacks a next step. 1 if anybody does.")
@config_option
@json_option
@click.pass_context
def follow_ups_command(
    ctx: click.Context,
    person: str | None,
    host: str | None,
    state: tuple[str, ...],
    gaps: bool,
    as_json: bool,
) -> None:
    """List what is planned, for whom, why and when."""
    parts = the_parts(ctx)
    if host:
        the_host(parts.configuration, host)
    if gaps:
        _print_gaps(ctx, parts, host, person, as_json)
    wanted = [FollowUpState(each) for each in state]
    with parts.store.transaction() as tx:
        rows = tx.follow_ups.listing(host, person, wanted)
        found = [follow_up_facts(tx, row) for row in rows]
    _print(found, "Follow-ups", WHOSE | WAITING | {"because": "Why"}, as_json)


def _print_gaps(
    ctx: click.Context, parts: Parts, host: str | None, person: str | None, as_json: bool
) -> NoReturn:
    """Whoever lacks a next step; leaves with 1 where anybody does."""
    desk = Desk(parts.store, parts.configuration, parts.working, utc_now)
    hosts = [host] if host else sorted(parts.configuration.hosts)
    lacking = [each for name in hosts for each in gap_facts(desk, name)]
    lacking = [each for each in lacking if person in (None, each["person_id"])]
    _print(lacking, "Without a next step", WHOSE | LACKING, as_json)
    ctx.exit(1 if lacking else 0)


def _print(
    found: Sequence[Mapping[str, Any]], title: str, columns: Mapping[str, str], as_json: bool
) -> None:
    if as_json:
        print_json(found)
    else:
        console().print(_listing(title, found, columns))


def _for_the_list(found: Submission) -> dict[str, Any]:
    records = ", ".join(found.person_ids)
    return {
        **_submission(found),
        "records": records,
        "at": f"{found.received_at:%Y-%m-%d %H:%M}",
    }


def _submission(found: Submission) -> dict[str, Any]:
    return {
        "submission": found.id,
        "host": found.host,
        "received_at": found.received_at.isoformat(),
        "state": found.standing,
        "reason": found.reason,
        "form": found.form_type or found.event,
        "form_id": found.form_id,
        "version": found.version,
        "person_ids": list(found.person_ids),
        "status": found.status,
    }


def _story(tx: Transaction, found: Submission) -> dict[str, Any]:
    followed = [
        follow_up_facts(tx, row)
        for person_id in found.person_ids
        for row in tx.follow_ups.listing(host=found.host, person_id=person_id)
        if row.submission_id == found.id
    ]
    return {
        **_submission(found),
        "line": tx.submissions.line(found.id),
        "problems": [problem_object(each) for each in tx.submissions.problems(found.id)],
        "effects": [_effect(tx, each) for each in tx.effects.of_submission(found.id)],
        "follow_ups": followed,
        "quarantined": [
            {"id": each.id, "received_at": each.received_at.isoformat(), "reason": each.reason}
            for each in tx.quarantine.of_delivery(found.host, found.delivery_id)
        ],
    }


def _effect(tx: Transaction, row: EffectRow) -> dict[str, Any]:
    return {
        "effect": row.id,
        "step": row.step,
        "state": row.state.value,
        "reference": row.reference,
        "host_reference": row.remote_id,
        "reason": row.reason,
        "next_try_at": row.not_before.isoformat() if row.not_before else None,
        "attempts": [
            {
                "kind": each["kind"],
                "at": each["started_at"].isoformat(),
                "result": each["result"],
                "http_status": each["http_status"],
                "message": each["message"],
            }
            for each in tx.effects.attempts(row.id)
        ],
    }


def _print_story(story: dict[str, Any]) -> None:
    screen = console()
    screen.print(f"[bold]{story['submission']}[/bold]  {story['state']}  {escape(story['reason'])}")
    screen.print(f"{story['host']}  {story['form'] or ''} {escape(story['form_id'] or '')}")
    if story["person_ids"]:
        screen.print(f"Record: {escape(', '.join(story['person_ids']))}")
    if said := WHAT_NEXT.get(story["state"], "").format(story["submission"]) or story["line"]:
        screen.print(escape(said))
    if story["problems"]:
        screen.print(_listing("Points to check", story["problems"], POINTS))
    writes = [{**each, "tries": len(each["attempts"])} for each in story["effects"]]
    screen.print(_listing("Writes to the host", writes, WRITES))
    for each in writes:
        if each["state"] == EffectState.UNKNOWN.value:
            screen.print(_what_unknown_means(each))
    if parked := [each["effect"] for each in writes if each["state"] == EffectState.PARKED.value]:
        screen.print(
            f"To settle one that is parked, after a look into the host: connector resolve"
            f" {parked[0]} --there (or --send-again)"
        )
    screen.print(_listing("Follow-ups", story["follow_ups"], WAITING))
    if story["quarantined"]:
        screen.print(_listing("Refused and kept for a look", story["quarantined"], ASIDE))


def _what_unknown_means(write: Mapping[str, Any]) -> str:
    """What holds of a write without a clear answer, and what comes next."""
    at = f", next at {write['next_try_at'][:19]} UTC" if write["next_try_at"] else ""
    return (
        f"{write['step']} is unknown: the host gave no clear answer, so it may be there or not. It"
        f" is searched for by its reference {write['reference']} before anything is sent"
        f" again{at}. Nobody needs to do anything."
    )


def _listing(title: str, facts: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Listing:
    """Facts under `columns`: the heading of each, by the name of the fact."""
    rows = [
        ["" if each[name] is None else escape(str(each[name])) for name in columns]
        for each in facts
    ]
    return Listing(title, tuple(columns.values()), rows)
