"""After a backup was put back: what may have been sent since is looked for first (G9)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kept_tasks import NOW, follow_up
from made_once import store_in
from what_is_due import due

from connector.model import Effect, EffectKind
from connector.store import Store, Transaction
from connector.store.effect_row import EffectRow, EffectState, TryKind, Turn
from connector.store.restorations import IN_DOUBT, SLIGHTLY, WATCHFUL, enter_restored_mode
from connector.vault import Vault

pytestmark = pytest.mark.faults("G9")

BACKUP = NOW
RESTORED = NOW + timedelta(days=1)
LATER = RESTORED + timedelta(days=1)
MUCH_LATER = RESTORED + WATCHFUL + timedelta(days=1)
CHANGES = (EffectKind.CANCELLATION, EffectKind.REASSIGNMENT, EffectKind.UPDATE)


def an_effect(kind: EffectKind, reference: str = "lcf-1") -> Effect:
    return Effect(kind, kind.value, reference, "P1", 1, {"title": "Ring them"})


def form(tx: Transaction, completed_at: datetime | None, received_at: datetime = LATER) -> str:
    kept = tx.submissions.keep("flat", f"d{received_at}{completed_at}", b"{}", received_at)
    tx.submissions.completed(kept.submission_id, completed_at)
    return kept.submission_id


@pytest.fixture
def restore(store: Store) -> Callable[[], int]:
    """Go into restored mode, as `connector restore` does at the end."""

    def enter() -> int:
        with store.database.alone() as connection:
            return enter_restored_mode(connection, BACKUP, RESTORED)

    return enter


def owed(
    store: Store,
    kind: EffectKind,
    completed_at: datetime | None,
    now: datetime = LATER,
    received_at: datetime = LATER,
) -> EffectRow:
    with store.transaction() as tx:
        submission = form(tx, completed_at, received_at)
        assert tx.effects.add(submission, "flat", an_effect(kind), now=now)
        return tx.effects.of_submission(submission)[0]


@pytest.mark.parametrize("state", [EffectState.PLANNED, EffectState.INTENT, EffectState.UNKNOWN])
def test_whatever_was_owed_at_the_backup_is_looked_for_twice_before_it_is_sent(
    state: EffectState, store: Store, restore: Callable[[], int]
) -> None:
    row = owed(store, EffectKind.TASK, NOW, now=NOW)
    with store.transaction() as tx:
        claimed = tx.effects.claim(row.id, "dead", NOW + timedelta(hours=1), NOW)
        assert claimed is not None
        if state is not EffectState.PLANNED:
            claimed = tx.effects.intend(claimed, NOW + timedelta(hours=1), NOW)
            assert claimed is not None
        if state is EffectState.UNKNOWN:
            tx.effects.record(claimed, Turn(TryKind.SEND, state, NOW, NOW, not_before=LATER))
    assert restore() == 1
    with store.transaction() as tx:
        now = tx.effects.get(row.id)
        assert now is not None
        assert [each.id for each in due(tx, "flat", RESTORED)] == [row.id]
    assert (now.state, now.misses, now.last_sent) == (EffectState.UNKNOWN, 0, RESTORED)
    assert (now.attempts, now.first_sent, now.reason) == (0, None, IN_DOUBT)
    assert now.fence > claimed.fence


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_a_task_is_harmless_twice_and_stays_planned(
    kind: EffectKind, store: Store, restore: Callable[[], int]
) -> None:
    row = owed(store, kind, NOW, now=NOW)
    assert restore() == 0
    with store.transaction() as tx:
        kept = tx.effects.get(row.id)
    assert kept is not None
    assert kept.state is EffectState.PLANNED


def test_what_is_settled_or_parked_stays_as_it_was(
    store: Store, restore: Callable[[], int]
) -> None:
    row = owed(store, EffectKind.TASK, NOW, now=NOW)
    with store.transaction() as tx:
        claimed = tx.effects.claim(row.id, "worker", LATER, NOW)
        assert claimed is not None
        tx.effects.record(claimed, Turn(TryKind.SEND, EffectState.PARKED, NOW, NOW, "Refused."))
    assert restore() == 0
    with store.transaction() as tx:
        parked = tx.effects.get(row.id)
    assert parked is not None
    assert (parked.state, parked.reason) == (EffectState.PARKED, "Refused.")


def test_without_a_restoration_everything_new_is_planned(store: Store) -> None:
    assert owed(store, EffectKind.OUTCOME, None).state is EffectState.PLANNED


@pytest.mark.parametrize(
    ("completed_at", "now", "state"),
    [
        pytest.param(BACKUP, LATER, "unknown", id="completed before the backup"),
        pytest.param(RESTORED - timedelta(hours=1), LATER, "unknown", id="completed in between"),
        pytest.param(RESTORED - timedelta(hours=1), MUCH_LATER, "unknown", id="sent late"),
        pytest.param(RESTORED + timedelta(hours=1), LATER, "unknown", id="by a clock that is off"),
        pytest.param(None, LATER, "unknown", id="completed nobody knows when"),
        pytest.param(RESTORED + timedelta(hours=3), LATER, "planned", id="completed afterwards"),
    ],
)
def test_a_record_is_looked_into_where_the_form_may_have_been_read_before(
    completed_at: datetime | None,
    now: datetime,
    state: str,
    store: Store,
    restore: Callable[[], int],
) -> None:
    restore()
    assert owed(store, EffectKind.OUTCOME, completed_at, now).state.value == state


def test_a_form_without_a_moment_is_new_once_the_month_is_over(
    store: Store, restore: Callable[[], int]
) -> None:
    restore()
    row = owed(store, EffectKind.OUTCOME, None, MUCH_LATER, received_at=MUCH_LATER)
    assert row.state is EffectState.PLANNED


def opened(
    store: Store, opens_on: date, made_at: datetime, completed_at: datetime, now: datetime
) -> EffectRow:
    with store.transaction() as tx:
        submission = form(tx, completed_at)
        planned = follow_up("T26", opens_on=opens_on)
        assert tx.follow_ups.plan(submission, "flat", planned, made_at)
        row = tx.follow_ups.listing()[0]
        tx.effects.add(submission, "flat", planned.effect, now=now, follow_up_id=row.id)
        return tx.effects.of_submission(submission)[0]


def day(at: datetime, days: int = 0) -> date:
    return (at + timedelta(days=days)).date()


NEW = RESTORED + timedelta(hours=5)


@pytest.mark.parametrize(
    ("opens_on", "made_at", "completed_at", "now", "begins"),
    [
        pytest.param(day(RESTORED), NOW, NOW, LATER, IN_DOUBT, id="its day came in between"),
        pytest.param(day(RESTORED), NOW, NOW, MUCH_LATER, IN_DOUBT, id="so, opened much later"),
        pytest.param(day(LATER), LATER, NOW, LATER, IN_DOUBT, id="its form came in between"),
        pytest.param(day(LATER, 9), NOW, NOW, LATER, SLIGHTLY, id="its day was still to come"),
        pytest.param(day(LATER), LATER, NEW, LATER, SLIGHTLY, id="a new form asks for it"),
        pytest.param(day(MUCH_LATER), NOW, NOW, MUCH_LATER, "", id="its day comes much later"),
        pytest.param(day(MUCH_LATER), MUCH_LATER, NEW, MUCH_LATER, "", id="a new form much later"),
    ],
)
def test_a_task_is_looked_for_where_it_may_have_been_opened_before(
    opens_on: date,
    made_at: datetime,
    completed_at: datetime,
    now: datetime,
    begins: str,
    store: Store,
    restore: Callable[[], int],
) -> None:
    restore()
    row = opened(store, opens_on, made_at, completed_at, now)
    known: dict[str, tuple[Any, ...]] = {
        IN_DOUBT: (EffectState.UNKNOWN, 0, RESTORED),
        SLIGHTLY: (EffectState.UNKNOWN, 1, RESTORED),
        "": (EffectState.PLANNED, 0, None),
    }
    assert (row.reason, row.state, row.misses, row.last_sent) == (begins, *known[begins])


def test_a_second_restoration_within_a_month_remembers_the_first_backup(
    store: Store, restore: Callable[[], int]
) -> None:
    restore()
    again = RESTORED + timedelta(days=20)
    with store.database.alone() as connection:
        enter_restored_mode(connection, again - timedelta(minutes=1), again)
    made = again + timedelta(hours=1)
    row = opened(store, day(again, 15), made, NOW, again + timedelta(days=15))
    assert row.reason == IN_DOUBT


def test_what_is_sent_again_has_the_ids_it_had(tmp_path: Path, vault: Vault) -> None:
    seen = []
    for name in ("lost", "new"):
        folder = tmp_path / name
        folder.mkdir()
        with store_in(folder, vault) as opened_store, opened_store.transaction() as tx:
            kept = tx.submissions.keep("flat", "d1", b"{}", NOW)
            tx.follow_ups.plan(kept.submission_id, "flat", follow_up("T26"), NOW)
            tx.effects.add(kept.submission_id, "flat", an_effect(EffectKind.DOCUMENT), now=NOW)
            effects = tx.effects.of_submission(kept.submission_id)
            seen.append((kept.submission_id, tx.follow_ups.listing()[0].id, effects[0].id))
    assert seen[0] == seen[1]
