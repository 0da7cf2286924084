"""Several workers on one PostgreSQL, without a broker: each looks for work, one leads."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
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
    wait_for(lambda: written(stage, "north"), lambda now: now > 4)
    stage.kill(name_of(stage, led))
    stage.behave()
    all_done(stage, sent)
    assert held_by_person(stage, "north", list(sent)) == [WHOLE] * len(sent)
    assert wait_for(lambda: leader(stage), lambda now: now != led)


@pytest.mark.faults("G8")
def test_a_worker_that_is_told_to_stop_ends_well_and_the_other_goes_on(stage: LiveStage) -> None:
    start_workers(stage, "worker 1", "worker 2")
    sent = send_forms(stage, "south", 4)
    assert stage.stop("worker 1") == 0
    all_done(stage, sent)
    assert held_by_person(stage, "south", list(sent)) == [WHOLE] * len(sent)
    assert '"worker stopped"' in said(stage, "worker 1")


def test_the_database_throws_everybody_out_again_and_again_and_nothing_is_lost_or_doubled(
    stage: LiveStage,
) -> None:
    start_workers(stage, "worker 1", "worker 2")
    sent = send_forms(stage, "south", 6)
    for had in (0, 3, 8, 15):
        wait_for(lambda: written(stage, "south"), lambda now, had=had: now > had)
        throw_out(stage.environment["CONNECTOR_DATABASE_URL"])
    all_done(stage, sent)
    assert held_by_person(stage, "south", list(sent)) == [WHOLE] * len(sent)


def written(stage: LiveStage, host: str) -> int:
    return sum(map(len, stage.held(host).values()))


def throw_out(database: str) -> None:
    """End every connection to a database, as its server does when it is started again."""
    with psycopg.connect(database, autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
