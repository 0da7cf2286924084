"""A look at the database holds nobody up and sees one moment of it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_once import store_in

from connector.errors import OutOfOrder
from connector.store import Store, Transaction

NOW = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as opened:
        yield opened


def keep(store: Store, delivery: str) -> None:
    with store.transaction() as tx:
        tx.submissions.keep("flat", delivery, b"{}", NOW)


def how_many(tx: Transaction) -> int:
    return sum(tx.counts.submissions().values())


def test_a_form_is_kept_while_somebody_looks_and_the_look_does_not_change(store: Store) -> None:
    keep(store, "d1")
    with store.looking() as look:
        assert how_many(look) == 1
        writer = threading.Thread(target=keep, args=(store, "d2"))
        writer.start()
        writer.join(timeout=4)
        assert not writer.is_alive()
        assert how_many(look) == 1
    with store.looking() as look:
        assert how_many(look) == 2


def test_a_look_is_had_while_somebody_writes(store: Store) -> None:
    with store.transaction() as tx:
        tx.submissions.keep("flat", "d1", b"{}", NOW)
        with store.looking() as look:
            assert how_many(look) == 0


def test_a_look_at_a_file_that_is_gone_is_an_outage(tmp_path: Path) -> None:
    file = tmp_path / "connector.db"
    with store_in(tmp_path) as store:
        if not file.exists():
            pytest.skip("this database is no file")
        file.rename(tmp_path / "away.db")
        with pytest.raises(OutOfOrder), store.looking():
            pass
