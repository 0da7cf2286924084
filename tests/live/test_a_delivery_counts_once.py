"""Copies, changed copies, versions and late deliveries: what becomes of a webhook."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from live_forms import agreement, assessment, later
from live_stage import LiveStage, wait_for

from connector.model import Severity

pytestmark = pytest.mark.live

COPIES, SENDERS = 200, 16


def sizes(held: dict[str, list[Any]]) -> dict[str, int]:
    return {kind: len(entries) for kind, entries in held.items()}


@pytest.mark.faults("R1", "I2")
def test_200_copies_of_one_webhook_make_one_submission_and_one_set_of_writes(
    stage: LiveStage,
) -> None:
    form = assessment()

    def send_some(_: int) -> list[requests.Response]:
        with requests.Session() as session:
            return [
                stage.send("north", form, delivery="copied", session=session)
                for _ in range(COPIES // SENDERS + 1)
            ]

    with ThreadPoolExecutor(SENDERS) as senders:
        answers = [each for some in senders.map(send_some, range(SENDERS)) for each in some]
    assert len(answers) >= COPIES
    assert {each.status_code for each in answers} == {202}
    (submission,) = {each.json()["submission"] for each in answers}
    assert sum("duplicate" not in each.json() for each in answers) == 1
    told = stage.settled(submission)
    assert told["state"] == "done"
    held = stage.held("north", form["person"]["id"])
    assert sizes(held) == {"outcomes": 1, "notes": 1, "documents": 1, "tasks": 2}
    with stage.store() as store, store.transaction() as tx:
        same = [each for each in tx.submissions.listing(1000) if each.delivery_id == "copied"]
    assert [each.id for each in same] == [submission]


def test_the_same_delivery_again_gives_the_same_id_and_says_that_it_is_a_copy(
    stage: LiveStage,
) -> None:
    form = assessment()
    first = stage.send("north", form, delivery="again").json()
    stage.settled(first["submission"])
    before = stage.held("north", form["person"]["id"])
    again = stage.send("north", form, delivery="again").json()
    assert again == {**first, "state": "done", "duplicate": True}
    assert stage.held("north", form["person"]["id"]) == before


def test_a_delivery_id_with_another_body_is_refused_and_kept_for_a_look(stage: LiveStage) -> None:
    form = assessment()
    first = stage.send("north", form, delivery="taken").json()["submission"]
    other = stage.send("north", assessment(), delivery="taken")
    assert other.status_code == 409
    assert other.headers["Content-Type"] == "application/problem+json"
    assert stage.settled(first)["state"] == "done"
    with stage.store() as store, store.transaction() as tx:
        assert ("north", "taken") in {
            (each.host, each.delivery_id) for each in tx.quarantine.listing()
        }


@pytest.mark.faults("R3")
def test_the_same_form_under_a_new_delivery_id_is_a_duplicate_and_writes_nothing(
    stage: LiveStage,
) -> None:
    form = assessment()
    first = stage.done("north", form)
    before = stage.held("north", form["person"]["id"])
    again = stage.settled(stage.submit("north", form))
    assert again["state"] == "duplicate"
    assert first["submission"] in again["reason"]
    assert again["effects"] == []
    assert stage.held("north", form["person"]["id"]) == before


def test_other_answers_under_the_same_version_are_an_amendment_that_says_so(
    stage: LiveStage,
) -> None:
    form = assessment()
    stage.done("north", form)
    amended = form | {"answers": form["answers"] | {"level_of_support": "intensive"}}
    told = stage.done("north", amended)
    assert ("EN-09", Severity.WARNING) in {
        (each["rule"], each["severity"]) for each in told["problems"]
    }
    held = stage.held("north", form["person"]["id"])
    assert sizes(held) == {"outcomes": 2, "notes": 2, "documents": 2, "tasks": 2}
    assert held["documents"][1]["name"].endswith(" v2.pdf")
    assert "Replaces version 1" in held["notes"][1]["text"]


@pytest.mark.faults("R10")
def test_an_older_version_that_comes_late_changes_nothing(stage: LiveStage) -> None:
    form = assessment()
    newer = later(form, version=2, level_of_support="regular")
    stage.done("north", newer)
    before = stage.held("north", form["person"]["id"])
    told = stage.settled(stage.submit("north", form))
    assert told["state"] == "outdated"
    assert stage.held("north", form["person"]["id"]) == before


def test_a_newer_version_of_an_agreement_replaces_the_one_before(stage: LiveStage) -> None:
    form = agreement()
    stage.done("north", form)
    told = stage.done("north", later(form, version=2, visiting_pattern="Once a year."))
    assert told["status"] == "tailored_support_active"
    held = stage.held("north", form["person"]["id"])
    assert [each["name"].rpartition(" ")[2] for each in held["documents"]] == ["v1.pdf", "v2.pdf"]


def test_a_signed_delivery_that_comes_an_hour_late_is_held_until_somebody_releases_it(
    stage: LiveStage,
) -> None:
    form = assessment()
    answer = stage.send("north", form, at=time.time() - 3600)
    assert answer.status_code == 202
    assert answer.json()["state"] == "held_stale"
    submission = answer.json()["submission"]
    released = stage.command("replay", submission)
    assert released.returncode == 0, released.stderr
    told = wait_for(
        lambda: stage.story(submission), lambda seen: seen["state"] in ("done", "parked")
    )
    assert told["state"] == "done"
    assert len(stage.held("north", form["person"]["id"])["outcomes"]) == 1


def test_the_same_record_number_in_two_hosts_is_two_people(stage: LiveStage) -> None:
    form = assessment()
    first, second = stage.done("north", form), stage.done("south", form)
    assert first["submission"] != second["submission"]
    here, there = (stage.held(host, form["person"]["id"]) for host in ("north", "south"))
    assert sizes(here) == sizes(there) == {"outcomes": 1, "notes": 1, "documents": 1, "tasks": 2}
    assert {each["reference"] for each in here["tasks"]}.isdisjoint(
        {each["reference"] for each in there["tasks"]}
    )
