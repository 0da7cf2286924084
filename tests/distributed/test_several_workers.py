"""Several workers on one PostgreSQL, without a broker: each looks for work, one leads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_stage import LiveStage, wait_for
from many_stage import (
    WHOLE,
    all_done,
    held_by_person,
    leader,
    many_stage,
    name_of,
    said,
    send_forms,
    start_workers,
)

pytestmark = pytest.mark.live


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LiveStage]:
    with many_stage(tmp_path) as running:
        yield running


def test_the_leader_is_killed_while_three_workers_write_and_nothing_is_lost_or_doubled(
    stage: LiveStage,
) -> None:
    start_workers(stage, "worker 1", "worker 2", "worker 3")
    led = leader(stage)
    for kind in ("outcome", "task"):
        stage.misbehave("north", kind, "work-then-reset", probability=0.2)
    sent = send_forms(stage, "north", 12)
    wait_for(lambda: sum(map(len, stage.held("north").values())), lambda now: now > 4)
    stage.kill(name_of(stage, led))
    stage.behave()
    all_done(stage, sent)
    assert held_by_person(stage, "north", list(sent)) == [WHOLE] * len(sent)
    assert wait_for(lambda: leader(stage), lambda now: now != led)


def test_a_worker_that_is_told_to_stop_ends_well_and_the_other_goes_on(stage: LiveStage) -> None:
    start_workers(stage, "worker 1", "worker 2")
    sent = send_forms(stage, "south", 4)
    assert stage.stop("worker 1") == 0
    all_done(stage, sent)
    assert held_by_person(stage, "south", list(sent)) == [WHOLE] * len(sent)
    assert '"worker stopped"' in said(stage, "worker 1")
