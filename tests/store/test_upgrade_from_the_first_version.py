"""A database of the first version is brought up to date with every row kept and readable.

On SQLite, where the first version lived, and its rows in PostgreSQL tables of that version alike.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from first_version_database import FORM, HOST, PERSON, FirstVersion
from kept_tasks import DAY, DUE, NOW, follow_up
from servers import postgres_database
from sqlalchemy import text

from connector.errors import SetupProblem
from connector.model import Inbox
from connector.plan import again, period_key, reference
from connector.store import Store
from connector.store.database import open_database
from connector.store.effect_row import EffectState
from connector.store.follow_up_row import FollowUpRow, FollowUpState
from connector.store.upgrade import upgrade
from connector.vault import Vault, new_key_text

CALL = "call the gp"


def ours(task: str, key: str) -> str:
    return reference(HOST, PERSON, task, key)


def once_more(first: str) -> str:
    return reference(first, "once more")


@pytest.fixture
def keys() -> str:
    return new_key_text()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'connector.db'}"
    else:
        with postgres_database() as address:
            yield address


@pytest.fixture
def upgraded(url: str, keys: str) -> Iterator[Store]:
    """The first version's database, opened by this one."""
    vault = Vault.from_text(keys)
    database = open_database(url)
    with database.alone() as connection:
        upgrade(connection, "0001")
        old = FirstVersion(connection, vault)
        old.insert(
            "key_check",
            key_id=vault.current,
            canary=old.seal(b"sealed by the connector", f"key_check/{vault.current}/canary"),
        )
        old.form("sub_1", "F1")
        old.form("sub_nameless", None)
        call = ours("T20", f"F1/{CALL}")
        old.task("fup_t26", "T26", "sub_1", ours("T26", "F1"), state="open")
        old.task("fup_t21", "T21", "sub_1", ours("T21", "F1"), state="cancelled")
        old.task("fup_t21b", "T21", "sub_1", once_more(ours("T21", "F1")))
        old.task("fup_call", "T20", "sub_1", call, occurrence=CALL, state="cancelled")
        old.task("fup_call2", "T20", "sub_1", once_more(call), occurrence=CALL, created_at=LATER)
        old.task("fup_bank", "T20", "sub_1", ours("T20", "F1/bank"), occurrence="bank")
        old.task("fup_t10", "T10", "sub_1", ours("T10", ""))
        old.task("fup_t35", "T35", "sub_nameless", ours("T35", "sub_nameless"))
        lost = Vault.from_text(new_key_text())
        sealed = lost.seal(b"{}", "follow_up/fup_lost/content")
        old.task("fup_lost", "T20", "sub_1", "lcf-lost", occurrence="lost", content=sealed)
        old.effect()
        old.everything_else()
    database.close()
    with Store.open(url, vault) as store:
        yield store


LATER = datetime(2026, 3, 26, tzinfo=NOW.tzinfo).isoformat(timespec="microseconds")


def rows(store: Store) -> dict[str, FollowUpRow]:
    with store.transaction() as tx:
        return {row.id: row for row in tx.follow_ups.listing()}


def test_every_form_is_kept_with_its_body_and_its_words(upgraded: Store) -> None:
    with upgraded.transaction() as tx:
        found = tx.submissions.get("sub_1")
        assert found is not None
        assert (found.state, found.form_id, found.event, found.not_before) == (
            "processed",
            "F1",
            None,
            None,
        )
        assert tx.submissions.body("sub_1") == b"{}"
        assert tx.submissions.line("sub_1") == "The case stays open."
        assert [each.version for each in tx.submissions.revisions(HOST, "F1")] == ["1"]
        assert len(tx.submissions.listing()) == 2


@pytest.mark.faults("G5")
def test_every_write_is_kept_with_its_tries_and_its_document(upgraded: Store) -> None:
    with upgraded.transaction() as tx:
        effect = tx.effects.by_reference("lcf-t26")
        assert effect is not None
        assert (effect.state, effect.remote_id) == (EffectState.CONFIRMED, "H1")
        assert tx.effects.content("eff_1") == {"title": "Call"}
        assert [each["result"] for each in tx.effects.attempts("eff_1")] == ["confirmed"]
        assert tx.effects.by_remote_id(HOST, "H1") == effect
        document = tx.documents.get("eff_1")
    assert document is not None
    assert document.content == b"%PDF"


