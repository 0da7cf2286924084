"""Tasks that wait for their day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connector.model import Effect, EffectKind, FollowUp, Inbox, Task
from connector.store import Store, Transaction
from connector.store.follow_ups import FollowUpState
from connector.vault import Vault, new_key_text

NOW = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
DAY, DUE = date(2026, 6, 1), date(2026, 6, 8)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    address = f"sqlite:///{tmp_path / 'connector.db'}"
    with Store.open(address, Vault.from_text(new_key_text())) as opened:
        yield opened


def follow_up(reference: str = "lcf-1", person_id: str = "P1", opens_on: date = DAY) -> FollowUp:
    task = Task(
        task="T01",
        rule="DS-18",
        title="Ring Zephyrine",
        inbox=Inbox.WORKER,
        assignee="20931",
        opens_on=opens_on,
        due_on=DUE,
        because="Signed on 25 March 2026.",
    )
    content = {"title": task.title, "inbox": {"kind": "worker", "id": "20931"}}
    effect = Effect(EffectKind.TASK, "task T01", reference, person_id, 4, content)
    return FollowUp(task, person_id, reference, effect)


def plan(tx: Transaction, *follow_ups: FollowUp) -> str:
    submission = tx.submissions.keep("sandbox", "form-1", b"{}", NOW).submission_id
    for each in follow_ups:
        tx.follow_ups.plan(submission, "sandbox", each, NOW)
    return submission


def test_a_follow_up_is_planned_once_and_keeps_its_first_dates(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up())
        moved = follow_up(opens_on=date(2027, 1, 1))
        assert not tx.follow_ups.plan(submission, "sandbox", moved, NOW)
        (row,) = tx.follow_ups.listing()
    assert (row.task, row.rule, row.inbox) == ("T01", "DS-18", Inbox.WORKER)
    assert (row.opens_on, row.due_on, row.scheduled_for) == (DAY, DUE, DUE)
    assert row.state is FollowUpState.PLANNED


def test_it_comes_back_as_it_was_planned(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        (row,) = tx.follow_ups.listing()
        assert tx.follow_ups.content(row.id) == follow_up()


def test_it_opens_on_its_day_or_after_and_once(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        assert tx.follow_ups.opening(date(2026, 5, 31)) == []
        (row,) = tx.follow_ups.opening(date(2026, 8, 1))
        assert tx.follow_ups.opening(DAY) == [row]
        assert tx.follow_ups.open(row.id)
        assert not tx.follow_ups.open(row.id)
        assert tx.follow_ups.opening(DAY) == []


def test_those_that_wait_longest_open_first(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up("lcf-2"), follow_up("lcf-1", opens_on=date(2026, 5, 1)))
        opening = tx.follow_ups.opening(DAY)
    assert [row.reference for row in opening] == ["lcf-1", "lcf-2"]


def test_what_waits_for_a_person_is_cancelled_apart_from_what_is_kept(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, *(follow_up(f"lcf-{n}") for n in range(3)), follow_up("lcf-other", "P2"))
        ids = {row.reference: row.id for row in tx.follow_ups.listing()}
        tx.follow_ups.open(ids["lcf-0"])
        assert tx.follow_ups.cancel_person("sandbox", "P1", "The case closed.", NOW, {"lcf-1"}) == 1
        states = {row.reference: row.state.value for row in tx.follow_ups.listing()}
        cancelled = tx.follow_ups.get(ids["lcf-2"])
    assert states == {
        "lcf-0": "open",
        "lcf-1": "planned",
        "lcf-2": "cancelled",
        "lcf-other": "planned",
    }
    assert cancelled is not None
    assert cancelled.reason == "The case closed. (2026-03-25)"


def test_the_same_number_in_two_hosts_is_two_people(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        assert tx.follow_ups.cancel_person("mosaic", "P1", "The case closed.", NOW) == 0
        assert tx.follow_ups.listing(host="mosaic") == []
        assert len(tx.follow_ups.listing(host="sandbox", person_id="P1")) == 1


def test_its_texts_are_sealed(store: Store, tmp_path: Path) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
    for file in tmp_path.iterdir():
        assert b"Zephyrine" not in file.read_bytes()


def test_a_later_form_cancels_only_what_forms_of_its_type_asked_for(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up())
        tx.submissions.settle(submission, "processed", form_type="agreement", processed_at=NOW)
        cancel = tx.follow_ups.cancel_person
        assert cancel("sandbox", "P1", "Replaced.", NOW, form_type="assessment") == 0
        assert cancel("sandbox", "P1", "Replaced.", NOW, form_type="agreement") == 1


def test_those_of_a_submission_whose_day_has_come_become_effects_at_once(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up("lcf-1"), follow_up("lcf-2", opens_on=date(2026, 6, 2)))
        (row,) = tx.follow_ups.opening_for(submission, DAY)
        assert tx.follow_ups.opening_for("sub_other", DAY) == []
        assert tx.follow_ups.open_as_effect(row, tx.effects, NOW)
        assert not tx.follow_ups.open_as_effect(row, tx.effects, NOW)
        (owed,) = tx.effects.of_submission(submission)
    assert (owed.reference, owed.follow_up_id) == ("lcf-1", row.id)


def test_a_later_form_moves_a_task_that_waits_or_was_cancelled(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        tx.follow_ups.cancel_person("sandbox", "P1", "The case closed.", NOW)
        later = tx.submissions.keep("sandbox", "form-2", b"{}", NOW).submission_id
        moved = follow_up(opens_on=date(2027, 1, 1))
        assert tx.follow_ups.renew(later, moved)
        (row,) = tx.follow_ups.listing()
        assert tx.follow_ups.content(row.id) == moved
    assert (row.state, row.submission_id, row.reason) == (FollowUpState.PLANNED, later, "")
    assert row.opens_on == date(2027, 1, 1)


def test_a_task_in_an_inbox_is_not_made_to_wait_again(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up())
        (row,) = tx.follow_ups.listing()
        tx.follow_ups.open(row.id)
        assert not tx.follow_ups.renew(submission, follow_up(opens_on=date(2027, 1, 1)))
        assert not tx.follow_ups.renew(submission, follow_up("lcf-unheard-of"))


def test_one_task_of_a_person_is_cancelled_by_its_id(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        assert tx.follow_ups.cancel_task("sandbox", "P1", "T02", "Assessed.") == 0
        assert tx.follow_ups.cancel_task("sandbox", "P1", "T01", "Assessed.") == 1
