"""What the host tells of people: roles, leavers, deaths, mergers, restrictions, returners."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from life_forms import payload_of
from person_register import PersonRegister, record
from short_life import HOST, ShortLife, due

from connector.casework.knowing import held_forms

NewLife = Callable[..., ShortLife]
PLAN = {"last_pathway_plan_on": "2026-01-15", "agreement_date": "2026-03-27"}


@pytest.fixture
def in_june(life: ShortLife) -> ShortLife:
    """T01 is open and T02 is open; the worker is W1, the manager M1."""
    life.tells("agreement", **PLAN)
    return life.on("2026-06-22")


def test_a_new_worker_gets_what_is_open_and_what_comes(in_june: ShortLife) -> None:
    in_june.tells("roles_changed", worker_id="W2")
    assert {task.assignee for task in in_june.inbox("T01", "T02")} == {"W2"}
    in_june.done("T01")
    in_june.on("2026-09-01")
    assert in_june.the("T01").assignee == "W2"


def test_the_family_hears_of_a_new_worker_once(in_june: ShortLife) -> None:
    in_june.tells("roles_changed", worker_id="W2")
    task = in_june.the("T28")
    assert (task.assignee, due(task)) == ("W2", "2026-07-06")
    in_june.tells("roles_changed", worker_id="W3")
    assert in_june.the("T28") is task
    assert task.assignee == "W3"
    in_june.done("T28")
    in_june.tells("roles_changed", worker_id="W4")
    assert in_june.the("T28").assignee == "W4"


def test_without_an_agreement_no_family_has_to_hear(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    life.tells("assessment", outcome="remain_open", actions=[{"what": "Ring", "who": "pa"}])
    life.tells("roles_changed", worker_id="W2")
    assert not life.standing("T28")


def test_the_same_worker_again_changes_nothing(in_june: ShortLife) -> None:
    before, writes = in_june.picture(), in_june.writes()
    in_june.tells("roles_changed", worker_id="W1", manager_id="M1")
    assert (in_june.picture(), in_june.writes()) == (before, writes)


def test_a_new_manager_gets_what_is_with_the_manager(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, manager_agreed="pending")
    life.tells("roles_changed", manager_id="M2")
    assert life.the("T04").assignee == "M2"


def test_a_host_whose_clock_lags_loses_no_change_of_role(new_life: NewLife) -> None:
    """Its event says a time at which we had not looked yet by our clock, and came after."""
    register = PersonRegister(record(worker_id="W1"))
    life = new_life(register=register)
    life.tells("agreement", **PLAN)
    life.on("2026-06-22")
    change = {"kind": "roles_changed", "worker_id": "W2", "day": "2026-06-22", "at": "07:40"}
    life.sends(payload_of(life.council.life, change))
    assert life.the("T01").assignee == "W2"


def test_what_the_record_said_after_an_event_had_come_is_newer_than_the_event(
    new_life: NewLife,
) -> None:
    """However far ahead the host's clock is."""
    register = PersonRegister(record(worker_id="W1"))
    life = new_life(register=register)
    life.tells("agreement", **PLAN)
    ahead = {"kind": "roles_changed", "worker_id": "W2", "day": "2026-06-23"}
    life.sends(payload_of(life.council.life, ahead))
    register.found = record(worker_id="W3")
    life.on("2026-06-22")
    assert life.the("T01").assignee == "W3"


def test_in_a_rehearsal_an_event_counts_though_the_door_keeps_another_time(
    new_life: NewLife,
) -> None:
    register = PersonRegister(record(worker_id="W1"))
    life = new_life(register=register)
    life.council.desk = replace(life.council.desk, rehearsed=True)
    life.tells("agreement", **PLAN)
    life.on("2026-06-22")
    change = {"kind": "roles_changed", "worker_id": "W2", "day": "2026-06-22", "at": "08:00"}
    with life.council.store.transaction() as tx:
        body = json.dumps(payload_of(life.council.life, change)).encode()
        tx.submissions.keep(HOST, "real time", body, datetime(2026, 3, 1, tzinfo=UTC))
    life.council.work()
    assert life.the("T01").assignee == "W2"


