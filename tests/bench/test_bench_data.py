"""What the benchmark measures with: data that the product itself reads."""

from datetime import date
from pathlib import Path

from bench.in_scope import EVENING, HOST, NIGHT, Answering, desk_at
from bench.in_scope import fill as fill_with_people
from bench.people import people_file
from bench.stored import DAY, fill
from connector.casework.gaps import people_with_gaps
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


def test_whoever_is_in_scope_can_be_looked_over_and_some_lack_a_next_step(tmp_path: Path) -> None:
    vault = Vault.from_text(new_key_text())
    fill_with_people(tmp_path / "data", vault, 1200)
    with Store.open(f"sqlite:///{tmp_path}/data/connector.db", vault) as store:
        desk = desk_at(store, NIGHT, Answering())
        with store.transaction() as tx:
            people = tx.answers.people(HOST, limit=2000)
            assert len(people) == 1200
            assert tx.follow_ups.unseen(HOST, EVENING, limit=1)
        assert len(list(people_with_gaps(desk, HOST))) == 1
