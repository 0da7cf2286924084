"""DC-35 to DC-39: the yearly contact, the ways to keep in touch, the Local Area Coordinator."""

from datetime import date

import pytest
from assessment_cases import (
    CLOSE,
    FORM_DAY,
    MET,
    OPEN,
    REFER,
    RETURNER,
    Changes,
    an_assessment,
    assessed,
    assessed_on,
    assessed_without,
    dates_of,
    decided,
    found,
    messages,
    policy,
    problems,
    task,
    tasks,
)

from connector.model import Inbox

SOCIAL_MEDIA: Changes = {
    "social_media_ok": "yes",
    "social_media_platform": "Example Net",
    "social_media_handle": "robin.s",
    "social_media_permission_on": date(2026, 2, 10),
}
ALLOWED = policy(annual={"social_media_enabled": "true"})


@pytest.mark.rules("DC-35")
@pytest.mark.parametrize(
    ("closed", "born", "dates"),
    [
        (date(2026, 3, 10), date(2003, 4, 18), (date(2026, 10, 19), date(2026, 10, 30))),
        (date(2025, 12, 1), date(2001, 10, 28), (date(2026, 10, 19), date(2026, 10, 27))),
        (date(2025, 12, 1), date(2001, 11, 2), (date(2026, 10, 19), date(2026, 10, 30))),
        # Thirteen and fourteen days before the Monday of the week
        (date(2026, 10, 13), date(2003, 4, 18), (date(2027, 10, 6), date(2027, 10, 13))),
        (date(2026, 10, 12), date(2003, 4, 18), (date(2026, 10, 19), date(2026, 10, 30))),
        # The week of 30 October 2028 would come five days after twelve months
        (date(2027, 10, 25), date(2006, 4, 18), (date(2028, 10, 18), date(2028, 10, 25))),
    ],
)
def test_the_first_yearly_contact_falls_into_the_october_week_within_twelve_months(
    closed: date, born: date, dates: tuple[date, date]
) -> None:
    changes = {"date_of_birth": born, "requested_on": closed}
    decision = assessed_on(closed, RETURNER, CLOSE, changes, actions=())
    assert dates_of(decision, "T30") == dates
    assert decision.write_back.next_contact_on == dates[1]


@pytest.mark.rules("DC-35")
@pytest.mark.parametrize(
    ("closed", "told"),
    [
        (
            date(2026, 3, 10),
            "The yearly exercise is from 26 October 2026 to 30 October 2026. It is",
        ),
        (
            date(2026, 10, 13),
            "to 29 October 2027 would be too late. It is due on 13 October 2027, at",
        ),
    ],
)
def test_a_yearly_contact_outside_the_exercise_does_not_claim_to_be_in_it(
    closed: date, told: str
) -> None:
    changes = {"requested_on": closed}
    decision = assessed_on(closed, RETURNER, CLOSE, changes, actions=())
    assert told in task(decision, "T30").because


@pytest.mark.rules("DC-35")
@pytest.mark.parametrize(
    ("born", "wanted"),
    [
        (date(2001, 10, 26), []),  # 25 on the Monday of the week
        (date(2001, 10, 27), ["T30"]),
    ],
)
def test_no_series_is_begun_when_25_comes_before_the_window(born: date, wanted: list[str]) -> None:
    decision = assessed(RETURNER, CLOSE, {"date_of_birth": born})
    assert tasks(decision) == wanted


@pytest.mark.rules("DC-35")
def test_the_yearly_contact_is_the_teams_and_not_a_workers() -> None:
    contact = task(assessed(RETURNER, CLOSE), "T30")
    assert (contact.rule, contact.inbox, contact.assignee) == ("DC-35", Inbox.TEAM, "311")


@pytest.mark.rules("DC-35")
@pytest.mark.parametrize(
    ("outcome", "who", "yearly"),
    [
        (CLOSE, {}, True),
        (MET, RETURNER, True),
        (MET, {}, True),
        (OPEN, RETURNER, False),
        (REFER, RETURNER, False),
    ],
)
def test_only_a_closed_case_is_contacted_yearly(
    outcome: Changes, who: Changes, yearly: bool
) -> None:
    assert ("T30" in tasks(assessed(who, outcome))) is yearly


