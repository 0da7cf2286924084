"""Whatever fails, at level DEBUG: the log says so, and names nobody (reliability I5, S9)."""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fake_host import Case, a_desk, effect
from lent_databases import lent_database
from logs_as_before import AsBefore
from made_once import store_in
from sqlalchemy import Connection, insert, literal_column, select, update
from sqlalchemy.exc import DBAPIError

from connector import logs
from connector.clock import Clock as WorkersClock
from connector.clock import Tick
from connector.errors import Declined, NotSent, OutcomeUnknown
from connector.model import EffectKind
from connector.pipeline import process_waiting
from connector.policy import DEFAULTS
from connector.profiles import Configuration
from connector.store import Store, tables
from connector.vault import Vault, new_key_text
from connector.web import create_app
from tests.web.receiving import HOSTS, Clock, DryRun, Sender, services_with

pytestmark = pytest.mark.faults("I5")

CANARY = "Zanzibar-Quillfeather"


@dataclass
class Stage:
    """The product in one process, with everything it logs."""

    store: Store
    folder: Path
    log: io.StringIO
    clock: Clock
    dry_run: DryRun

    @property
    def sender(self) -> Sender:
        app = create_app(services_with(self.store, self.folder, self.clock, self.dry_run))
        return Sender(app.test_client(), self.clock)

    @property
    def case(self) -> Case:
        return Case(self.store, now=self.clock)  # type: ignore[arg-type]

    def ring(self, turn: Callable[[], int]) -> None:
        """One turn of a duty of the worker's clock."""
        tick = Tick("leases", 15, lambda _: turn())
        WorkersClock(self.case.duties(), Event(), [tick]).ring(tick)


@pytest.fixture(params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    log, vault = io.StringIO(), Vault.from_text(new_key_text())
    with AsBefore():
        logs.start("DEBUG", stream=log, env={})
        if request.param == "sqlite":
            with store_in(tmp_path, vault) as store:
                yield Stage(store, tmp_path, log, Clock(), DryRun())
        else:
            with Store(lent_database(), vault) as store:
                yield Stage(store, tmp_path, log, Clock(), DryRun())


def refused_at_the_door(stage: Stage) -> None:
    sender, form = stage.sender, {"name": CANARY}
    assert sender.post(form).status_code == 202
    assert sender.post({"name": CANARY, "again": True}).status_code == 409
    assert sender.post(form, headers={"webhook-signature": CANARY}).status_code == 401
    assert sender.post(form, headers={"webhook-timestamp": CANARY}).status_code == 401
    assert sender.post(f'{{"name": "{CANARY}", }}'.encode()).status_code == 400
    assert sender.post(form, to=f"/hooks/{CANARY}").status_code == 404
    assert sender.client.get(f"/people/{CANARY}?q={CANARY}").status_code == 404


def a_form_that_cannot_be_read(stage: Stage) -> None:
    with stage.store.transaction() as tx:
        tx.submissions.keep("north", f"d-{CANARY}", f'{{"{CANARY}": NaN'.encode(), stage.clock())
    configured = Configuration(Path(), HOSTS, DEFAULTS, "")
    process_waiting(replace(a_desk(stage.store, stage.clock), configuration=configured))


def a_host_that_repeats_what_it_was_sent(stage: Stage) -> None:
    case = stage.case
    case.host.next_writes.extend(
        [
            NotSent(CANARY),
            OutcomeUnknown(CANARY),
            Declined(CANARY, status=422),
            RuntimeError(CANARY),
        ]
    )
    case.host.next_looks.append(ValueError(CANARY))
    case.owe(*(effect(f"lcf-{n}", person_id=f"{CANARY}-{n}") for n in range(4)))
    for n in (0, 1, 1, 2, 3):
        case.dispatcher.perform(case.row(f"lcf-{n}").id)
        stage.clock.forward(minutes=1)


def a_document_that_cannot_be_made(stage: Stage) -> None:
    def render(content: Any) -> bytes:
        raise ValueError(f"{content} {CANARY}")

    case = stage.case
    case.owe(effect(kind=EffectKind.DOCUMENT, content={"name": CANARY}))
    replace(case.dispatcher, render_document=render).perform(case.row().id)


def something_sealed_that_does_not_open(stage: Stage) -> None:
    case = stage.case
    case.owe(effect())
    with stage.store.database.alone() as connection:
        connection.execute(update(tables.effect).values(content=CANARY.encode()))
    case.dispatcher.perform(case.row().id)


def a_duty_that_fails(stage: Stage) -> None:
    def turn() -> int:
        raise RuntimeError(CANARY)

    stage.ring(turn)


FAILURES = {
    refused_at_the_door: "webhook refused",
    a_form_that_cannot_be_read: "submission broken",
    a_host_that_repeats_what_it_was_sent: "effect parked",
    a_document_that_cannot_be_made: "document not made",
    something_sealed_that_does_not_open: "effect parked",
    a_duty_that_fails: "tick failed",
}


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
def test_what_fails_is_told_without_a_detail_of_anybody(
    stage: Stage, failure: Callable[[Stage], None], capfd: pytest.CaptureFixture[str]
) -> None:
    failure(stage)
    assert f'"{FAILURES[failure]}"' in stage.log.getvalue()
    assert CANARY not in stage.log.getvalue() + "".join(capfd.readouterr())


def _submission(**over: Any) -> dict[str, Any]:
    facts = {"id": "sub_1", "host": "north", "delivery_id": CANARY, "body_sha256": "0" * 64}
    moment = {"received_at": Clock()(), "state": "received", "person_ids": [CANARY]}
    return facts | moment | over


def twice(connection: Connection) -> None:
    connection.execute(insert(tables.submission), _submission())
    connection.execute(insert(tables.submission), _submission(id="sub_2"))


def with_nothing_where_something_must_be(connection: Connection) -> None:
    connection.execute(insert(tables.submission), _submission(host=None))


def of_a_form_that_is_not_there(connection: Connection) -> None:
    follow_up = {"effect_id": CANARY, "name": CANARY, "sha256": "0" * 64, "size": 1}
    connection.execute(insert(tables.document), follow_up)


def in_words_no_database_knows(connection: Connection) -> None:
    connection.execute(select(tables.submission.c.id, literal_column(f'submission."{CANARY}"')))


MISTAKES = (
    twice,
    with_nothing_where_something_must_be,
    of_a_form_that_is_not_there,
    in_words_no_database_knows,
)
every_mistake = pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)