def test_answers_quarantine_and_signs_of_life_are_kept(upgraded: Store) -> None:
    with upgraded.transaction() as tx:
        held = tx.answers.get(HOST, PERSON, FORM)
        assert held is not None
        assert (held.content["status"], held.turns_on) == ("open", None)
        assert list(tx.answers.listing(HOST, FORM)) == [held]
        assert tx.quarantine.body("qua_1") == b"[]"
        beat = tx.heartbeats.latest("worker")
        assert beat is not None
        assert beat.at == NOW


def test_nobody_is_known_yet_but_by_their_forms(upgraded: Store) -> None:
    with upgraded.transaction() as tx:
        assert tx.persons.get(HOST, PERSON).facts == {}
        assert tx.persons.current_id(HOST, PERSON) == PERSON
        assert tx.persons.last_round(HOST, "sweep") is None


def test_a_follow_up_knows_its_form_its_role_and_whose_inbox_it_is_in(upgraded: Store) -> None:
    row = rows(upgraded)["fup_t26"]
    assert (row.form_type, row.form_id, row.period_key) == (FORM, "F1", "F1")
    assert (row.role, row.inbox, row.assignee) == (Inbox.MANAGER, Inbox.MANAGER, "30007")
    assert (row.state, row.opens_on, row.scheduled_for) == (FollowUpState.OPEN, DAY, DUE)
    assert (row.done_on, row.counted_from, row.replaced_by) == (None, None, None)
    assert row.asked_at == NOW


def test_its_texts_open_and_it_goes_on_under_its_period(upgraded: Store) -> None:
    with upgraded.transaction() as tx:
        planned = tx.follow_ups.content("fup_t26")
    assert planned is not None
    assert (planned.task.text, planned.task.role, planned.task.due_on) == (
        "Ring them.",
        Inbox.MANAGER,
        DUE,
    )
    assert (planned.period_key, planned.form_type, planned.form_id) == ("F1", FORM, "F1")
    assert again(planned, 2).period_key == "F1~2"


def test_an_action_is_the_one_its_form_asks_for_when_it_is_completed_again(
    upgraded: Store,
) -> None:
    bank = follow_up("lcf-other", task="T20", occurrence="bank")
    row = rows(upgraded)["fup_bank"]
    assert row.period_key == period_key("F1", bank.task)
    with upgraded.transaction() as tx:
        tx.follow_ups.renew(row, "sub_1", bank)
        planned = tx.follow_ups.content(row.id)
    assert planned is not None
    assert planned.reference == planned.effect.reference == row.reference


def test_one_taken_back_and_asked_again_is_of_the_same_period(upgraded: Store) -> None:
    found = rows(upgraded)
    for pair in (("fup_t21", "fup_t21b"), ("fup_call", "fup_call2")):
        keys = [found[each].period_key for each in pair]
        assert len(set(keys)) == 2
        assert len({key.partition("~")[0] for key in keys}) == 1


def test_what_comes_once_in_a_life_belongs_to_no_form(upgraded: Store) -> None:
    assert rows(upgraded)["fup_t10"].period_key == ""


def test_a_form_without_an_id_is_known_by_its_delivery(upgraded: Store) -> None:
    row = rows(upgraded)["fup_t35"]
    assert (row.form_id, row.period_key) == ("sub_nameless", "sub_nameless")


def test_one_whose_key_is_lost_stays_known_by_its_reference(upgraded: Store) -> None:
    row = rows(upgraded)["fup_lost"]
    assert (row.period_key, row.state) == ("lcf-lost", FollowUpState.PLANNED)


def test_what_waits_opens_on_its_day(upgraded: Store) -> None:
    with upgraded.transaction() as tx:
        opening = {row.id for row in tx.follow_ups.opening(DAY)}
        assert tx.follow_ups.opening(date(2026, 5, 31)) == []
    assert opening == {"fup_t21b", "fup_call2", "fup_bank", "fup_t10", "fup_t35", "fup_lost"}


def test_starting_again_changes_nothing(upgraded: Store) -> None:
    before = rows(upgraded)
    upgraded.upgrade()
    assert rows(upgraded) == before


@pytest.mark.faults("G5")
def test_what_a_newer_version_wrote_is_refused_and_left_as_it_is(
    upgraded: Store, url: str, keys: str
) -> None:
    before = rows(upgraded)
    with upgraded.database.alone() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupProblem, match="newer version"):
        Store.open(url, Vault.from_text(keys))
    assert rows(upgraded) == before
