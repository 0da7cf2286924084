"""What is known of people beside their forms: facts, mergers, leavers, reopened forms, rounds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.people import Person
from connector.store import Store

NOW = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
HOST = "flat"


def test_nothing_is_known_of_somebody_new(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.persons.get(HOST, "1") == Person()
        assert tx.persons.looked_at(HOST, "1") is None
        assert tx.persons.current_id(HOST, "1") == "1"


def test_facts_come_back_with_their_day_and_their_source(store: Store) -> None:
    known = Person().told(NOW, "F1", worker_id="20931", restricted=True, died_on=None)
    with store.transaction() as tx:
        tx.persons.keep(HOST, "1", known, NOW)
    with store.transaction() as tx:
        assert tx.persons.get(HOST, "1") == known
        assert tx.persons.get("mosaic", "1") == Person()


def test_when_the_host_was_asked_last_stays_known_until_it_is_asked_again(store: Store) -> None:
    with store.transaction() as tx:
        tx.persons.look(HOST, "1", NOW)
        tx.persons.keep(HOST, "1", Person(), LATER)
        assert tx.persons.looked_at(HOST, "1") == NOW
        tx.persons.look(HOST, "1", LATER)
        assert tx.persons.looked_at(HOST, "1") == LATER


def test_what_is_known_of_a_person_is_sealed(store: Store, database: Path) -> None:
    with store.transaction() as tx:
        tx.persons.keep(HOST, "1", Person().told(NOW, worker_name="Zephyrine"), NOW)
    for file in database.parent.iterdir():
        assert b"Zephyrine" not in file.read_bytes()


def test_a_merged_record_is_the_one_that_remains_however_often_it_was_merged(
    store: Store,
) -> None:
    with store.transaction() as tx:
        tx.persons.merge(HOST, "1", "2", NOW)
        tx.persons.merge(HOST, "2", "3", LATER)
        assert [tx.persons.current_id(HOST, each) for each in ("1", "2", "3")] == ["3"] * 3
        assert tx.persons.current_id("mosaic", "1") == "1"


def test_records_merged_in_a_circle_do_not_go_round_for_ever(store: Store) -> None:
    with store.transaction() as tx:
        tx.persons.merge(HOST, "1", "2", NOW)
        tx.persons.merge(HOST, "2", "1", LATER)
        assert tx.persons.current_id(HOST, "1") in {"1", "2"}


def test_a_merger_leaves_nothing_of_the_record_that_is_gone_and_outlives_new_facts(
    store: Store,
) -> None:
    with store.transaction() as tx:
        tx.persons.keep(HOST, "1", Person().told(NOW, worker_id="20931"), NOW)
        tx.persons.look(HOST, "1", NOW)
        tx.persons.merge(HOST, "1", "2", NOW)
        assert tx.persons.get(HOST, "1") == Person()
        assert tx.persons.looked_at(HOST, "1") is None
        tx.persons.keep(HOST, "1", Person().told(LATER, team_id="311"), LATER)
        assert tx.persons.current_id(HOST, "1") == "2"


def test_a_person_is_forgotten_and_a_merger_stays_known(store: Store) -> None:
    known = Person().told(NOW, worker_id="20931")
    with store.transaction() as tx:
        tx.persons.keep(HOST, "2", known, NOW)
        tx.persons.keep(HOST, "3", known, NOW)
        tx.persons.merge(HOST, "1", "2", NOW)
        for each in ("1", "2"):
            tx.persons.forget(HOST, each)
        assert tx.persons.get(HOST, "2") == Person()
        assert tx.persons.get(HOST, "3") == known
        assert tx.persons.current_id(HOST, "1") == "2"


def test_a_leaver_is_gone_from_this_host_until_they_are_back(store: Store) -> None:
    with store.transaction() as tx:
        for _ in range(2):
            tx.persons.worker_left(HOST, "20931", NOW)
        assert tx.persons.has_left(HOST, "20931")
        assert not tx.persons.has_left("mosaic", "20931")
        assert not tx.persons.has_left(HOST, "20932")
        assert tx.persons.worker_is_back(HOST, "20931", LATER)
        assert not tx.persons.has_left(HOST, "20931")
        assert not tx.persons.worker_is_back(HOST, "20931", LATER)


def test_an_older_word_of_a_leaver_does_not_bring_them_back(store: Store) -> None:
    with store.transaction() as tx:
        tx.persons.worker_left(HOST, "20931", LATER)
        assert not tx.persons.worker_is_back(HOST, "20931", NOW)
        assert tx.persons.has_left(HOST, "20931")


def test_a_form_may_be_opened_again_and_completed_more_than_once(store: Store) -> None:
    with store.transaction() as tx:
        for moment in (NOW, LATER):
            tx.persons.freeze(HOST, "F1", moment)
        tx.persons.thaw(HOST, "F2")
        assert tx.persons.is_frozen(HOST, "F1")
        tx.persons.thaw(HOST, "F1")
        assert not tx.persons.is_frozen(HOST, "F1")
        tx.persons.thaw(HOST, "F1")


@pytest.mark.parametrize("host", ["flat", ""])
def test_a_round_is_remembered_by_host_and_name_with_what_it_found(store: Store, host: str) -> None:
    with store.transaction() as tx:
        assert tx.persons.last_round(host, "sweep") is None
        assert tx.persons.rounds("sweep") == {}
        tx.persons.round_made(host, "sweep", NOW, found=3)
        tx.persons.round_made(host, "sweep", LATER)
        tx.persons.round_made("mosaic", "sweep", NOW, found=2)
        tx.persons.round_made(host, "nightly check", NOW, found=7)
        assert tx.persons.last_round(host, "sweep") == LATER
        assert tx.persons.rounds("sweep") == {host: 0, "mosaic": 2}
