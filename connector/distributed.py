"""The distributed engine: Celery carries ids of submissions from the leader to every worker.

Imported only where a broker is set. A message that is lost, doubled or late changes nothing: the
ledger and the leases decide, and what is still due is handed out again (`handing_out`).
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Semaphore
from typing import Any

import structlog
from celery import Celery
from celery.worker import WorkController
from celery.worker import state as celery_state
from kombu.entity import Queue
from kombu.exceptions import OperationalError
from sqlalchemy import make_url

from connector.clock import TICKS, Duties, Tick, perform_effects
from connector.dispatch.draining import BATCH, THREADS, perform_in_order
from connector.errors import BrokerAway, SetupProblem
from connector.handing_out import AGAIN, OF_EACH_HOST, HandingOut

TASK = "connector.work_on"
MOST_THREADS = 48
FORGOTTEN = 60
"""Seconds after which a message nobody took is dropped, where the broker can do that."""

NOTICED_AFTER = 0.05
"""Seconds after which the worker notices at the latest that one of its threads is done."""

_log = structlog.get_logger(__name__)


def celery_app(broker_url: str, queue: str) -> Celery:
    """Celery as we use it: JSON, no results, no remote control, its logs left to us.

    Raises SetupProblem where what speaks to this sort of broker is not installed.
    """
    app = Celery("connector", broker=broker_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_queue=queue,
        task_queues=[Queue(queue, durable=True, message_ttl=FORGOTTEN)],  # type: ignore[no-untyped-call]
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_timeout=4,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport_options(broker_url, queue),
    )
    _look_for_its_driver(app)
    return app


def _look_for_its_driver(app: Celery) -> None:
    try:
        app.connection_for_read().get_transport_cls()
    except ImportError as missing:
        raise SetupProblem(
            f"CONNECTOR_BROKER_URL names a broker for which {missing.name or 'a package'} is not"
            " installed: pip install -c constraints.txt '.[distributed]' brings those for RabbitMQ"
            " and Redis."
        ) from missing


def queue_of(database_url: str) -> str:
    """The queue of a database, so that two councils may share one broker."""
    return f"connector.{make_url(database_url).database}"


def _transport_options(broker_url: str, queue: str) -> dict[str, Any]:
    # The leader does not wait for a broker that is away: it does the work itself meanwhile.
    at_once = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
    if broker_url.startswith("redis"):
        times = {"socket_timeout": 10, "socket_connect_timeout": 4}
        return {"global_keyprefix": f"{queue}.", **times, **at_once}
    return at_once


@dataclass
class Engine:
    """One worker's share in the work the broker carries. `send` is how an id leaves; after `again`
    seconds it leaves once more, if it is still due."""

    app: Celery
    duties: Duties
    stop: Event
    send: Callable[[str], None]
    again: float = AGAIN
    _at_host: dict[str, Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: Semaphore(THREADS))
    )

    def ticks(self) -> Sequence[Tick]:
        """The clock's duties, where the leader hands out the writes that are due."""
        handing = HandingOut(self.send, self.again)
        return tuple(
            handing.instead_of(each) if each.run is perform_effects else each for each in TICKS
        )

    def work_on(self, submission_id: str) -> None:
        """Write what is due of a form, in order."""
        with self.duties.store.side_by_side() as tx:
            form = tx.submissions.get(submission_id)
        if form is None or self.stop.is_set():
            return
        with self._at_host[form.host]:
            self._write(submission_id)

    def _write(self, submission_id: str) -> None:
        steps = 1
        while steps and not self.stop.is_set():
            now = self.duties.now()
            with self.duties.store.side_by_side() as tx:
                persons = tx.work_due.writes_of(submission_id, now, BATCH)
            steps = sum(self._perform(effects) for effects in persons)

    def _perform(self, effects: Sequence[str]) -> int:
        return perform_in_order(self.duties.dispatcher, effects, self.stop, lambda: None)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Take what the broker brings meanwhile; at the end what is in hand is finished first.

        Raises what ended the taking, where that was not `stop`.
        """
        _silence()
        self.app.task(name=TASK)(self._safely)
        controller = self.app.WorkController(
            pool="threads",
            concurrency=min(OF_EACH_HOST * max(1, len(self.duties.dispatcher.hosts)), MOST_THREADS),
            hostname=f"connector@{self.duties.owner}",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        celery_state.should_stop = None
        with ThreadPoolExecutor(1, "broker") as thread:
            taking = thread.submit(self._take, controller)
            try:
                yield
            finally:
                self.stop.set()
                celery_state.should_stop = 0
        taking.result()

    def _take(self, controller: WorkController) -> None:
        _say_if_away(self.app)
        if controller.use_eventloop:
            controller.hub.timer.call_repeatedly(NOTICED_AFTER, lambda: None)
        try:
            controller.start()
            if not self.stop.is_set():
                raise BrokerAway("The worker takes no more messages.")
        finally:
            self.stop.set()

    def _safely(self, submission_id: str) -> None:
        try:
            self.work_on(submission_id)
        except Exception as error:  # noqa: BLE001 - what is still due is handed out again
            _log.error("form not worked on", submission=submission_id, exc_info=error)


def _say_if_away(app: Celery) -> None:
    """Celery waits for its broker without a word; whoever started a worker is to hear of it."""
    with app.connection_for_read() as connection:
        try:
            connection.connect()
        except (*connection.connection_errors, OSError) as error:
            _log.warning("broker away", error=type(error).__name__)


def sender(app: Celery) -> Callable[[str], None]:
    """What puts the id of a submission into the broker; raises BrokerAway where it cannot."""

    def send(submission_id: str) -> None:
        try:
            app.send_task(TASK, [submission_id], retry=False)
        except (OperationalError, OSError) as error:
            raise BrokerAway from error

    return send


def _silence() -> None:
    """Their logs name addresses and arguments; ours say what matters."""
    for name in ("celery", "kombu", "amqp"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