def test_of_roles_that_are_told_out_of_order_the_newest_counts(in_june: ShortLife) -> None:
    newest = in_june.council.at
    in_june.tells("roles_changed", worker_id="W3")
    late = {"kind": "roles_changed", "worker_id": "W2", "day": "2026-06-20"}
    in_june.sends(payload_of(in_june.council.life, late))
    assert newest.date().isoformat() == "2026-06-22"
    assert in_june.next("T01").assignee == "W3"


def test_a_form_that_was_completed_before_does_not_bring_the_old_worker_back(
    in_june: ShortLife,
) -> None:
    in_june.tells("roles_changed", worker_id="W2")
    in_june.tells("family_request", completed_on="2026-06-01", worker_id="W1")
    assert in_june.the("T01").assignee == "W2"


def test_a_form_by_a_new_worker_moves_what_is_open(in_june: ShortLife) -> None:
    in_june.tells("family_request", worker_id="W5")
    assert in_june.the("T01").assignee == "W5"


def test_where_nobody_is_left_the_team_has_it_and_the_manager_hears_once(
    in_june: ShortLife,
) -> None:
    in_june.tells("worker_left", worker_id="W1")
    assert {(t.inbox, t.assignee) for t in in_june.inbox("T01", "T02")} == {
        ("team", "leaving-care")
    }
    told = in_june.the("T91")
    assert (told.inbox, told.assignee, due(told)) == ("manager", "M1", "2026-06-24")
    assert "has left" in told.variables["text"]
    assert "- Contact the lead social worker" in told.variables["text"]
    in_june.tells("worker_left", worker_id="W1")
    assert in_june.the("T91") is told


def test_once_somebody_is_named_they_have_it_and_the_manager_is_done(in_june: ShortLife) -> None:
    in_june.tells("worker_left", worker_id="W1")
    in_june.tells("roles_changed", worker_id="W2")
    assert {t.assignee for t in in_june.inbox("T01", "T02")} == {"W2"}
    assert not in_june.inbox("T91")
    assert [row.state.value for row in in_june.rows("T91")] == ["done"]


