"""Many at once: a slow disk, a backlog of twelve hours, copies through two processes."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
import requests
from flask import g
from front_door import CONFIGURATION, FrontDoor, at_once, front_door, settings
from made_once import packaged
from receiving import SECRET, START
from serving import served
from sqlalchemy import event

from connector.casework import Desk
from connector.pipeline import process_waiting
from connector.signature import sign_standard_webhook
from connector.store import Store
from connector.web import WebServer, WebServices, create_app

pytestmark = pytest.mark.live

FSYNC_SECONDS, SECONDS, A_SECOND = 0.2, 4, 20
FIFTY_KB = b'{"text": "' + b"a" * 50_000 + b'"}'
BACKLOG = 500
SAMPLE = json.loads(
    (CONFIGURATION / "sandbox" / "samples" / "annual_contact_outcome.json").read_text("utf-8")
)


class SlowDisk:
    """Makes every commit last; counts them."""

    def __init__(self, store: Store) -> None:
        self.commits = 0
        event.listen(store.database.engine, "commit", self._commit)

    def _commit(self, _: object) -> None:
        time.sleep(FSYNC_SECONDS)
        self.commits += 1


def signed(delivery: str, body: bytes) -> dict[str, str]:
    stamp = int(START.timestamp())
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign_standard_webhook(SECRET, delivery, stamp, body),
    }


@pytest.mark.faults("R13")
def test_on_a_slow_disk_those_that_wait_share_a_commit(services: WebServices, store: Store) -> None:
    if store.shared:
        pytest.skip("a database server commits those that wait together by itself")
    disk, app, count = SlowDisk(store), create_app(services), SECONDS * A_SECOND
    waited: list[int] = []
    app.before_request(lambda: setattr(g, "before", disk.commits))
    app.teardown_request(lambda _: waited.append(disk.commits - g.before))
    begun = time.monotonic()

    def send(number: int) -> int:
        time.sleep(max(0.0, begun + number / A_SECOND - time.monotonic()))
        headers = signed(f"msg_{number}", FIFTY_KB)
        to = f"http://{where}:{port}/hooks/north"
        return requests.post(to, data=FIFTY_KB, headers=headers, timeout=(5, 30)).status_code

    with served(WebServer(app, "127.0.0.1:0")) as (where, port), ThreadPoolExecutor(40) as senders:
        statuses = Counter(senders.map(send, range(count)))
    assert statuses == {202: count}
    # One by one they would need four times the seconds that there are.
    assert disk.commits <= count / 2
    # The one under way when it came, its own, and one where it came just between two.
    assert max(waited) <= 3
    with store.transaction() as tx:
        assert len(tx.submissions.listing(count + 1)) == count


@pytest.mark.faults("R8")
def test_a_backlog_of_twelve_hours_sent_at_once_is_kept_whole(
    environment: dict[str, str],
) -> None:
    with front_door(environment) as door:
        posts = [
            ({"form": {"id": f"F-{n}"}, "text": "a" * 5_000}, f"d-{n}") for n in range(BACKLOG)
        ]
        answers = at_once([door], posts)
        assert Counter(each.status_code for each in answers) == {202: BACKLOG}
        told = {f"d-{n}": each.json()["submission"] for n, each in enumerate(answers)}
        assert door.kept() == told


@pytest.fixture
def two_doors(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[FrontDoor]]:
    """Two web processes on one database."""
    environment = settings(tmp_path_factory.mktemp("two") / "data", postgres)
    with ExitStack() as running:
        yield [running.enter_context(front_door(environment)) for _ in range(2)]


@pytest.mark.faults("R1")
def test_copies_through_two_processes_make_one_submission(two_doors: list[FrontDoor]) -> None:
    answers = at_once(two_doors, [({"form": {"id": "F-1"}}, "copied")] * 50)
    assert {each.status_code for each in answers} == {202}
    (submission,) = {each.json()["submission"] for each in answers}
    assert sum("duplicate" not in each.json() for each in answers) == 1
    assert two_doors[0].kept() == {"copied": submission}


@pytest.mark.faults("R2")
def test_of_two_bodies_under_one_id_through_two_processes_one_stands(
    two_doors: list[FrontDoor],
) -> None:
    posts = [({"form": {"id": f"F-{number % 2}"}}, "taken") for number in range(40)]
    answers = at_once(two_doors, posts)
    statuses = Counter(each.status_code for each in answers)
    assert statuses == {202: 20, 409: 20}
    with two_doors[0].store() as store, store.transaction() as tx:
        (kept,) = tx.submissions.listing()
        (aside,) = tx.quarantine.listing()
        assert tx.submissions.body(kept.id) != tx.quarantine.body(aside.id)


def processed(door: FrontDoor) -> list[str]:
    """The states of what was kept, once nothing waits any more."""
    council = packaged()
    with door.store() as store:
        desk = Desk(store, council, council.working, lambda: datetime.now(UTC))
        while process_waiting(desk):
            pass
        with store.transaction() as tx:
            return [each.state for each in tx.submissions.listing()]


@pytest.mark.faults("R3")
def test_a_form_under_new_ids_through_two_processes_counts_once(
    two_doors: list[FrontDoor],
) -> None:
    answers = at_once(two_doors, [(SAMPLE, f"d-{number}") for number in range(12)])
    assert {each.status_code for each in answers} == {202}
    assert Counter(processed(two_doors[0])) == {"processed": 1, "duplicate": 11}


@pytest.mark.faults("R10")
def test_an_older_version_that_comes_later_through_the_other_process_changes_nothing(
    two_doors: list[FrontDoor],
) -> None:
    newer = SAMPLE | {"form": SAMPLE["form"] | {"version": 2}}
    for door, form in zip(two_doors, (newer, SAMPLE), strict=True):
        assert door.post(form, f"v{form['form']['version']}").status_code == 202
    assert Counter(processed(two_doors[0])) == {"processed": 1, "outdated": 1}
