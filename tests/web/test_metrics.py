"""What Prometheus is shown: numbers that are right, and nobody's number."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fake_host import Case, effect
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from receiving import START, Clock, Sender
from sqlalchemy import Connection

from connector.casework import doubles
from connector.casework.opening import open_follow_up
from connector.errors import Declined, NotSent, OutcomeUnknown, OutOfOrder
from connector.model import EffectKind, FollowUp, Inbox, Task
from connector.store import Store
from connector.store.heartbeats import WORKER
from connector.store.restorations import enter_restored_mode
from connector.vault import Vault, new_key_text
from connector.web import WebServices, create_app

Numbers = dict[tuple[str, ...], float]


def numbers(client: FlaskClient) -> Numbers:
    """Every sample by its name and the values of its labels, in the order of their names."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture
def case(store: Store, clock: Clock) -> Case:
    """A worker's side of the same store: what it writes to a host is counted at the door."""
    return Case(store, now=clock)  # type: ignore[arg-type]


def test_a_fresh_connector_has_nothing_to_count(client: FlaskClient) -> None:
    shown = numbers(client)
    assert shown[("connector_build_info", "9.9")] == 1
    assert shown[("connector_database_up",)] == 1
    for nothing in (
        ("connector_follow_ups_overdue",),
        ("connector_oldest_waiting_seconds",),
        ("connector_effects_due_seconds",),
        ("connector_webhooks_kept_total", "north"),
        ("connector_webhooks_refused_total", "north", "not proven"),
        ("connector_host_circuit_open", "north"),
        ("connector_doubles_found_total", "north"),
        ("connector_ready", "worker"),
    ):
        assert shown[nothing] == 0
    names = {name for name, *_ in shown}
    assert not names & {"connector_worker_heartbeat_age_seconds", "connector_effects"}
    assert "process_resident_memory_bytes" in names


def test_what_waits_is_counted_and_its_age_grows(
    client: FlaskClient, sender: Sender, clock: Clock
) -> None:
    assert sender.post().status_code == 202
    clock.forward(seconds=90)
    shown = numbers(client)
    assert shown[("connector_submissions", "north", "received")] == 1
    assert shown[("connector_oldest_waiting_seconds",)] == 90


def test_what_is_kept_and_what_comes_again_is_counted_by_host(
    client: FlaskClient, sender: Sender
) -> None:
    for _ in range(3):
        assert sender.post().status_code == 202
    assert sender.as_host("south").post().status_code == 202
    shown = numbers(client)
    assert shown[("connector_webhooks_kept_total", "north")] == 3
    assert shown[("connector_webhooks_duplicate_total", "north")] == 2
    assert shown[("connector_webhooks_kept_total", "south")] == 1
    assert shown[("connector_webhooks_duplicate_total", "south")] == 0


@pytest.mark.parametrize(
    ("sent", "host", "reason"),
    [
        ({"headers": {"webhook-signature": "v1,AAAA"}}, "north", "not proven"),
        ({"headers": {"webhook-timestamp": "noon"}}, "north", "time-stamp"),
        ({"form": b"{"}, "north", "unreadable"),
        ({"form": {"another": "body"}}, "north", "another body"),
        ({"form": b"1" * 2_000_000}, "north", "too large"),
        ({"headers": {"Content-Type": "text/plain"}}, "north", "wrong type"),
        ({"to": "/hooks/canary"}, "unknown", "no such address"),
        ({"method": "DELETE"}, "unknown", "wrong method"),
    ],
)
def test_each_refusal_is_counted_under_its_reason(
    client: FlaskClient, sender: Sender, sent: dict[str, Any], host: str, reason: str
) -> None:
    sender.post()
    assert sender.post(**sent).status_code >= 400
    shown = numbers(client)
    refused = Counter(
        {key[1:]: n for key, n in shown.items() if key[0] == "connector_webhooks_refused_total"}
    )
    assert +refused == {(host, reason): 1}
    assert "canary" not in client.get("/metrics").text


def test_a_form_sent_back_for_its_answers_and_a_red_health_are_no_refusals(
    client: FlaskClient, dry_run: Any, sender: Sender
) -> None:
    wrong = {"rule": "DS-01", "severity": "E", "question": "Q", "message": "M"}
    dry_run.result = {
        "form": "F-1",
        "status": "remain_open",
        "line": "L",
        "problems": [wrong],
        "tasks": [],
    }
    assert sender.post(to="/hosts/{host}/validate").status_code == 422
    assert client.get("/readyz").status_code == 503
    counted = {key: n for key, n in numbers(client).items() if "refused" in key[0]}
    assert not any(counted.values())


