"""Whom an import need not look for one by one."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from connector.people import Person
from connector.store import Store, Transaction

NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)


def told_of(tx: Transaction) -> None:
    tx.persons.keep("north", "P1", Person().told(NOW, worker_id="W1"), NOW)


def answered(tx: Transaction) -> None:
    kept = tx.submissions.keep("north", "d1", b"{}", NOW)
    sent = {"submission_id": kept.submission_id, "ordinal": 1, "kept_at": NOW}
    tx.answers.keep("north", "P1", "post_21_assessment", content={"values": {}}, **sent)


def imported_and_forgotten(tx: Transaction) -> None:
    kept = tx.submissions.keep("north", "d1", b"{}", NOW)
    tx.submissions.settle(kept.submission_id, "processed", processed_at=NOW, form_id="F1")


@pytest.mark.parametrize("met", [told_of, answered, imported_and_forgotten])
def test_somebody_of_whom_anything_is_kept_is_no_stranger(
    met: Callable[[Transaction], None], store: Store
) -> None:
    with store.transaction() as tx:
        met(tx)
        assert tx.lists.strangers("north", {"F1": "P1", "F2": "P2"}) == {"P2"}
        assert tx.lists.strangers("south", {"F1": "P1"}) == {"P1"}
