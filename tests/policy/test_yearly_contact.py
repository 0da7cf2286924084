"""DC-35 to DC-39 on the yearly contact's own form: what was tried, and what follows from it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from agreement_cases import WORKING, dates_of, decided, found, messages, policy, task, tasks
from yearly_contact_cases import (
    FORM_DAY,
    NOT_REACHED,
    SOCIAL_MEDIA,
    a_contact,
    contacted,
    contacted_on,
)

from connector.model import Inbox, PersonRecord, Reading
from connector.policy import DEFAULTS
from connector.policy.series import timeline
from connector.validation import validate

SWITCHED_ON = policy(annual={"social_media_enabled": "true"})
Changes = Mapping[str, Any]


def test_a_contact_with_nothing_to_remark_leads_to_the_next_one_alone() -> None:
    decision = contacted()
    assert decision.problems == ()
    assert tasks(decision) == ["T30"]
    assert decision.write_back.as_dict() == {
        "status": "closed_annual_contact",
        "line": "The case is closed, with a contact once a year."
        " Next: Yearly contact by 27 October 2027.",
        "form": "annual_contact_outcome",
        "can_return_until": "2028-04-17",
        "next_contact_on": "2027-10-27",
    }
    assert decision.attaches_summary
    assert not decision.cancels_open_tasks


@pytest.mark.rules("DC-35", "DC-38")
@pytest.mark.parametrize(
    ("day", "born", "dates"),
    [
        # In the week of the exercise: the next week is the year's after, at most twelve months on
        (date(2026, 10, 27), date(2003, 4, 18), (date(2027, 10, 18), date(2027, 10, 27))),
        (date(2027, 10, 25), date(2006, 4, 18), (date(2028, 10, 18), date(2028, 10, 25))),
        # 180 days before the Monday of the week, and 179
        (date(2026, 4, 29), date(2003, 4, 18), (date(2026, 10, 19), date(2026, 10, 30))),
        (date(2026, 4, 30), date(2003, 4, 18), (date(2027, 4, 23), date(2027, 4, 30))),
        # The last one comes before 25
        (date(2026, 10, 27), date(2002, 10, 27), (date(2027, 10, 18), date(2027, 10, 26))),
    ],
)
def test_the_next_contact_is_counted_from_this_one(
    day: date, born: date, dates: tuple[date, date]
) -> None:
    decision = contacted_on(day, date_of_birth=born)
    assert dates_of(decision, "T30") == dates
    assert decision.write_back.next_contact_on == dates[1]


@pytest.mark.rules("DC-38")
@pytest.mark.parametrize("reached", ["no", "left_message"])
def test_an_attempt_counts_as_this_years_contact(reached: str) -> None:
    decision = contacted({**NOT_REACHED, "reached": reached})
    assert decision.problems == ()
    assert tasks(decision) == ["T30"]
    assert dates_of(decision, "T30") == dates_of(contacted(), "T30")


def test_a_blank_day_is_the_day_the_form_was_completed() -> None:
    late = a_contact(contacted_on=None)
    decision = decided(late, date(2026, 11, 20))
    assert dates_of(decision, "T30") == (date(2027, 10, 18), date(2027, 10, 27))


def test_the_next_contact_is_the_teams_and_says_how_to_reach_them() -> None:
    contact = task(contacted(), "T30")
    assert (contact.rule, contact.inbox, contact.assignee) == ("DC-35", Inbox.TEAM, "42")
    assert "Use the last known phone number: 07700 900124." in contact.text
    assert "at most 12 months after 27 October 2026" in contact.because


@pytest.mark.rules("DC-35")
def test_at_25_no_further_contact_is_planned() -> None:
    assert tasks(contacted(date_of_birth=date(2001, 10, 27))) == []


def test_the_closed_case_is_another_one_from_25_on() -> None:
    assert contacted().turns_on == date(2028, 4, 18)
    assert contacted(SOCIAL_MEDIA).turns_on is None


@pytest.mark.rules("DC-35")
@pytest.mark.parametrize("wants", [True, False])
def test_an_open_case_has_no_yearly_contact(wants: bool) -> None:
    form = a_contact(wants_support=wants)
    decision = decided(form, FORM_DAY, record=PersonRecord(case_open=True))
    assert decision.status == "open"
    assert "T30" not in tasks(decision)
    assert messages(decision, "DC-35") == [
        "The case is open, so the yearly contact does not apply."
    ]
    assert found(decision, "DC-35") == ["W"]


@pytest.mark.parametrize("case_open", [None, False])
def test_a_case_that_is_not_known_to_be_open_counts_as_closed(case_open: bool | None) -> None:
    decision = decided(a_contact(), FORM_DAY, record=PersonRecord(case_open=case_open))
    assert decision.status == "closed_annual_contact"


@pytest.mark.rules("DC-36")
@pytest.mark.parametrize(
    ("channel", "why"),
    [
        ("letter", "Do not write to them: they may have moved."),
        ("email", "The council does not use e-mail for the yearly contact."),
    ],
)
def test_nobody_is_written_to(channel: str, why: str) -> None:
    decision = contacted(channel=channel, wants_support=True, local_offer_given="no")
    assert decision.status == "needs_attention"
    instead = "Try a phone call or a text message, then change the answer."
    assert messages(decision, "DC-36") == [f"{why} {instead}"]
    assert tasks(decision) == ["T90"]
    assert decision.write_back.next_contact_on is None


@pytest.mark.rules("DC-36")
@pytest.mark.parametrize(("channel", "expected"), [("email", []), ("letter", ["E"])])
def test_the_council_may_allow_e_mail_and_never_a_letter(channel: str, expected: list[str]) -> None:
    settings = policy(annual={"channels": ["email", "social_media"]})
    decision = decided(a_contact(channel=channel), FORM_DAY, settings)
    assert found(decision, "DC-36") == expected


def test_what_may_be_used_instead_is_what_the_council_allows() -> None:
    settings = policy(annual={"channels": ["social_media", "email"], "social_media_enabled": "yes"})
    said = messages(decided(a_contact(channel="letter"), FORM_DAY, settings), "DC-36")
    assert said[0].endswith("Try social media or an e-mail, then change the answer.")
    none = policy(annual={"channels": []})
    said = messages(decided(a_contact(channel="letter"), FORM_DAY, none), "DC-36")
    assert said[0].endswith("Ask your manager how to make contact.")


@pytest.mark.rules("DC-36")
@pytest.mark.parametrize("channel", ["phone", "text", "visit", "other"])
def test_other_ways_to_make_contact_are_fine(channel: str) -> None:
    assert contacted(channel=channel).problems == ()


@pytest.mark.rules("DC-37")
@pytest.mark.parametrize(
    "settings",
    [
        policy(),
        policy(annual={"social_media_enabled": "true", "channels": ["phone"]}),
    ],
)
def test_social_media_holds_the_form_where_the_council_does_not_use_it(settings: Any) -> None:
    record = PersonRecord(social_media_permitted=True)
    decision = decided(a_contact(SOCIAL_MEDIA), FORM_DAY, settings, record)
    assert (decision.status, found(decision, "DC-37")) == ("on_hold", ["H"])
    assert tasks(decision) == ["T90"]
    assert decision.attaches_summary
    assert decision.write_back.next_contact_on is None


@pytest.mark.rules("DC-37")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"social_media_ok": None}, ["H"]),
        ({"social_media_ok": "no"}, ["H"]),
        ({"social_media_ok": "not_asked"}, ["H"]),
        ({"social_media_handle": None}, ["H"]),
        ({"social_media_permission_on": None}, ["H"]),
        ({"social_media_platform": None}, []),
    ],
)
def test_social_media_needs_permission_a_date_and_a_name(
    changes: Changes, expected: list[str]
) -> None:
    form = a_contact({**SOCIAL_MEDIA, **changes})
    assert found(decided(form, FORM_DAY, SWITCHED_ON), "DC-37") == expected


@pytest.mark.rules("DC-37")
def test_permission_held_from_an_earlier_form_is_permission() -> None:
    form = a_contact(channel="social_media", social_media_ok=None)
    record = PersonRecord(social_media_permitted=True)
    assert decided(form, FORM_DAY, SWITCHED_ON, record).problems == ()


@pytest.mark.rules("DC-37")
def test_a_permission_that_cannot_be_read_is_not_listed_twice() -> None:
    name = "social_media_permission_on"
    form = a_contact({**SOCIAL_MEDIA, name: None}, unreadable=frozenset({name}))
    assert found(decided(form, FORM_DAY, SWITCHED_ON), "DC-37") == []


def test_a_held_contact_keeps_every_task_but_the_next_contact() -> None:
    decision = contacted(
        SOCIAL_MEDIA,
        local_offer_given="no",
        wants_support=True,
        contact_refused=True,
        local_area_coordinator_introduction="yes",
    )
    assert decision.status == "on_hold"
    assert sorted(tasks(decision)) == ["T09", "T13", "T26", "T31", "T90"]


@pytest.mark.rules("DC-38")
@pytest.mark.parametrize(("given", "wanted"), [("no", True), ("copy", False), ("link", False)])
def test_whoever_is_reached_is_given_the_local_offer(given: str, wanted: bool) -> None:
    assert ("T31" in tasks(contacted(local_offer_given=given))) is wanted


@pytest.mark.rules("DC-38")
def test_giving_the_local_offer_is_for_the_team_within_five_working_days() -> None:
    settings = policy(service={"local_offer_url": "https://council.example/offer"})
    offer = task(decided(a_contact(local_offer_given="no"), FORM_DAY, settings), "T31")
    assert (offer.title, offer.rule) == ("Give the local offer", "DC-38")
    assert (offer.inbox, offer.assignee) == (Inbox.TEAM, "42")
    assert (offer.opens_on, offer.due_on) == (FORM_DAY, date(2026, 11, 3))
    assert "https://council.example/offer" in offer.text


@pytest.mark.rules("DC-38")
@pytest.mark.parametrize("reached", ["no", "left_message"])
def test_whoever_is_not_reached_is_not_asked_about_the_local_offer(reached: str) -> None:
    decision = contacted({**NOT_REACHED, "reached": reached, "local_offer_given": "no"})
    assert decision.problems == ()
    assert "T31" not in tasks(decision)


@pytest.mark.rules("DC-38")
def test_a_contact_says_whether_the_local_offer_was_given_and_support_is_wanted() -> None:
    blank = contacted(local_offer_given=None, wants_support=None)
    assert (blank.status, found(blank, "EN-06")) == ("needs_attention", ["E"])
    assert messages(blank, "DC-38") == ["Say whether they want support."]
    assert found(contacted(wants_support=None), "DC-38") == ["W"]


@pytest.mark.rules("DC-38", "EN-06")
@pytest.mark.parametrize("name", ["reached", "channel"])
def test_whether_and_how_they_were_reached_is_always_asked(name: str) -> None:
    values = {
        "submission_id": "1",
        "completed_at": "2026-10-27T16:20:00+00:00",
        "completed_by_id": "7790",
        "person_id": "400124",
        "date_of_birth": "2003-04-18",
        "contacted_on": "2026-10-27",
        "reached": "no",
        "channel": "phone",
        "local_area_coordinator_considered": True,
        "local_area_coordinator_introduction": "no",
    }
    kept = {key: value for key, value in values.items() if key != name}
    form = validate(Reading("council", "annual_contact_outcome", kept), FORM_DAY)
    assert found(decided(form, FORM_DAY), "EN-06") == ["E"]


@pytest.mark.rules("EN-11")
@pytest.mark.parametrize("name", ["contacted_on", "requested_on", "social_media_permission_on"])
def test_a_contact_is_not_yet_to_come(name: str) -> None:
    values = {"completed_at": "2026-10-27T16:20:00+00:00", name: "2026-10-28"}
    form = validate(Reading("council", "annual_contact_outcome", values), FORM_DAY)
    assert found(decided(form, FORM_DAY), "EN-11") == ["E"]


@pytest.mark.rules("DC-38", "DC-05")
@pytest.mark.parametrize("reached", ["yes", "left_message"])
def test_whoever_wants_support_is_assessed_and_the_yearly_contact_waits_for_that(
    reached: str,
) -> None:
    decision = contacted(wants_support=True, reached=reached)
    assert tasks(decision) == ["T09", "T30"]
    assert task(decision, "T09").due_on == date(2026, 11, 10)


@pytest.mark.rules("DC-05")
def test_the_day_they_asked_counts_where_it_was_another() -> None:
    decision = contacted(wants_support=True, requested_on=date(2026, 10, 20))
    assert task(decision, "T09").due_on == date(2026, 11, 3)


@pytest.mark.rules("DC-09")
def test_whoever_asks_not_to_be_contacted_is_a_decision_of_the_managers() -> None:
    decision = contacted(contact_refused=True)
    decide = task(decision, "T13")
    assert tasks(decision) == ["T13", "T30"]
    assert (decide.inbox, decide.assignee, decide.rule) == (Inbox.MANAGER, "5510", "DC-09")
    assert decide.due_on == date(2026, 11, 10)


@pytest.mark.rules("DC-39")
@pytest.mark.parametrize("considered", [None, False])
def test_a_coordinator_is_considered_at_every_contact_by_the_team_where_no_worker_is_left(
    considered: bool | None,
) -> None:
    decision = contacted(NOT_REACHED, local_area_coordinator_considered=considered)
    introduce = task(decision, "T26")
    assert found(decision, "DC-39") == ["W"]
    assert (introduce.inbox, introduce.assignee) == (Inbox.TEAM, "42")
    assert introduce.due_on == date(2026, 11, 10)


@pytest.mark.rules("DC-39")
def test_a_worker_whom_the_yearly_contact_names_considers_the_coordinator() -> None:
    named = contacted(allocated_worker_id="7781", local_area_coordinator_considered=False)
    introduce = task(named, "T26")
    assert (introduce.inbox, introduce.assignee) == (Inbox.WORKER, "7781")


@pytest.mark.rules("DC-39")
@pytest.mark.parametrize(
    ("introduction", "wanted", "severities"),
    [
        ("yes", True, []),
        ("declined", False, []),
        ("not_available", False, []),
        (None, False, ["E"]),
    ],
)
def test_an_introduction_that_is_wanted_is_a_task(
    introduction: str | None, wanted: bool, severities: list[str]
) -> None:
    decision = contacted(local_area_coordinator_introduction=introduction)
    assert ("T26" in tasks(decision)) is wanted
    assert found(decision, "EN-06") == severities


def test_a_closed_case_needs_no_worker() -> None:
    decision = contacted(wants_support=True, local_area_coordinator_considered=False)
    assert "T91" not in tasks(decision)


def test_a_death_or_a_withdrawal_ends_everything() -> None:
    died = contacted(date_of_death=date(2026, 9, 1), wants_support=True)
    assert (died.status, died.tasks) == ("ended_deceased", ())
    assert tasks(contacted(form_status="withdrawn")) == ["T35"]


@pytest.mark.rules("DC-35")
def test_the_contacts_go_on_every_year_until_25() -> None:
    form = a_contact(date_of_birth=date(2004, 4, 18))
    lived = timeline(form, DEFAULTS, WORKING, FORM_DAY)
    assert [(each.task, each.due_on) for each in lived.tasks] == [
        ("T30", date(2027, 10, 27)),
        ("T30", date(2028, 10, 27)),
    ]
    assert lived.ends_on == date(2029, 4, 17)
    assert lived.ends_because == "They turn 25 on the day after."


def test_a_held_contact_plans_nothing_over_the_years() -> None:
    lived = timeline(a_contact(SOCIAL_MEDIA), DEFAULTS, WORKING, FORM_DAY)
    assert [each.task for each in lived.tasks] == ["T90"]
    assert lived.ends_on is None
