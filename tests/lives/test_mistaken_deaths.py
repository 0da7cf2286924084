"""A death that was told by mistake is taken back: what their forms ask for is planned again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from life_forms import payload_of
from person_register import PersonRegister, record
from short_life import HOST, ShortLife

from connector.casework import Desk
from connector.casework.refreshing import look_at_deaths
from connector.errors import NotSent

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


@pytest.fixture
def in_june(life: ShortLife) -> ShortLife:
    """T01 is open and T02 is open; the worker is W1, the manager M1."""
    life.tells("agreement", **PLAN)
    return life.on("2026-06-22")


def test_a_death_the_host_takes_back_brings_back_what_it_had_ended(in_june: ShortLife) -> None:
    in_june.tells("support_requested", previous_pa_id="W9")
    before = {(row.task, row.due_on) for row in in_june.standing()}
    in_june.tells("died", died_on="2026-06-20")
    assert in_june.on("2026-06-24").tells("death_corrected").state == "processed"
    in_june.on("2026-06-25")
    after = {(row.task, row.due_on) for row in in_june.standing()}
    late = {each for each in before if each[0] == "T01"}
    assert {task for task, _ in after} == {task for task, _ in before}
    assert after - before == {("T01", date(2026, 6, 25))}
    assert before - after == late
    assert in_june.status == "tailored_support_active"


def test_what_was_done_before_a_mistaken_death_is_not_asked_for_again(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, untold=True)
    life.on("2026-03-30").done("T03")
    life.on("2026-06-01").done("T01")
    life.on("2026-06-02").tells("died")
    life.on("2026-06-03").tells("death_corrected")
    assert str(life.next("T01").counted_from) == "2026-06-01"
    assert not life.standing("T03")


def test_the_manager_hears_once_that_a_death_was_a_mistake(in_june: ShortLife) -> None:
    in_june.tells("died")
    in_june.on("2026-06-23").tells("death_corrected")
    in_june.on("2026-06-24")
    assert in_june.tells("death_corrected").state == "ignored"
    told = in_june.the("T92")
    assert (told.inbox, told.assignee) == ("manager", "M1")
    text = told.variables["text"]
    assert "P1: The case system took back a death that was recorded by mistake." in text
    assert "“Contact the lead social worker” is planned again" in text


def test_a_death_after_one_that_was_a_mistake_counts(in_june: ShortLife) -> None:
    in_june.tells("died")
    in_june.on("2026-06-23").tells("death_corrected")
    in_june.on("2026-06-24").tells("died")
    assert not in_june.standing()
    assert in_june.status == "ended_deceased"
    in_june.on("2026-06-25").tells("death_corrected")
    assert in_june.standing("T01")
    assert in_june.status == "tailored_support_active"


def test_a_death_told_late_that_was_taken_back_already_ends_nothing(in_june: ShortLife) -> None:
    in_june.tells("death_corrected")
    before = in_june.picture()
    late = {"kind": "died", "day": "2026-06-20"}
    assert in_june.sends(payload_of(in_june.council.life, late)).state == "ignored"
    assert in_june.picture() == before


def test_nobody_who_lives_is_planned_for_twice(in_june: ShortLife) -> None:
    before, writes = in_june.picture(), in_june.writes()
    assert in_june.tells("death_corrected").state == "ignored"
    assert (in_june.picture(), in_june.writes()) == (before, writes)


def test_an_event_that_only_lacks_a_date_of_death_takes_none_back(in_june: ShortLife) -> None:
    in_june.tells("died")
    in_june.tells("roles_changed", worker_id="W2")
    in_june.tells("restricted")
    assert not in_june.standing()


def test_a_day_that_passed_during_a_mistaken_death_counts_all_the_same(life: ShortLife) -> None:
    life.on("2028-10-20").tells("agreement", agreement_date="2028-09-29")
    life.tells("died")
    life.on("2028-11-03").tells("death_corrected")
    life.on("2028-11-06")
    assert life.status == "ended_21"
    assert not life.standing("T01")


def test_a_form_that_is_being_written_again_waits_though_a_death_was_a_mistake(
    in_june: ShortLife,
) -> None:
    in_june.tells("reopened", form_id="agreement")
    in_june.tells("died")
    in_june.tells("death_corrected")
    assert not in_june.standing("T01")
    in_june.on("2026-06-23")
    in_june.tells("agreement", **PLAN, version=2)
    assert in_june.the("T01")


def test_a_form_on_hold_is_asked_about_again_after_a_mistaken_death(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, manager_agreed="pending")
    life.tells("died")
    assert not life.standing()
    life.on("2026-03-30").tells("death_corrected")
    life.on("2026-03-31")
    assert life.the("T04").assignee == "M1"
    assert life.status == "awaiting_manager"
    life.tells("agreement", **PLAN, version=2)
    assert not life.inbox("T04")
    assert life.status == "tailored_support_active"


def on_the_record(new_life: NewLife) -> tuple[ShortLife, PersonRegister]:
    register = PersonRegister(record())
    life = new_life(register=register)
    life.tells("agreement", **PLAN)
    return life, register


def a_day_later(life: ShortLife, register: PersonRegister) -> ShortLife:
    """The rounds at the host are made, as far as they are about people."""
    life.council.at += timedelta(days=1)
    look_at_deaths(life.council.desk, HOST)
    life.council.work()
    return life


def test_a_date_of_death_that_stands_on_the_record_no_more_was_a_mistake(
    new_life: NewLife,
) -> None:
    life, register = on_the_record(new_life)
    register.found = record(died_on=date(2026, 5, 1))
    life.on("2026-05-22")
    assert not life.standing()
    register.found = record()
    a_day_later(life, register)
    assert life.the("T01")
    assert life.the("T92")
    assert life.status == "tailored_support_active"


def test_a_death_by_event_is_taken_back_by_the_record_that_had_told_it_too(
    new_life: NewLife,
) -> None:
    """The record is looked at when the event comes."""
    life, register = on_the_record(new_life)
    register.found = record(died_on=date(2026, 3, 20))
    life.on("2026-03-30").tells("died", died_on="2026-03-20")
    register.found = record()
    assert a_day_later(life, register).standing("T01")


def test_a_record_that_never_had_the_date_of_death_says_nothing_by_its_silence(
    new_life: NewLife,
) -> None:
    life, register = on_the_record(new_life)
    life.on("2026-03-30").tells("died", died_on="2026-03-20")
    assert not a_day_later(life, register).standing()


def without_a_date_of_death(desk: Desk) -> Desk:
    """Somebody has taken the line out of `person: {read: …}`."""
    profile = desk.configuration.hosts[HOST]
    read = profile.outbound.person
    assert read is not None
    values = {name: each for name, each in read.values.items() if name != "died_on"}
    outbound = replace(profile.outbound, person=replace(read, values=values))
    hosts = {HOST: replace(profile, outbound=outbound)}
    return replace(desk, configuration=replace(desk.configuration, hosts=hosts))


def test_where_the_profile_reads_no_date_of_death_nothing_is_taken_back(
    new_life: NewLife,
) -> None:
    life, register = on_the_record(new_life)
    register.found = record(died_on=date(2026, 3, 20))
    life.on("2026-03-30").tells("died", died_on="2026-03-20")
    register.found = record()
    life.council.desk = without_a_date_of_death(life.council.desk)
    assert not a_day_later(life, register).standing()


def test_a_death_counts_though_the_host_does_not_answer(new_life: NewLife) -> None:
    life, register = on_the_record(new_life)
    register.trouble = NotSent("The case system does not answer.")
    assert life.on("2026-03-30").tells("died").state == "processed"
    assert not life.standing()


def test_those_who_died_are_asked_about_once_a_day(new_life: NewLife) -> None:
    life, register = on_the_record(new_life)
    register.found = record(died_on=date(2026, 3, 20))
    life.on("2026-03-30").tells("died")
    before = len(register.asked)
    a_day_later(life, register)
    assert look_at_deaths(life.council.desk, HOST) == 0
    a_day_later(life, register)
    assert len(register.asked) == before + 2


def test_those_who_live_are_not_asked_about_every_day(new_life: NewLife) -> None:
    life, register = on_the_record(new_life)
    before = len(register.asked)
    a_day_later(life, register)
    assert len(register.asked) == before
