"""The ledger by itself: order, leases, fences and what is written down of each try."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from made_once import store_in
from what_is_due import due

from connector.model import Effect, EffectKind
from connector.store import Store, Transaction
from connector.store.effect_row import EffectRow, EffectState, Resolution, TryKind, Turn

NOW = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as opened:
        yield opened


def task(reference: str, position: int = 1, person_id: str = "P1") -> Effect:
    content = {"title": "Ring Zephyrine", "days": [1, 2]}
    return Effect(EffectKind.TASK, f"task {reference}", reference, person_id, position, content)


def outcome(reference: str, person_id: str = "P1") -> Effect:
    return Effect(EffectKind.OUTCOME, "outcome", reference, person_id, 0, {"line": "Open."})


def owe(tx: Transaction, *effects: Effect, form: str = "form-1", at: datetime = NOW) -> str:
    submission = tx.submissions.keep("sandbox", form, b"{}", at).submission_id
    for each in effects:
        tx.effects.add(submission, "sandbox", each, now=at)
    return submission


def claimed(tx: Transaction, *effects: Effect) -> EffectRow:
    (row, *_) = tx.effects.of_submission(owe(tx, *effects or [task("lcf-1")]))
    taken = tx.effects.claim(row.id, "worker", LATER, NOW)
    assert taken is not None
    return taken


def turn(state: EffectState, **over: Any) -> Turn:
    return Turn(TryKind.SEND, state, NOW, NOW, **over)


def test_a_reference_is_owed_once_whichever_form_asks_for_it(store: Store) -> None:
    with store.transaction() as tx:
        first = owe(tx, task("lcf-1"))
        again = tx.submissions.keep("sandbox", "form-2", b"{}", NOW).submission_id
        assert not tx.effects.add(again, "sandbox", task("lcf-1"), now=NOW)
        assert len(tx.effects.of_submission(first)) == 1
        assert tx.effects.of_submission(again) == []


def test_what_is_due_comes_oldest_form_first_and_in_the_order_of_writing(store: Store) -> None:
    with store.transaction() as tx:
        owe(tx, task("lcf-3", 2), task("lcf-2", 1), form="new", at=NOW + timedelta(seconds=1))
        owe(tx, task("lcf-1", 9), form="old")
        assert [row.reference for row in due(tx, "sandbox", NOW)] == ["lcf-1", "lcf-2", "lcf-3"]
        assert len(due(tx, "sandbox", NOW, limit=2)) == 2


def test_an_effect_is_not_due_before_its_time(store: Store) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        tx.effects.record(row, turn(EffectState.PLANNED, not_before=LATER))
        assert due(tx, "sandbox", LATER - timedelta(microseconds=1)) == []
        assert [each.id for each in due(tx, "sandbox", LATER)] == [row.id]


def test_nothing_of_a_host_that_is_down_is_due(store: Store) -> None:
    with store.transaction() as tx:
        owe(tx, task("lcf-1"))
        tx.host_states.failed("sandbox")
        tx.host_states.leave_alone("sandbox", LATER)
        assert due(tx, "sandbox", NOW) == []
        assert len(due(tx, "sandbox", LATER)) == 1
        tx.host_states.answered("sandbox")
        assert len(due(tx, "sandbox", NOW)) == 1


def test_a_claimed_effect_is_nobody_elses_until_the_lease_runs_out(store: Store) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        assert (row.fence, row.lease_owner, row.lease_until) == (1, "worker", LATER)
        assert tx.effects.claim(row.id, "other", LATER, NOW) is None
        assert due(tx, "sandbox", NOW) == []
        taken = tx.effects.claim(row.id, "other", LATER, LATER)
        assert taken is not None
        assert taken.fence == 2


def test_a_later_effect_waits_until_the_one_before_it_has_been_started(store: Store) -> None:
    with store.transaction() as tx:
        first, second = tx.effects.of_submission(owe(tx, task("lcf-1", 1), task("lcf-2", 2)))
        assert tx.effects.claim(second.id, "worker", LATER, NOW) is None
        started = tx.effects.claim(first.id, "worker", LATER, NOW)
        assert started is not None
        assert tx.effects.claim(second.id, "worker", LATER, NOW) is None
        sending = tx.effects.intend(started, LATER, NOW)
        assert sending is not None
        assert tx.effects.claim(second.id, "worker", LATER, NOW) is None
        tx.effects.record(sending, turn(EffectState.UNKNOWN, not_before=LATER))
        assert tx.effects.claim(second.id, "worker", LATER, NOW) is not None


def test_of_one_person_one_write_at_a_time_is_in_anybodys_hands(store: Store) -> None:
    with store.transaction() as tx:
        first = claimed(tx, task("lcf-1"))
        (other,) = tx.effects.of_submission(owe(tx, task("lcf-2"), form="form-2"))
        (another,) = tx.effects.of_submission(owe(tx, task("lcf-3", 1, "P2"), form="form-3"))
        assert tx.effects.claim(other.id, "worker", LATER, NOW) is None
        assert tx.effects.claim(another.id, "worker", LATER, NOW) is not None
        tx.effects.release(first)
        assert tx.effects.claim(other.id, "worker", LATER, NOW) is not None


def test_a_person_is_free_again_when_the_lease_of_a_dead_worker_has_run_out(store: Store) -> None:
    with store.transaction() as tx:
        claimed(tx, task("lcf-1"))
        (other,) = tx.effects.of_submission(owe(tx, task("lcf-2"), form="form-2"))
        assert tx.effects.claim(other.id, "worker", LATER + timedelta(hours=1), LATER) is not None


@pytest.mark.parametrize("state", [EffectState.PARKED, EffectState.UNKNOWN])
def test_one_that_is_parked_or_unknown_holds_up_nobody(store: Store, state: EffectState) -> None:
    with store.transaction() as tx:
        first = claimed(tx, task("lcf-1", 1), task("lcf-2", 2))
        tx.effects.record(first, turn(state, not_before=LATER))
        (second,) = due(tx, "sandbox", NOW)
        assert tx.effects.claim(second.id, "worker", LATER, NOW) is not None


@pytest.mark.parametrize(
    ("state", "waits"),
    [(EffectState.UNKNOWN, True), (EffectState.PARKED, False), (EffectState.CONFIRMED, False)],
)
def test_an_outcome_never_overtakes_an_older_one_of_the_person(
    store: Store, state: EffectState, waits: bool
) -> None:
    with store.transaction() as tx:
        older = claimed(tx, outcome("lcf-1"))
        tx.effects.record(older, turn(state))
        (newer,) = tx.effects.of_submission(owe(tx, outcome("lcf-2"), form="form-2", at=LATER))
        (another,) = tx.effects.of_submission(
            owe(tx, outcome("lcf-3", person_id="P2"), form="form-3", at=LATER)
        )
        assert (tx.effects.claim(newer.id, "worker", LATER, LATER) is None) is waits
        assert tx.effects.claim(another.id, "worker", LATER, LATER)


def test_persons_on_one_form_do_not_wait_for_each_other(store: Store) -> None:
    with store.transaction() as tx:
        rows = tx.effects.of_submission(owe(tx, task("lcf-1", 1), task("lcf-2", 2, "P2")))
        assert tx.effects.claim(rows[1].id, "worker", LATER, NOW) is not None


def test_a_stale_fence_changes_nothing(store: Store) -> None:
    with store.transaction() as tx:
        stale = claimed(tx)
        current = tx.effects.claim(stale.id, "other", LATER + timedelta(minutes=1), LATER)
        assert current is not None
        assert tx.effects.intend(stale, LATER, NOW) is None
        assert not tx.effects.record(stale, turn(EffectState.CONFIRMED, remote_id="H9"))
        assert tx.effects.get(stale.id) == current
        assert tx.effects.attempts(stale.id) == []


def test_an_intent_is_never_made_twice_with_one_claim(store: Store) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        assert tx.effects.intend(row, LATER, NOW) is not None
        assert tx.effects.intend(row, LATER, NOW) is None


def test_the_intent_is_what_the_database_holds(store: Store) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        assert tx.effects.intend(row, LATER, NOW) == tx.effects.get(row.id)


def test_a_lease_that_ran_out_while_sending_makes_the_effect_unknown(store: Store) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        tx.effects.intend(row, LATER, NOW)
        assert tx.effects.expire(LATER - timedelta(seconds=1)) == 0
        assert tx.effects.expire(LATER) == 1
        assert not tx.effects.record(row, turn(EffectState.CONFIRMED))
        lost = tx.effects.get(row.id)
        assert lost is not None
        assert (lost.state, lost.last_sent, lost.not_before) == (EffectState.UNKNOWN, LATER, LATER)
        (tried,) = tx.effects.attempts(row.id)
        assert tried["message"] == "The worker stopped while this was being sent."
        assert (tried["started_at"], tried["ended_at"]) == (NOW, LATER)


def test_a_new_worker_takes_everything_from_the_one_that_died(store: Store) -> None:
    with store.transaction() as tx:
        sending = claimed(tx, task("lcf-1"), task("lcf-2", 2, "P2"))
        tx.effects.intend(sending, LATER, NOW)
        (waiting,) = due(tx, "sandbox", NOW)
        tx.effects.claim(waiting.id, "dead", LATER, NOW)
        assert due(tx, "sandbox", NOW) == []
        assert tx.effects.take_over(NOW) == 1
        states = {row.reference: row.state for row in due(tx, "sandbox", NOW)}
        assert states == {"lcf-1": EffectState.UNKNOWN, "lcf-2": EffectState.PLANNED}
        assert tx.effects.take_over(NOW) == 0


def test_every_try_is_kept_in_order_without_payload(store: Store) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        tx.effects.record(row, turn(EffectState.PLANNED, message="Busy.", http_status=429))
        again = tx.effects.claim(row.id, "worker", LATER, NOW)
        assert again is not None
        tx.effects.record(again, turn(EffectState.CONFIRMED, remote_id="H1"))
        tries = tx.effects.attempts(row.id)
    assert [(each["n"], each["result"], each["http_status"]) for each in tries] == [
        (1, "planned", 429),
        (2, "confirmed", None),
    ]
    assert "Zephyrine" not in str(tries)


@pytest.mark.parametrize(
    ("resolution", "state", "settled"),
    [
        (Resolution.THERE, EffectState.CONFIRMED, LATER),
        (Resolution.AGAIN, EffectState.PLANNED, None),
    ],
)
def test_a_person_settles_what_is_parked(
    store: Store, resolution: Resolution, state: EffectState, settled: datetime | None
) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        tx.effects.intend(row, LATER, NOW)
        tx.effects.record(row, turn(EffectState.PARKED, message="No such person."))
        assert tx.effects.resolve(row.id, resolution, LATER)
        after = tx.effects.get(row.id)
        assert after is not None
        assert (after.state, after.settled_at, after.fence) == (state, settled, 2)
        last = tx.effects.attempts(row.id)[-1]
        assert (last["kind"], last["message"]) == (
            "resolve",
            f"A person settled this: {resolution.value}.",
        )


def test_only_what_is_parked_can_be_settled_by_a_person(store: Store) -> None:
    with store.transaction() as tx:
        row = claimed(tx)
        assert not tx.effects.resolve(row.id, Resolution.AGAIN, NOW)
        assert not tx.effects.resolve("eff_unheard_of", Resolution.THERE, NOW)


def test_the_content_is_sealed_and_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    with store.transaction() as tx:
        (row,) = tx.effects.of_submission(owe(tx, task("lcf-1")))
        assert tx.effects.content(row.id) == {"title": "Ring Zephyrine", "days": [1, 2]}
    for file in tmp_path.iterdir():
        assert b"Zephyrine" not in file.read_bytes()
