"""What holds after every fault, whatever it was (reliability section 3, I1 to I6)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chaos.ledger import Ledger
from fault_stage import Running, Stage
from live_forms import CANARIES

from connector.store.effect_row import Resolution

ENDED = ("confirmed", "cancelled", "parked")
READ = ("processed", "duplicate", "outdated", "ignored")
CHANGES = ("cancellation", "reassignment", "update")


def every_promise_is_kept(stage: Stage, running: Running, log: str) -> None:
    """The host is well again, a person settles what is parked: each invariant, one by one."""
    stage.script.writes.clear()
    stage.script.reads.clear()
    running.until_rest()
    nothing_waits_silently(running)
    for _ in range(3):  # what is sent again may be parked again
        if running.effects("parked"):
            as_a_person_would(stage, running)
            running.until_rest()
            nothing_waits_silently(running)
    nothing_is_lost(running)
    nothing_is_doubled(stage)
    everything_confirmed_is_there(stage, running)
    nobody_is_named(running, log)


def nothing_is_lost(running: Running) -> None:
    """I1: each delivery we thanked for is kept."""
    kept = {each.id for each in running.submissions()}
    assert {each.submission_id for each in running.thanked} <= kept


def nothing_is_doubled(stage: Stage) -> None:
    """I2: of each reference one thing is in the host, without what was taken back."""
    standing = [each for each in stage.held() if each.get("state") != "cancelled"]
    counted = Counter(each["reference"] for each in standing)
    assert {reference: times for reference, times in counted.items() if times > 1} == {}


def nothing_waits_silently(running: Running) -> None:
    """I3: everything has ended, or waits with a reason that a person sees."""
    forms, effects = running.submissions(), running.effects()
    assert {each.state for each in forms if not each.reason} <= {*READ}
    assert {each["state"] for each in effects} <= {*ENDED}
    assert [
        each["id"] for each in effects if each["state"] == "parked" and not each["reason"]
    ] == []


def everything_confirmed_is_there(stage: Stage, running: Running) -> None:
    """What counts as done is in the host: the other half of I2."""
    done = [each for each in running.effects("confirmed") if each["kind"] not in CHANGES]
    assert {each["reference"] for each in done} <= {each["reference"] for each in stage.held()}


def as_a_person_would(stage: Stage, running: Running) -> None:
    """I6: whoever looks into the host settles what is parked, the one way or the other."""
    held = {each["reference"] for each in stage.held()}
    for each in running.effects("parked"):
        there = each["reference"] in held or each["kind"] in CHANGES
        resolution = Resolution.THERE if there else Resolution.AGAIN
        with running.store.transaction() as tx:
            assert tx.effects.resolve(each["id"], resolution, running.at)


def nobody_is_named(running: Running, log: str) -> None:
    """I5: no detail of a person in the log, in a value of the database or in a file of it."""
    seen = [log.encode(), *_kept(running)]
    words = [word.encode() for word in CANARIES]
    assert [word for word in words if any(word in each for each in seen)] == []


def _kept(running: Running) -> Iterator[bytes]:
    address = running.store.database.engine.url
    yield from Ledger(address.render_as_string(hide_password=False)).every_value()
    if not running.store.shared:
        for file in Path(str(address.database)).parent.glob("connector.db*"):
            yield file.read_bytes()
