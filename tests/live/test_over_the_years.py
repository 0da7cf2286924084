"""Years in seconds: real processes, one clock file, people at their desks."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from live_stage import wait_for
from live_years import CONTACT, T01, Years, years

from connector.policy.words import TASK_TITLES

pytestmark = pytest.mark.live

TOLD = TASK_TITLES["T28"]
OVERVIEW = TASK_TITLES["T93"]


@pytest.fixture(scope="module")
def one_life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    with years(tmp_path_factory.mktemp("years")) as running:
        yield running


@pytest.fixture
def life(one_life: Years) -> Iterator[Years]:
    if "worker" not in one_life.running:
        one_life.start_worker()
    one_life.at_rest()
    yield one_life
    one_life.behave()


def test_each_contact_comes_once_counted_from_the_last_though_the_worker_is_killed(
    life: Years,
) -> None:
    person = life.with_agreement()
    first = life.next_of(person, T01)
    assert life.case_system.tasks(person, CONTACT) == []
    life.reach(first.opens_on)
    there = life.in_inbox(person)
    assert date.fromisoformat(there["due_on"]) == first.due_on
    life.kill_worker()
    life.move_on(3)
    done_on = life.today - timedelta(days=1)
    life.case_system.act(f"tasks/{there['id']}/complete", result="No change", done_on=str(done_on))
    life.start_worker()
    second = life.next_of(person, T01)
    while second.reference == first.reference:
        second = life.next_of(person, T01)
    assert second.counted_from == done_on
    assert done_on < second.due_on <= done_on + timedelta(days=84)
    life.reach(second.opens_on)
    life.in_inbox(person, count=2)
    life.restart_worker()
    life.at_rest()
    assert life.in_inbox(person, count=2)["state"] == "open"
    assert life.next_of(person, T01).reference == second.reference


def test_a_new_worker_finds_the_open_task_and_a_death_takes_everything_back(life: Years) -> None:
    person = life.with_agreement()
    life.reach(life.next_of(person, T01).opens_on)
    life.in_inbox(person)
    life.case_system.act(f"people/{person}/roles", worker_id="W299")
    moved = wait_for(lambda: life.in_inbox(person), lambda task: task["assignee"]["id"] == "W299")
    assert moved["state"] == "open"
    assert life.in_inbox(person, TOLD)["assignee"] == {"kind": "worker", "id": "W299"}
    life.case_system.act(f"people/{person}/death")
    wait_for(
        lambda: {each["state"] for each in life.case_system.tasks(person)},
        lambda states: states == {"cancelled"},
    )
    assert not [each for each in life.planned(person) if each.stands]


def test_a_death_that_was_a_mistake_brings_the_contact_back_once(life: Years) -> None:
    person = life.with_agreement()
    life.reach(life.next_of(person, T01).opens_on)
    life.in_inbox(person)
    life.case_system.act(f"people/{person}/death")
    wait_for(lambda: [each for each in life.planned(person) if each.stands], lambda rows: not rows)
    life.at_rest()
    life.case_system.act(f"people/{person}/alive")
    wait_for(
        lambda: [each["state"] for each in life.case_system.tasks(person, CONTACT)],
        lambda states: sorted(states) == ["cancelled", "open"],
    )
    life.restart_worker()
    life.at_rest()
    assert len([each for each in life.planned(person, T01) if each.stands]) == 1


@pytest.mark.faults("R9")
def test_a_form_whose_webhook_was_lost_is_found_and_counts_once(life: Years) -> None:
    person = life.young_person()
    life.switch("webhook", times=1)
    life.case_system.complete_form(person, "tailored_support_agreement")
    (form,) = [each for each in life.forms(life.today) if each["person"]["id"] == person]
    assert life.submissions(form["form"]["id"]) == []
    life.move_on(1)
    wait_for(lambda: life.planned(person, T01), bool)
    life.move_on(1)
    life.send_webhooks_again()
    life.at_rest()
    assert sorted(set(life.submissions(form["form"]["id"]))) in (
        ["processed"],
        ["duplicate", "processed"],
    )
    assert life.submissions(form["form"]["id"]).count("processed") == 1
    assert len(life.planned(person, T01)) == 1


def test_a_listed_form_that_cannot_be_read_holds_up_no_other_and_comes_in_later(
    life: Years,
) -> None:
    before = life.swept()
    life.move_on(3)  # so that the forms of the other tests are in the list no more
    wait_for(life.swept, lambda at: at != before)
    life.switch("webhook", times=2)
    first, second = life.young_person(), life.young_person()
    life.case_system.complete_form(first, "tailored_support_agreement")
    life.case_system.complete_form(second, "tailored_support_agreement")
    life.switch("form", mode="refuse", times=1)
    life.move_on(1)
    wait_for(lambda: life.planned(second, T01), bool)
    assert life.planned(first) == []
    assert life.unfetched() == 1
    life.move_on(1)
    wait_for(lambda: life.planned(first, T01), bool)
    wait_for(life.unfetched, lambda left: left == 0)
    for person in (first, second):
        (form,) = [
            each
            for each in life.forms(life.today - timedelta(days=9))
            if each["person"]["id"] == person
        ]
        assert life.submissions(form["form"]["id"]) == ["processed"]


def test_what_the_connector_itself_wrote_and_the_case_system_tells_is_dropped(life: Years) -> None:
    life.switch("echo", probability=1)
    person = life.with_agreement()
    life.reach(life.next_of(person, T01).opens_on)
    life.in_inbox(person)
    life.at_rest()
    echoes = life.submissions().count("echo")
    assert echoes >= 1
    (form,) = [each for each in life.forms(date(2026, 1, 1)) if each["person"]["id"] == person]
    assert life.submissions(form["form"]["id"]).count("processed") == 1
    assert len(life.planned(person, T01)) == 1


def test_in_october_the_manager_is_sent_the_list_of_who_is_due_once(life: Years) -> None:
    person = life.young_person(age_in_days=22 * 366)
    met = {"outcome": "immediate_needs_met", "immediate_needs_met_summary": "A bed was found."}
    life.case_system.complete_form(person, "post_21_assessment", **met)
    yearly = life.next_of(person, "T30")
    life.reach(yearly.opens_on)
    overview = life.in_inbox("", OVERVIEW)
    assert overview["assignee"]["kind"] == "manager"
    (listed,) = wait_for(life.lists, bool)
    assert person in listed
    life.restart_worker()
    life.move_on(1)
    life.at_rest()
    assert len(life.case_system.tasks("", OVERVIEW)) == 1
    assert len(life.lists()) == 1
