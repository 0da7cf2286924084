"""Several forms of one young person: which of them has a say over the tasks that still wait."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from made_once import packaged, store_in

from connector.casework import Desk
from connector.pipeline import process_waiting
from connector.profiles import packaged_folder

HOST, FORM = "flat", "tailored_support_agreement"
NOW = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with store_in(tmp_path) as store:
        yield Desk(store, packaged(), packaged().working, lambda: NOW)


def agreement(**answers: Any) -> dict[str, Any]:
    """The flat host's example agreement, completed on 27 March 2026 at 14:05, changed."""
    path = packaged_folder() / HOST / "samples" / f"{FORM}.json"
    example: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return example | answers


def take(desk: Desk, form: dict[str, Any], delivery: str) -> str:
    with desk.store.transaction() as tx:
        kept = tx.submissions.keep(HOST, delivery, json.dumps(form).encode(), NOW)
    process_waiting(desk)
    return kept.submission_id


def waiting(desk: Desk) -> dict[str, tuple[str, str]]:
    """The tasks that wait: which submission each is from, and when it is due."""
    with desk.store.transaction() as tx:
        rows = tx.follow_ups.listing(HOST)
    return {
        row.task: (row.submission_id, row.due_on.isoformat())
        for row in rows
        if row.state == "planned"
    }


def state_of(desk: Desk, submission: str) -> str:
    with desk.store.transaction() as tx:
        found = tx.submissions.get(submission)
    assert found
    return found.state


def test_a_later_version_takes_the_place_of_the_earlier_one(desk: Desk) -> None:
    take(desk, agreement(), "d1")
    amended = take(desk, agreement(formVersion=2, lastPathwayPlanReview="20/03/2026"), "d2")
    assert waiting(desk)["T02"] == (amended, "2026-09-18")


def test_running_an_earlier_version_again_leaves_the_later_one_in_its_place(desk: Desk) -> None:
    first = take(desk, agreement(), "d1")
    take(desk, agreement(formVersion=2, lastPathwayPlanReview="20/03/2026"), "d2")
    before = waiting(desk)
    with desk.store.transaction() as tx:
        assert tx.submissions.rearm(first)
    process_waiting(desk)
    assert state_of(desk, first) == "outdated"
    assert waiting(desk) == before


def test_a_withdrawn_form_ends_its_own_tasks(desk: Desk) -> None:
    take(desk, agreement(), "d1")
    take(desk, agreement(formVersion=2, formStatus="Withdrawn"), "d2")
    assert waiting(desk) == {}


def test_a_withdrawn_form_leaves_the_tasks_of_a_newer_one_alone(desk: Desk) -> None:
    take(desk, agreement(), "d1")
    newer = take(desk, agreement(formId=884999, completedDate="27/03/2026 14:30"), "d2")
    take(desk, agreement(formVersion=2, formStatus="Withdrawn"), "d3")
    assert {submission for submission, _ in waiting(desk).values()} == {newer}
    with desk.store.transaction() as tx:
        held = tx.answers.get(HOST, "400123", FORM)
    assert held
    assert (held.submission_id, held.content["status"]) == (newer, "tailored_support_active")


def test_an_older_form_that_arrives_late_does_not_touch_the_newer_ones_tasks(desk: Desk) -> None:
    newer = take(desk, agreement(formId=884999, completedDate="27/03/2026 14:30"), "d1")
    before = waiting(desk)
    late = take(desk, agreement(), "d2")
    assert state_of(desk, late) == "processed"
    assert waiting(desk) == before
    with desk.store.transaction() as tx:
        held = tx.answers.get(HOST, "400123", FORM)
    assert held
    assert held.submission_id == newer


def test_a_death_ends_every_task_whichever_form_tells_of_it(desk: Desk) -> None:
    take(desk, agreement(formId=884999, completedDate="27/03/2026 14:30"), "d1")
    take(desk, agreement(dod="26/03/2026"), "d2")
    assert waiting(desk) == {}


def test_two_forms_without_an_id_do_not_pass_for_one(desk: Desk) -> None:
    nameless = {name: answer for name, answer in agreement().items() if name != "formId"}
    first = take(desk, nameless, "d1")
    second = take(desk, nameless | {"criterionAText": "Something else."}, "d2")
    with desk.store.transaction() as tx:
        owed = [tx.effects.of_submission(each) for each in (first, second)]
    steps = [[effect.step for effect in each] for each in owed]
    assert steps == [["outcome", "task T90"], ["outcome", "task T90"]]
