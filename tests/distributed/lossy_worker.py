"""A worker behind a bad broker: `lossy_worker.py SEED`. Three messages in ten are lost on the way,
three in ten arrive twice. Everything else is `connector work`."""

import os
import random
import sys
from collections.abc import Callable
from threading import Event

from connector import logs, worker
from connector.assembly import duties, open_parts, worker_lock
from connector.distributed import Engine, celery_app, queue_of, sender
from connector.settings import Settings

LOST, DOUBLED = 0.3, 0.3
AGAIN = 0.5


def lossy(send: Callable[[str], None], dice: random.Random) -> Callable[[str], None]:
    """`send`, sometimes not at all and sometimes twice."""

    def send_badly(submission_id: str) -> None:
        fallen = dice.random()
        if fallen < LOST:
            return
        send(submission_id)
        if fallen > 1 - DOUBLED:
            send(submission_id)

    return send_badly


def main(seed: int) -> None:
    settings = Settings.from_environment()
    logs.start(settings.log_level, stream=sys.stderr, env=os.environ)
    parts, stop = open_parts(settings), Event()
    ours = duties(parts)
    app = celery_app(settings.broker_url, queue_of(settings.database_url))
    send = lossy(sender(app), random.Random(seed))  # noqa: S311 - dice, not a secret
    engine = Engine(app, ours, stop, send, AGAIN)
    with engine.at_work():
        worker.run(ours, stop, lock=worker_lock(settings), ticks=engine.ticks())


if __name__ == "__main__":
    main(int(sys.argv[1]))
