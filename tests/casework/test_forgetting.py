"""Answers are kept until the last follow-up ends; ids, dates and states stay."""

from datetime import date, timedelta

import pytest
from rounds_stage import HOST, PERSON, START, Council, agreement

from connector.casework.changing import Cause, closed_there, end
from connector.casework.forgetting import forget_the_ended
from connector.model import Effect, EffectKind
from connector.store import Transaction
from connector.store.follow_up_row import FollowUpState

PERSON_DIED = {"eventType": "PERSON_DECEASED", "eventDate": "13/10/2026 10:15", "personId": PERSON}


@pytest.fixture
def ended(council: Council) -> Council:
    """They have turned 21, the agreement has ended, and everything is done."""
    council.take(agreement())
    council.on(date(2028, 11, 2))
    for row in council.tasks_standing():
        with council.store.transaction() as tx:
            cause = Cause(row.submission_id, HOST, council.at)
            end(tx, cause, row, FollowUpState.DONE, "", done_on=date(2028, 11, 2))
    council.work()
    return council


def held(tx: Transaction) -> int:
    return len(tx.answers.of_person(HOST, PERSON))


def test_whoever_has_nothing_more_to_come_leaves_no_answers(ended: Council) -> None:
    assert forget_the_ended(ended.desk) == 1
    with ended.store.transaction() as tx:
        assert held(tx) == 0
        assert tx.persons.get(HOST, PERSON).facts == {}
        rows = tx.follow_ups.of_person(HOST, PERSON)
        assert rows
        assert all(tx.follow_ups.content(row.id) is None for row in rows)
        effects = [tx.effects.by_reference(row.reference) for row in rows]
        assert not any(tx.effects.content(each.id) for each in effects if each)


def test_whoever_has_a_task_that_stands_is_not_forgotten(council: Council) -> None:
    council.take(agreement())
    assert forget_the_ended(council.desk) == 0
    with council.store.transaction() as tx:
        assert held(tx) == 1


def test_an_agreement_in_force_is_kept_even_without_a_task(council: Council) -> None:
    council.take(agreement())
    for row in council.tasks_standing():
        with council.store.transaction() as tx:
            end(tx, Cause(row.submission_id, HOST, council.at), row, FollowUpState.CANCELLED, "-")
    council.work()
    council.later(days=90)
    assert forget_the_ended(council.desk) == 0


def test_a_write_that_is_owed_keeps_everything(ended: Council) -> None:
    with ended.store.transaction() as tx:
        (form,) = [each for each in tx.submissions.listing() if each.form_id]
        owed = Effect(EffectKind.CANCELLATION, "cancel", "lcf-1", PERSON, 1, {})
        tx.effects.add(form.id, HOST, owed, now=ended.at)
    assert forget_the_ended(ended.desk) == 0


def test_a_form_that_never_took_effect_is_kept_for_a_while(council: Council) -> None:
    council.take(agreement(managerAgreed="N"))
    for row in council.tasks_standing():
        with council.store.transaction() as tx:
            end(tx, Cause(row.submission_id, HOST, council.at), row, FollowUpState.DONE, "-")
    council.work()
    assert forget_the_ended(council.desk) == 0
    council.later(days=31)
    assert forget_the_ended(council.desk) == 1


def test_a_death_is_remembered_so_that_nobody_is_given_work(council: Council) -> None:
    council.take(agreement(dod="20/03/2026", completedDate="27/03/2026 14:05"))
    council.later(days=31)
    assert forget_the_ended(council.desk) == 1
    with council.store.transaction() as tx:
        assert held(tx) == 0
        assert set(tx.persons.get(HOST, PERSON).facts) == {"died_on"}


def test_a_death_that_was_told_lately_may_still_be_taken_back(council: Council) -> None:
    council.take(agreement())
    council.later(days=200)
    council.take(PERSON_DIED)
    council.later(days=29)
    assert forget_the_ended(council.desk) == 0
    council.later(days=2)
    assert forget_the_ended(council.desk) == 1


def test_texts_of_tasks_are_emptied_a_month_after_they_were_done(council: Council) -> None:
    council.take(agreement(localOfferGiven="N"))
    row = council.the("T03")
    with council.store.transaction() as tx:
        cause = Cause(row.submission_id, HOST, council.at)
        closed_there(tx, cause, row, FollowUpState.DONE, "", done_on=council.at.date())
    council.later(days=29)
    forget_the_ended(council.desk)
    with council.store.transaction() as tx:
        assert tx.follow_ups.content(row.id)
    council.later(days=3)
    forget_the_ended(council.desk)
    with council.store.transaction() as tx:
        assert tx.follow_ups.content(row.id) is None
        (waits,) = tx.follow_ups.listing(HOST, PERSON, task="T01")
        assert tx.follow_ups.content(waits.id)


def test_bodies_that_were_put_aside_are_emptied_after_the_same_time(council: Council) -> None:
    with council.store.transaction() as tx:
        tx.quarantine.keep(HOST, "d1", b"{}", START, "another body")
    forget_the_ended(council.desk)
    council.at = START + timedelta(days=31)
    with council.store.transaction() as tx:
        (aside,) = tx.quarantine.listing()
        assert tx.quarantine.body(aside.id) == b"{}"
    forget_the_ended(council.desk)
    with council.store.transaction() as tx:
        assert tx.quarantine.body(aside.id) is None
