"""`connector replay` and `connector resolve`: what a person does about what got stuck."""

import click

from connector.assembly import utc_now
from connector.cli.options import (
    config_option,
    json_option,
    print_json,
    the_parts,
    the_submission,
)
from connector.store import Transaction
from connector.store.effect_row import EffectRow, EffectState, Resolution


@click.command("replay")
@click.argument("submission_id", metavar="ID")
@config_option
@json_option
@click.pass_context
def replay_command(ctx: click.Context, submission_id: str, as_json: bool) -> None:
    """Run a submission again from the stored bytes.

    Restart the worker first if you changed a mapping: it reads the configuration when it starts.
    What stands in the host already is not written twice. Also releases one that is held because
    it arrived late.
    """
    with the_parts(ctx).store.transaction() as tx:
        the_submission(tx, submission_id)
        if not tx.submissions.rearm(submission_id):
            raise click.ClickException(
                "Its bytes were deleted after the retention time. Complete the form again in the"
                " case system."
            )
    if as_json:
        print_json({"submission": submission_id, "state": "received"})
    else:
        click.echo(
            f"{submission_id} is back in the queue. The worker takes it from here, with the "
            "configuration it was started with."
        )


@click.command("resolve")
@click.argument("effect_id", metavar="ID")
@click.option("--there", "answer", flag_value="there", help="I looked: it is in the host.")
@click.option("--send-again", "answer", flag_value="again", help="It is not there: send it again.")
@config_option
@json_option
@click.pass_context
def resolve_command(ctx: click.Context, effect_id: str, answer: str | None, as_json: bool) -> None:
    """Settle a parked write, after a look into the host.

    ID is the write's id, or the submission's where only one of its writes is parked.
    """
    if answer is None:
        raise click.UsageError("Say --there or --send-again, after a look into the host.")
    resolution = Resolution.THERE if answer == "there" else Resolution.AGAIN
    with the_parts(ctx).store.transaction() as tx:
        parked = _parked(tx, effect_id)
        tx.effects.resolve(parked.id, resolution, utc_now())
        settled = tx.effects.get(parked.id)
    state = settled.state.value if settled else ""
    if as_json:
        print_json({"effect": parked.id, "state": state})
    else:
        click.echo(f"{parked.id} is {state} now.")


def _parked(tx: Transaction, given: str) -> EffectRow:
    one = tx.effects.get(given)
    candidates = [one] if one else tx.effects.of_submission(given)
    parked = [each for each in candidates if each.state is EffectState.PARKED]
    if len(parked) == 1:
        return parked[0]
    if parked:
        listed = "\n".join(f"  {each.id}  {each.step}: {each.reason}" for each in parked)
        raise click.UsageError(f"Several writes of it are parked. Name one:\n{listed}")
    raise click.UsageError(
        f"Nothing is parked under {given}. `connector submissions --state parked` lists what is."
    )