def test_writes_are_counted_by_host_kind_and_state_with_the_age_of_the_oldest(
    client: FlaskClient, case: Case, clock: Clock
) -> None:
    case.host.next_writes.extend([None, Declined("no", status=422), OutcomeUnknown("gone")])
    case.owe(
        *(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(3)),
        effect("lcf-3", EffectKind.DOCUMENT, person_id="P9", position=2),
    )
    for n in range(3):
        case.step(f"lcf-{n}")
    clock.forward(seconds=600)
    shown = numbers(client)
    assert shown[("connector_effects", "sandbox", "task", "confirmed")] == 1
    assert shown[("connector_effects", "sandbox", "task", "parked")] == 1
    assert shown[("connector_effects", "sandbox", "task", "unknown")] == 1
    assert shown[("connector_effects", "sandbox", "document", "planned")] == 1
    ages = {key[2]: n for key, n in shown.items() if key[0] == "connector_effects_oldest_seconds"}
    assert ages == {"parked": 600, "unknown": 600, "planned": 600}


def test_a_write_that_is_due_and_that_nobody_takes_grows_older(
    client: FlaskClient, case: Case, clock: Clock
) -> None:
    case.owe(effect())
    clock.forward(seconds=400)
    assert numbers(client)[("connector_effects_due_seconds",)] == 400


def test_a_host_that_is_down_is_shown_and_what_waits_for_it_is_not_called_due(
    client: FlaskClient, case: Case, clock: Clock
) -> None:
    case.host.next_writes.extend([NotSent("refused")] * 3)
    case.owe(*(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(3)))
    for n in range(3):
        case.step(f"lcf-{n}")
    clock.forward(hours=1)
    shown = numbers(client)
    assert shown[("connector_host_failures", "sandbox")] == 3
    assert shown[("connector_host_circuit_open", "sandbox")] == 1
    assert shown[("connector_host_circuit_open", "north")] == 0
    assert shown[("connector_effects_due_seconds",)] == 0


def test_the_calls_of_a_quarter_of_an_hour_are_counted_and_measured(
    client: FlaskClient, case: Case, clock: Clock
) -> None:
    def slowly(host: Any, variables: Mapping[str, Any]) -> str:
        clock.forward(seconds=seconds.pop())
        return str(host.keep(variables))

    seconds = [8.0, 2.0, 1.0]
    case.host.next_writes.extend([slowly] * 3 + [Declined("no", status=422)])
    case.owe(*(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(4)))
    for n in range(4):
        case.step(f"lcf-{n}")
    shown = numbers(client)
    assert shown[("connector_host_calls_recent", "sandbox", "send", "confirmed")] == 3
    assert shown[("connector_host_calls_recent", "sandbox", "send", "parked")] == 1
    lengths = {key[2]: n for key, n in shown.items() if key[0] == "connector_host_call_seconds"}
    assert lengths == {"0.5": 2, "0.95": 2, "1": 8}
    clock.forward(minutes=16)
    assert not [key for key in numbers(client) if key[0] == "connector_host_calls_recent"]


def task(due_on: date, reference: str) -> FollowUp:
    wanted = Task("T20", "DC-19", "Ring", Inbox.WORKER, "7", due_on, due_on, "Because.", named=True)
    content = {"title": "Ring", "inbox": {"kind": "worker", "id": "7"}}
    owed = effect(reference, position=9, content=content)
    return FollowUp(wanted, "P1", reference, owed, reference)


def test_tasks_due_today_and_overdue_are_counted_once_they_are_in_an_inbox(
    client: FlaskClient, case: Case, clock: Clock
) -> None:
    today = START.date()
    days = [today - timedelta(days=3), today - timedelta(days=1), today, today + timedelta(days=1)]
    submission = case.owe()
    with case.store.transaction() as tx:
        for each in days:
            tx.follow_ups.plan(submission, "sandbox", task(each, f"lcf-{each}"), clock())
    assert numbers(client)[("connector_follow_ups", "planned")] == 4
    with case.store.transaction() as tx:
        for row in tx.follow_ups.listing():
            open_follow_up(tx, case.desk, row)
    shown = numbers(client)
    assert shown[("connector_follow_ups", "open")] == 4
    assert shown[("connector_follow_ups_due_today",)] == 1
    assert shown[("connector_follow_ups_overdue",)] == 2


