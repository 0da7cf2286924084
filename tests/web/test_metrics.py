"""What Prometheus is shown: numbers that are right, and nobody's number."""

from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from receiving import START, Clock, Sender

from connector.store import Store
from connector.store.heartbeats import WORKER


def numbers(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_fresh_connector_has_nothing_to_count(client: FlaskClient) -> None:
    shown = numbers(client)
    assert shown[("connector_follow_ups_overdue",)] == 0
    assert shown[("connector_oldest_waiting_seconds",)] == 0
    assert not [name for name, *_ in shown if name == "connector_worker_heartbeat_age_seconds"]


def test_what_waits_is_counted_and_its_age_grows(
    client: FlaskClient, sender: Sender, clock: Clock
) -> None:
    assert sender.post().status_code == 202
    clock.forward(seconds=90)
    shown = numbers(client)
    assert shown[("connector_submissions", "north", "received")] == 1
    assert shown[("connector_oldest_waiting_seconds",)] == 90


def test_the_workers_silence_and_the_findings_of_rounds_are_shown(
    client: FlaskClient, store: Store, clock: Clock
) -> None:
    with store.transaction() as tx:
        tx.heartbeats.beat(WORKER, START - timedelta(seconds=30))
        tx.persons.round_made("north", "nightly check", START, 4)
        tx.persons.round_made("north", "sweep", START, 2)
    shown = numbers(client)
    assert shown[("connector_worker_heartbeat_age_seconds",)] == 30
    assert shown[("connector_people_without_next_step", "north")] == 4
    assert shown[("connector_missed_forms_found", "north")] == 2


def test_no_id_of_a_person_stands_in_the_numbers(client: FlaskClient, store: Store) -> None:
    with store.transaction() as tx:
        kept = tx.submissions.keep("north", "d-canary", b"{}", datetime.now(UTC))
        tx.submissions.settle(
            kept.submission_id, "processed", processed_at=START, person_ids=["canary-person"]
        )
    assert "canary" not in client.get("/metrics").text