@pytest.mark.rules("DC-35")
def test_a_series_that_is_late_gets_one_task_on_the_next_working_day() -> None:
    form = an_assessment(RETURNER, CLOSE)
    decision = decided(form, date(2027, 12, 23))
    assert dates_of(decision, "T30") == (date(2027, 12, 23), date(2027, 12, 24))


@pytest.mark.rules("DC-35")
@pytest.mark.parametrize(
    ("as_of", "wanted"), [(date(2028, 4, 17), ["T30"]), (date(2028, 4, 18), [])]
)
def test_a_series_is_not_begun_once_they_are_25(as_of: date, wanted: list[str]) -> None:
    assert tasks(decided(an_assessment(RETURNER, CLOSE), as_of)) == wanted


@pytest.mark.rules("DC-35")
@pytest.mark.parametrize(
    ("annual", "dates"),
    [
        ({"window": "november"}, (date(2026, 10, 26), date(2026, 11, 30))),
        (
            {"window": "dates", "window_dates": {"2026": ["2026-06-01", "2026-06-12"]}},
            (date(2026, 5, 25), date(2026, 6, 12)),
        ),
        ({"open_days_before": "3"}, (date(2026, 10, 23), date(2026, 10, 30))),
        ({"min_gap_days": "300"}, (date(2027, 2, 5), date(2027, 2, 12))),
        ({"max_gap_months": "6"}, (date(2026, 8, 5), date(2026, 8, 12))),
    ],
)
def test_the_council_sets_its_yearly_exercise(annual: Changes, dates: tuple[date, date]) -> None:
    decision = decided(an_assessment(RETURNER, CLOSE), FORM_DAY, policy(annual=annual))
    assert dates_of(decision, "T30") == dates


def test_the_way_days_off_move_is_the_councils() -> None:
    day = date(2025, 10, 18)  # six months later is a Saturday
    form = an_assessment(RETURNER, OPEN, {"assessment_date": day, "requested_on": day})
    forward = policy(dates={"non_working_day": "next"})
    assert task(decided(form, day), "T21").due_on == date(2026, 4, 17)
    assert task(decided(form, day, forward), "T21").due_on == date(2026, 4, 20)


@pytest.mark.rules("DC-36")
@pytest.mark.parametrize("outcome", [CLOSE, MET])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        (
            {"last_known_phone": None},
            ["No phone number is recorded. There will be no way to keep in touch."],
        ),
        (
            {"phone_safe_to_use": False},
            ["The phone number is not safe to use. There will be no way to keep in touch."],
        ),
        ({"phone_safe_to_use": None}, ["Say whether the phone number is safe to use."]),
        (
            {"accommodation_code": "X1"},
            ["They are in custody, so the last known phone number may be of no use."],
        ),
        (
            {"accommodation_code": "G"},
            ["They have gone abroad, so the last known phone number may be of no use."],
        ),
    ],
)
def test_after_closing_there_is_a_way_to_keep_in_touch(
    outcome: Changes, changes: Changes, expected: list[str]
) -> None:
    decision = assessed(RETURNER, outcome, changes)
    assert messages(decision, "DC-36") == expected
    assert found(decision, "DC-36") == ["W"] * len(expected)


@pytest.mark.rules("DC-36", "DC-37")
@pytest.mark.parametrize("outcome", [OPEN, REFER])
def test_a_case_that_goes_on_is_not_asked_for_ways_to_keep_in_touch(outcome: Changes) -> None:
    nothing = {"last_known_phone": None, "phone_safe_to_use": None, "social_media_ok": None}
    assert problems(assessed(outcome, nothing)) == []


@pytest.mark.rules("DC-36")
def test_nobody_is_written_to() -> None:
    text = task(assessed(RETURNER, CLOSE), "T30").text
    assert "Do not write" in text
    assert "Use the last known phone number: 07700 900456." in text
    assert "Do not say why you are calling until you are sure who it is." in text


@pytest.mark.rules("DC-36")
@pytest.mark.parametrize("changes", [{"last_known_phone": None}, {"phone_safe_to_use": False}])
def test_without_a_safe_number_the_task_says_so(changes: Changes) -> None:
    text = task(assessed(RETURNER, CLOSE, changes), "T30").text
    assert "No way to contact is recorded." in text
    assert "07700" not in text