def _make(stage: Stage, mistake: Callable[[Connection], None]) -> int:
    with stage.store.database.alone() as connection:
        mistake(connection)
    raise AssertionError("the database took it")


@every_mistake
def test_an_error_of_the_database_is_told_without_the_values_it_repeats(
    stage: Stage, mistake: Callable[[Connection], None], capfd: pytest.CaptureFixture[str]
) -> None:
    with AllThatLibrariesSay():
        stage.ring(lambda: _make(stage, mistake))
    told = stage.log.getvalue()
    assert '"tick failed"' in told
    assert '"logger": "sqlalchemy' in told
    assert CANARY not in told + "".join(capfd.readouterr())


@every_mistake
def test_an_error_of_the_database_reaches_no_caller(
    stage: Stage, mistake: Callable[[Connection], None]
) -> None:
    with pytest.raises(DBAPIError) as caught:
        _make(stage, mistake)
    stage.dry_run.result = caught.value
    answer = stage.sender.post(to="/hosts/{host}/validate")
    assert answer.status_code == 503
    assert CANARY not in answer.text + stage.log.getvalue()


def test_postgresql_repeats_values_in_its_errors_so_that_these_tests_can_fail(
    tmp_path: Path,
) -> None:
    vault = Vault.from_text(new_key_text())
    with Store(lent_database(), vault) as store:
        stage = Stage(store, tmp_path, io.StringIO(), Clock(), DryRun())
        for mistake in MISTAKES:
            with pytest.raises(DBAPIError) as caught:
                _make(stage, mistake)
            assert CANARY in str(caught.value)


class AllThatLibrariesSay:
    """The loggers of the database's libraries at DEBUG."""

    NAMES = ("sqlalchemy.engine", "sqlalchemy.pool", "psycopg", "psycopg.pool")

    def __enter__(self) -> None:
        self._before = [(name, logging.getLogger(name).level) for name in self.NAMES]
        for name in self.NAMES:
            logging.getLogger(name).setLevel(logging.DEBUG)

    def __exit__(self, *_: object) -> None:
        for name, level in self._before:
            logging.getLogger(name).setLevel(level)
