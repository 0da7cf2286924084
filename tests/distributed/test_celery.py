"""Celery over RabbitMQ and Redis: messages are wake-ups, and no more than that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from live_stage import LiveStage, wait_for
from many_stage import (
    WHOLE,
    all_done,
    at_work,
    held_by_person,
    many_stage,
    said,
    send_forms,
    start_lossy,
    start_workers,
    stays,
)
from servers import rabbitmq, redis_server

from connector.distributed import celery_app, queue_of

pytestmark = pytest.mark.live

NOBODY_LISTENS = "amqp://guest:guest@127.0.0.1:9//"


@pytest.fixture(params=[rabbitmq, redis_server], ids=["rabbitmq", "redis"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LiveStage]:
    broker: str = request.param()
    with many_stage(tmp_path, CONNECTOR_BROKER_URL=broker) as running:
        queue = queue_of(running.environment["CONNECTOR_DATABASE_URL"])
        yield running
    if broker != NOBODY_LISTENS:
        _forget(broker, queue)


def _forget(broker: str, queue: str) -> None:
    """Leave nothing behind in a broker that others use too."""
    with celery_app(broker, queue).connection() as connection:
        channel = connection.default_channel
        channel.queue_delete(queue)
        channel.exchange_delete(queue)
    if broker.startswith("redis"):
        with redis.Redis.from_url(broker) as server:
            for key in server.scan_iter(f"{queue}.*"):
                server.delete(key)


def test_lost_and_doubled_messages_and_a_killed_worker_change_nothing_in_the_host(
    stage: LiveStage,
) -> None:
    start_lossy(stage, "lossy 1", 1)
    start_lossy(stage, "lossy 2", 2)
    at_work(stage, "lossy 1", "lossy 2")
    stage.misbehave("north", "task", "work-then-reset", probability=0.2)
    sent = send_forms(stage, "north", 8)
    wait_for(lambda: sum(map(len, stage.held("north").values())), lambda now: now > 4)
    stage.kill("lossy 1")
    stage.behave()
    all_done(stage, sent)
    assert held_by_person(stage, "north", list(sent)) == [WHOLE] * len(sent)


@pytest.mark.parametrize("stage", [rabbitmq], ids=["rabbitmq"], indirect=True)
def test_connector_work_is_clock_and_celery_worker_in_one_command(stage: LiveStage) -> None:
    start_workers(stage, "worker 1", "worker 2")
    sent = send_forms(stage, "south", 6)
    all_done(stage, sent)
    assert held_by_person(stage, "south", list(sent)) == [WHOLE] * len(sent)
    tried = [_tries(stage, name) for name in ("worker 1", "worker 2")]
    assert all(tried), "both take their share"
    assert stage.stop("worker 1") == 0
    assert stage.stop("worker 2") == 0


def _tries(stage: LiveStage, name: str) -> int:
    return said(stage, name).count('"effect tried"')


@pytest.mark.parametrize("stage", [lambda: NOBODY_LISTENS], ids=["no broker"], indirect=True)
def test_while_the_broker_is_away_the_leader_does_the_work(stage: LiveStage) -> None:
    start_workers(stage, "worker 1")
    sent = send_forms(stage, "north", 1)
    all_done(stage, sent)
    assert '"broker away"' in said(stage, "worker 1")
    assert stage.stop("worker 1") == 0


@pytest.mark.parametrize("stage", [rabbitmq], ids=["rabbitmq"], indirect=True)
def test_no_work_is_done_in_the_web_part(stage: LiveStage) -> None:
    sent = send_forms(stage, "north", 2)
    states = stays(lambda: {stage.story(each)["state"] for each in sent.values()}, 1.5)
    assert states == [{"received"}]
    assert stage.held("north") == {"outcomes": [], "notes": [], "documents": [], "tasks": []}
