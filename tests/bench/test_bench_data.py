"""What the benchmark measures with: data that the product itself reads."""

from datetime import date
from pathlib import Path

from bench.people import people_file
from bench.stored import DAY, fill
from connector.casework.import_file import rows_of
from connector.casework.import_rows import Row
from connector.store import Store
from connector.vault import Vault, new_key_text


def test_as_many_are_due_as_was_asked_for_and_each_opens(tmp_path: Path) -> None:
    vault = Vault.from_text(new_key_text())
    fill(tmp_path / "data", vault, stored=50, due=5)
    with (
        Store.open(f"sqlite:///{tmp_path}/data/connector.db", vault) as store,
        store.transaction() as tx,
    ):
        rows = tx.follow_ups.listing()
        assert len(rows) == 50
        assert len(tx.follow_ups.opening(DAY)) == 5
        assert all(tx.follow_ups.content(row.id) for row in rows)


def test_every_row_of_the_made_up_file_can_be_imported(tmp_path: Path) -> None:
    today = date(2026, 11, 21)
    people_file(tmp_path / "people.csv", 30, today)
    read = list(rows_of(tmp_path / "people.csv", today))
    assert len(read) == 30
    assert all(isinstance(each, Row) for each in read)