def test_a_task_that_opens_for_a_leaver_goes_to_the_team(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.tells("worker_left", worker_id="W1")
    assert not life.inbox()
    life.on("2026-05-22")
    assert life.the("T01").inbox == "team"
    assert life.the("T91").inbox == "manager"


def test_a_leaver_who_is_named_again_is_back(in_june: ShortLife) -> None:
    in_june.tells("worker_left", worker_id="W1")
    in_june.tells("roles_changed", worker_id="W1")
    assert {t.assignee for t in in_june.inbox("T01", "T02")} == {"W1"}


def test_an_older_word_of_a_leaver_does_not_bring_them_back(in_june: ShortLife) -> None:
    in_june.tells("worker_left", worker_id="W1")
    late = {"kind": "roles_changed", "worker_id": "W1", "day": "2026-05-01"}
    in_june.sends(payload_of(in_june.council.life, late))
    assert {task.inbox for task in in_june.inbox("T01", "T02")} == {"team"}


def test_whoever_died_has_no_task_left_and_gets_none(in_june: ShortLife) -> None:
    in_june.tells("died", died_on="2026-06-20")
    assert not in_june.inbox()
    assert not in_june.standing()
    assert in_june.status == "ended_deceased"
    writes = in_june.writes()
    assert in_june.tells("died", died_on="2026-06-20").state in {"processed", "ignored"}
    in_june.on("2027-06-22").on("2028-11-02")
    assert in_june.writes() == writes


def test_a_form_that_does_not_know_of_the_death_makes_nothing(in_june: ShortLife) -> None:
    in_june.tells("died")
    in_june.on("2026-07-01")
    in_june.tells("agreement", form_id="TWO", agreement_date="2026-07-01", untold=True)
    assert not in_june.standing()
    assert in_june.status == "ended_deceased"


def test_a_death_on_a_form_ends_everything_and_other_forms_change_nothing(
    in_june: ShortLife,
) -> None:
    in_june.tells("family_request", form_id="R", date_of_death="2026-06-20")
    assert not in_june.standing()
    in_june.on("2026-06-23")
    in_june.tells("agreement", form_id="TWO", agreement_date="2026-06-23", untold=True)
    assert not in_june.standing()


def test_a_death_that_was_a_mistake_is_put_right_by_the_same_form(life: ShortLife) -> None:
    life.tells("agreement", **PLAN, date_of_death="2026-03-20")
    assert life.status == "ended_deceased"
    life.on("2026-03-30")
    life.tells("agreement", **PLAN, version=2)
    assert life.status == "tailored_support_active"
    assert {row.task for row in life.standing()} == {"T01", "T02", "T07", "T08"}


def test_a_death_that_was_a_mistake_brings_back_what_it_had_ended(in_june: ShortLife) -> None:
    in_june.tells("agreement", **PLAN, version=2, date_of_death="2026-06-20")
    assert not in_june.standing()
    in_june.on("2026-06-23")
    in_june.tells("agreement", **PLAN, version=3)
    assert {row.task for row in in_june.standing()} == {"T01", "T02", "T07", "T08"}
    assert due(in_june.the("T02")) == "2026-07-15"


def test_of_two_records_of_one_person_one_task_of_each_series_stays(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.tells("agreement", form_id="TWIN", person_id="P2", agreement_date="2026-03-20")
    life.tells("merged", person_id="P1", new_person_id="P2")
    assert not life.standing()
    tasks = sorted(row.task for row in life.standing(None, "P2"))
    assert tasks == ["T01", "T02", "T07", "T08"]
    (first,) = life.standing("T01", "P2")
    assert first.due_on.isoformat() == "2026-06-12"


def test_an_open_task_of_a_merged_record_is_taken_back_where_the_other_has_it(
    in_june: ShortLife,
) -> None:
    in_june.tells("agreement", form_id="TWIN", person_id="P2", agreement_date="2026-04-01")
    in_june.on("2026-06-23")
    in_june.tells("merged", person_id="P1", new_person_id="P2")
    assert len(in_june.inbox("T01")) == 1
    assert len(in_june.standing("T01", "P2")) == 1


def test_later_forms_and_events_of_the_old_number_go_to_the_new_one(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.tells("merged", person_id="P1", new_person_id="P2")
    life.on("2026-06-01")
    assert life.the("T01").variables["person_id"] == "P2"
    life.tells("agreement", version=2, **PLAN, visit_interval_weeks=13)
    assert not life.standing()
    assert sorted(row.task for row in life.standing(None, "P2")) == [
        "T01",
        "T02",
        "T07",
        "T08",
        "T27",
    ]
    life.tells("roles_changed", person_id="P1", worker_id="W2")
    assert life.the("T01").assignee == "W2"
    life.done("T01")
    assert len(life.standing("T01", "P2")) == 1


def test_a_merger_told_twice_changes_nothing(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.tells("merged", person_id="P1", new_person_id="P2")
    before = life.picture("P2")
    assert life.tells("merged", person_id="P1", new_person_id="P2").state == "ignored"
    assert life.picture("P2") == before


@pytest.mark.parametrize("gone", ["P1", "P2"])
def test_of_two_records_of_somebody_who_died_no_task_is_left(in_june: ShortLife, gone: str) -> None:
    in_june.tells("died", person_id="P2")
    remains = "P2" if gone == "P1" else "P1"
    in_june.tells("merged", person_id=gone, new_person_id=remains)
    assert not in_june.standing(None, remains)
    assert not in_june.inbox()


def test_an_agreement_in_force_goes_on_beside_one_on_hold_of_the_other_record(
    life: ShortLife,
) -> None:
    life.tells("agreement", **PLAN)
    life.on("2026-04-02")
    hold = {"agreement_date": "2026-04-02", "manager_agreed": "pending"}
    life.tells("agreement", form_id="TWIN", person_id="P2", **hold)
    life.tells("merged", person_id="P2", new_person_id="P1")
    life.on("2026-05-22").done("T01")
    assert life.next("T01")


def test_of_two_agreements_in_force_the_one_completed_later_counts(life: ShortLife) -> None:
    """The earlier one arrived last, on the other record."""
    life.on("2026-04-10")
    life.tells("agreement", agreement_date="2026-04-10", visit_interval_weeks=13)
    life.on("2026-04-13")
    earlier = {**PLAN, "completed_on": "2026-03-27"}
    life.tells("agreement", form_id="TWIN", person_id="P2", **earlier)
    life.tells("merged", person_id="P2", new_person_id="P1")
    with life.council.store.transaction() as tx:
        held = held_forms(tx, "sandbox", "P1")["tailored_support_agreement"]
    assert held.form_id == "agreement"


def test_an_action_of_a_restricted_record_has_its_words_in_the_text_alone(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    actions = [{"what": "Call the clinic", "who": "pa", "due_on": "2026-05-29"}]
    life.tells("assessment", outcome="remain_open", actions=actions)
    life.tells("restricted")
    life.on("2026-05-25")
    task = life.the("T20")
    assert task.variables["title"] == "Do an agreed action"
    assert "Call the clinic" in task.variables["text"]


def test_a_notice_of_an_overdue_task_of_a_restricted_record_says_nothing(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    actions = [{"what": "Call the clinic", "who": "pa", "due_on": "2026-05-29"}]
    life.tells("assessment", outcome="remain_open", actions=actions)
    life.on("2026-05-25")
    life.tells("restricted")
    life.on("2026-06-05")
    assert life.the("T12").variables["title"] == "Overdue: Do an agreed action"


def test_a_restriction_that_was_lifted_is_over(life: ShortLife) -> None:
    life.tells("agreement", **PLAN)
    life.tells("restricted")
    life.tells("restricted", restricted=False)
    life.on("2026-06-01")
    assert "lead social worker" in life.the("T01").variables["text"]


def test_a_returner_is_assessed_by_the_previous_adviser_once(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    life.tells("assessment", outcome="close_case", form_id="B1")
    life.on("2026-06-01")
    life.tells("support_requested", requested_on="2026-05-29", previous_pa_id="W9")
    task = life.the("T09")
    assert (task.inbox, task.assignee, due(task)) == ("worker", "W9", "2026-06-12")
    life.tells("roles_changed", worker_id="W2")
    assert task.assignee == "W9"
    assert life.tells("support_requested", previous_pa_id="W9").state == "ignored"
    life.on("2026-06-09")
    life.tells(
        "assessment",
        form_id="B2",
        assessment_type="returner_21_to_24",
        requested_on="2026-05-29",
        outcome="remain_open",
        actions=[{"what": "Ring", "who": "pa", "due_on": "2026-06-26"}],
    )
    assert not life.inbox("T09")
    assert [row.state.value for row in life.rows("T09")] == ["done"]


@pytest.mark.parametrize("gone", [None, "W9"], ids=["nobody named", "the adviser has left"])
def test_a_returner_without_a_previous_adviser_goes_to_the_team(
    life: ShortLife, gone: str | None
) -> None:
    if gone:
        life.tells("worker_left", worker_id=gone)
    life.tells("support_requested", previous_pa_id=gone)
    task = life.the("T09")
    assert (task.inbox, task.assignee) == ("team", "leaving-care")


def test_whoever_asks_at_25_is_told_who_else_can_help(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2001-10-01"  # type: ignore[index]
    life.tells("assessment", outcome="close_case", form_id="B1")
    life.on("2026-10-01")
    life.tells("support_requested", previous_pa_id="W9")
    assert not life.standing("T09")
    task = life.the("T32")
    assert (task.inbox, due(task)) == ("manager", "2026-10-08")
    assert life.tells("support_requested", previous_pa_id="W9").state == "ignored"
    assert life.the("T32") is task


def test_a_returner_who_died_is_left_in_peace(life: ShortLife) -> None:
    life.tells("died")
    assert life.tells("support_requested", previous_pa_id="W9").state == "ignored"
    assert not life.inbox()


def test_another_request_after_the_assessment_is_a_new_task(life: ShortLife) -> None:
    life.tells("support_requested")
    life.done("T09")
    life.council.at += timedelta(days=40)
    life.tells("support_requested")
    assert len(life.rows("T09")) == 2
    assert life.the("T09")


def test_a_task_in_an_inbox_says_less_once_the_record_is_restricted(life: ShortLife) -> None:
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    action = {"what": "Help to view three flats", "who": "pa", "due_on": "2026-04-03"}
    life.tells("assessment", outcome="remain_open", actions=[action])
    life.on("2026-03-30")
    assert life.the("T20").variables["title"] == "Help to view three flats"
    life.tells("restricted")
    assert life.the("T20").variables["title"] == "Do an agreed action"