def test_what_is_shown_of_deliveries_is_what_people_see_of_them(
    client: FlaskClient, case: Case, store: Store
) -> None:
    case.host.next_writes.extend([None, Declined("no", status=422)])
    for n, owed in enumerate([effect("lcf-0"), effect("lcf-1"), effect("lcf-2"), None]):
        submission = case.owe(*([owed] if owed else []), form=f"form-{n}")
        with store.transaction() as tx:
            tx.submissions.settle(submission, "processed", processed_at=START)
            ids = [row.id for row in tx.effects.of_submission(submission)]
        if n < 2:
            case.dispatcher.perform(ids[0])
    case.owe(form="form-9")
    with store.transaction() as tx:
        seen = Counter((row.host, row.standing) for row in tx.submissions.listing())
    assert set(seen) == {("sandbox", each) for each in ("done", "parked", "working", "received")}
    shown = numbers(client)
    assert {key[1:]: n for key, n in shown.items() if key[0] == "connector_submissions"} == seen


def test_signs_of_life_and_the_findings_of_rounds_are_shown(
    client: FlaskClient, store: Store
) -> None:
    with store.transaction() as tx:
        tx.heartbeats.beat(WORKER, START - timedelta(seconds=30))
        tx.persons.round_made("north", "nightly check", START, 4)
        tx.persons.round_made("north", "sweep", START, 2)
        tx.persons.round_made("north", doubles.DOUBLES, START, 1)
        tx.persons.round_made("north", doubles.GONE, START, 3)
    shown = numbers(client)
    assert shown[("connector_worker_heartbeat_age_seconds",)] == 30
    assert shown[("connector_web_heartbeat_age_seconds",)] == 0
    assert (shown[("connector_workers_at_work",)], shown[("connector_workers_silent",)]) == (1, 0)
    assert shown[("connector_people_without_next_step", "north")] == 4
    assert shown[("connector_missed_forms_found", "north")] == 2
    assert shown[("connector_doubles_found_total", "north")] == 1
    assert shown[("connector_writes_gone_total", "north")] == 3


def test_a_backup_that_was_put_back_is_shown_with_its_moment(
    client: FlaskClient, store: Store
) -> None:
    with store.database.alone() as connection:
        enter_restored_mode(connection, START - timedelta(days=1), START)
    assert numbers(client)[("connector_restored_timestamp_seconds",)] == START.timestamp()


class NoDatabase:
    """A database whose server is gone."""

    shared = True

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        raise OutOfOrder("The database server cannot be reached.")
        yield

    beside = looking = alone

    def now(self) -> datetime:
        return datetime.now(UTC)

    def close(self) -> None:
        """Nothing is open."""


def test_without_a_database_the_rest_is_still_shown(services: WebServices, clock: Clock) -> None:
    gone = replace(services, store=Store(NoDatabase(), Vault.from_text(new_key_text())))
    client = create_app(gone).test_client()
    assert Sender(client, clock).post().status_code == 503
    shown = numbers(client)
    assert shown[("connector_database_up",)] == shown[("connector_ready", "database")] == 0
    assert shown[("connector_webhooks_refused_total", "north", "out of order")] == 1
    assert shown[("connector_ready", "disk")] == 1
    assert ("connector_disk_free_bytes",) in shown
    assert not [name for name, *_ in shown if name.startswith("connector_submissions")]


def test_no_id_of_a_person_stands_in_the_numbers(
    client: FlaskClient, store: Store, case: Case
) -> None:
    with store.transaction() as tx:
        kept = tx.submissions.keep("north", "d-canary", b"{}", datetime.now(UTC))
        tx.submissions.settle(
            kept.submission_id, "processed", processed_at=START, person_ids=["canary-person"]
        )
        owed = effect("lcf-canary", person_id="canary-person")
        tx.effects.add(kept.submission_id, "north", owed, now=START)
    shown = client.get("/metrics").text
    assert 'connector_effects{host="north"' in shown
    assert "canary" not in shown
