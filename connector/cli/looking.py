"""`connector submissions`, `show` and `follow-ups`: what came in and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.markup import escape

from connector.cli.options import (
    config_option,
    console,
    json_option,
    print_json,
    the_parts,
    the_submission,
)
from connector.cli.tables import Listing
from connector.dry_run import problem_object
from connector.store import Transaction
from connector.store.effect_row import EffectRow
from connector.store.follow_ups import FollowUpRow
from connector.store.submission_row import Submission

# What tables show, and under which heading.
RECEIVED = {
    "submission": "Submission",
    "host": "Host",
    "at": "Received",
    "state": "State",
    "form": "Form",
    "status": "Status",
    "reason": "Reason",
}
POINTS = {"rule": "Rule", "severity": "", "message": "Message"}
WRITES = {"effect": "Id", "step": "What", "state": "State", "tries": "Tries", "reason": "Reason"}
WAITING = {
    "task": "Task",
    "title": "Title",
    "inbox": "Inbox",
    "opens_on": "Opens",
    "due_on": "Due",
    "state": "State",
    "reason": "Reason",
}
ASIDE = {"id": "Id", "received_at": "Received", "reason": "Why"}


@click.command("submissions")
@click.option("--state", help="Only those that stand like this (parked, working, done, broken, …).")
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
    facts = [{**_submission(each), "at": f"{each.received_at:%Y-%m-%d %H:%M}"} for each in found]
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
@config_option
@json_option
@click.pass_context
def follow_ups_command(
    ctx: click.Context, person: str | None, host: str | None, as_json: bool
) -> None:
    """List what is planned, for whom, why and when."""
    with the_parts(ctx).store.transaction() as tx:
        found = [_follow_up(tx, row) for row in tx.follow_ups.listing(host=host, person_id=person)]
    if as_json:
        print_json(found)
        return
    whose = {"host": "Host", "person_id": "Person"}
    console().print(_listing("Follow-ups", found, whose | WAITING | {"because": "Why"}))


def _submission(found: Submission) -> dict[str, Any]:
    return {
        "submission": found.id,
        "host": found.host,
        "received_at": found.received_at.isoformat(),
        "state": found.standing,
        "reason": found.reason,
        "form": found.form_type,
        "form_id": found.form_id,
        "version": found.version,
        "person_ids": list(found.person_ids),
        "status": found.status,
    }


def _story(tx: Transaction, found: Submission) -> dict[str, Any]:
    followed = [
        _follow_up(tx, row)
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


def _follow_up(tx: Transaction, row: FollowUpRow) -> dict[str, Any]:
    held = tx.follow_ups.content(row.id)
    facts = asdict(row)
    return {
        **{name: facts[name] for name in ("host", "person_id", "task", "rule", "reference")},
        "title": held.task.title if held else "",
        "inbox": row.inbox.value,
        "assignee": held.task.assignee if held else None,
        "opens_on": row.opens_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "state": row.state.value,
        "because": held.task.because if held else row.reason,
        "reason": row.reason,
    }


def _print_story(story: dict[str, Any]) -> None:
    screen = console()
    screen.print(f"[bold]{story['submission']}[/bold]  {story['state']}  {escape(story['reason'])}")
    screen.print(f"{story['host']}  {story['form'] or ''} {escape(story['form_id'] or '')}")
    if story["line"]:
        screen.print(escape(story["line"]))
    if story["problems"]:
        screen.print(_listing("Points to check", story["problems"], POINTS))
    writes = [{**each, "tries": len(each["attempts"])} for each in story["effects"]]
    screen.print(_listing("Writes to the host", writes, WRITES))
    screen.print(_listing("Follow-ups", story["follow_ups"], WAITING))
    if story["quarantined"]:
        screen.print(_listing("Refused and kept for a look", story["quarantined"], ASIDE))


def _listing(title: str, facts: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Listing:
    """Facts under `columns`: the heading of each, by the name of the fact."""
    rows = [
        ["" if each[name] is None else escape(str(each[name])) for name in columns]
        for each in facts
    ]
    return Listing(title, tuple(columns.values()), rows)