@pytest.mark.rules("DC-36")
@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (["phone", "text"], "Use the last known phone number: 07700 900456."),
        (["text"], "Send a text message to the last known phone number: 07700 900456."),
        (["email"], "An e-mail is allowed where the record has an address."),
        (["social_media"], "No way to contact is recorded."),
    ],
)
def test_the_council_chooses_the_channels(channels: list[str], expected: str) -> None:
    settings = policy(annual={"channels": channels})
    decision = decided(an_assessment(RETURNER, CLOSE), FORM_DAY, settings)
    assert expected in task(decision, "T30").text


@pytest.mark.rules("DC-37")
@pytest.mark.parametrize("outcome", [CLOSE, MET])
@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({"social_media_ok": None}, ["W"]),
        ({"social_media_ok": "not_asked"}, ["I"]),
        ({"social_media_ok": "no"}, []),
        (SOCIAL_MEDIA, []),
        ({**SOCIAL_MEDIA, "social_media_handle": None}, ["W"]),
        ({**SOCIAL_MEDIA, "social_media_permission_on": None}, ["W"]),
        ({**SOCIAL_MEDIA, "social_media_platform": None}, []),
    ],
)
def test_social_media_needs_permission_a_date_and_a_name(
    outcome: Changes, changes: Changes, severities: list[str]
) -> None:
    assert found(assessed(RETURNER, outcome, changes), "DC-37") == severities


@pytest.mark.rules("DC-36", "DC-37")
def test_social_media_is_a_way_to_keep_in_touch_only_where_the_council_switched_it_on() -> None:
    form = an_assessment(RETURNER, CLOSE, SOCIAL_MEDIA, {"last_known_phone": None})
    off, on = decided(form, FORM_DAY), decided(form, FORM_DAY, ALLOWED)
    assert messages(off, "DC-36") == [
        "No phone number is recorded. There will be no way to keep in touch."
    ]
    assert "robin.s" not in task(off, "T30").text
    assert messages(on, "DC-36") == ["No phone number is recorded."]
    assert "a direct message on Example Net to robin.s" in task(on, "T30").text


@pytest.mark.rules("DC-37")
@pytest.mark.parametrize(
    "missing", ["social_media_ok", "social_media_handle", "social_media_permission_on"]
)
def test_without_permission_date_and_name_social_media_is_not_used(missing: str) -> None:
    form = an_assessment(RETURNER, CLOSE, SOCIAL_MEDIA, {missing: None})
    assert "direct message" not in task(decided(form, FORM_DAY, ALLOWED), "T30").text


def test_the_yearly_contact_offers_the_local_offer() -> None:
    link = "https://council.example/local-offer"
    settings = policy(service={"local_offer_url": link})
    decision = decided(an_assessment(RETURNER, CLOSE), FORM_DAY, settings)
    assert task(decision, "T30").text.endswith(f"the link to it: {link}")
    assert "the link to it." in task(assessed(RETURNER, CLOSE), "T30").text


@pytest.mark.rules("DC-39")
@pytest.mark.parametrize("outcome", [CLOSE, OPEN, MET, REFER])
@pytest.mark.parametrize(
    ("considered", "introduction", "severities", "introduce"),
    [
        (True, "no", [], False),
        (True, "declined", [], False),
        (True, "not_available", [], False),
        (True, "yes", [], True),
        (False, None, ["W"], True),
        (None, None, ["W"], True),
    ],
)
def test_in_all_cases_a_local_area_coordinator_is_considered(
    outcome: Changes,
    considered: bool | None,
    introduction: str | None,
    severities: list[str],
    introduce: bool,
) -> None:
    decision = assessed(
        outcome,
        {
            "local_area_coordinator_considered": considered,
            "local_area_coordinator_introduction": introduction,
        },
    )
    assert found(decision, "DC-39") == severities
    assert ("T26" in tasks(decision)) is introduce


@pytest.mark.rules("DC-39")
@pytest.mark.parametrize(("outcome", "inbox"), [(OPEN, Inbox.WORKER), (REFER, Inbox.MANAGER)])
def test_the_introduction_is_made_within_ten_working_days(outcome: Changes, inbox: Inbox) -> None:
    made = task(assessed(outcome, {"local_area_coordinator_introduction": "yes"}), "T26")
    assert (made.rule, made.inbox, made.due_on) == ("DC-39", inbox, date(2026, 2, 26))


@pytest.mark.rules("DC-39", "EN-06")
def test_once_considered_the_answer_is_given() -> None:
    decision = assessed_without("local_area_coordinator_introduction", OPEN)
    assert problems(decision) == [("EN-06", "E")]
