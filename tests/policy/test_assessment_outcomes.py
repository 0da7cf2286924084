"""DC-20 to DC-29: what each of the four outcomes asks for."""

from datetime import date

import pytest
from assessment_cases import (
    CLOSE,
    FORM_DAY,
    MET,
    OPEN,
    REFER,
    RETURNER,
    REVIEW,
    TOLD,
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

from connector.model import Inbox, PersonRecord
from schemas import Action

OPEN_BEFORE = PersonRecord(case_open=True)
CLOSED_BEFORE = PersonRecord(case_open=False)


@pytest.mark.rules("DC-20")
def test_an_outcome_is_chosen() -> None:
    decision = assessed_without("outcome", OPEN)
    assert problems(decision) == [("DC-20", "E")]
    assert messages(decision, "DC-20") == ["Choose one outcome. None is ticked."]


@pytest.mark.rules("DC-20")
@pytest.mark.parametrize(
    ("outcome", "who", "status", "wanted"),
    [
        (CLOSE, {}, "closure_planned", ["T10", "T30"]),
        (CLOSE, RETURNER, "closed_annual_contact", ["T30"]),
        (OPEN, {}, "open", ["T20", "T21"]),
        (OPEN, RETURNER, "open", ["T20", "T21"]),
        (MET, {}, "closure_planned", ["T10", "T30"]),
        (MET, RETURNER, "closed_annual_contact", ["T30"]),
        (REFER, {}, "awaiting_manager", ["T22", "T20"]),
        (REFER, RETURNER, "awaiting_manager", ["T22", "T20"]),
    ],
)
def test_each_outcome_has_its_status_and_tasks(
    outcome: Changes, who: Changes, status: str, wanted: list[str]
) -> None:
    decision = assessed(outcome, who)
    assert decision.status == status
    assert tasks(decision) == wanted


@pytest.mark.rules("DC-21")
@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({}, []),
        ({"actions": OPEN["actions"]}, ["W"]),
        ({"actions": (Action(what="Call", done=True),)}, []),
        ({"keep_open_reasons": ("pregnant_or_parent",)}, ["W"]),
        ({"activity_code": "G6"}, ["W"]),
        ({"keep_open_reasons": ("pregnant_or_parent",), "activity_code": "G6"}, ["W"]),
    ],
)
def test_what_speaks_against_closing_is_remarked(changes: Changes, severities: list[str]) -> None:
    decision = assessed(RETURNER, CLOSE, changes)
    assert found(decision, "DC-21") == severities
    assert decision.status == "closed_annual_contact"


@pytest.mark.rules("DC-21")
def test_closing_cancels_earlier_tasks_and_makes_its_own() -> None:
    decision = assessed(
        RETURNER,
        CLOSE,
        {"actions": OPEN["actions"], "local_area_coordinator_introduction": "yes"},
    )
    assert decision.cancels_open_tasks
    assert tasks(decision) == ["T26", "T20", "T30"]
    assert not assessed(CLOSE).cancels_open_tasks
    assert not assessed(OPEN).cancels_open_tasks


@pytest.mark.rules("DC-21")
def test_the_record_gets_the_closing_and_until_when_they_can_return() -> None:
    decision = assessed(RETURNER, CLOSE)
    assert decision.write_back.as_dict() == {
        "status": "closed_annual_contact",
        "line": "The case is closed, with a contact once a year. Next: Yearly contact by"
        " 30 October 2026.",
        "form": "post_21_assessment",
        "closed_on": "2026-02-12",
        "can_return_until": "2028-04-17",
        "next_contact_on": "2026-10-30",
    }


@pytest.mark.rules("DC-22")
def test_an_open_case_is_reviewed_after_six_months() -> None:
    decision = assessed(OPEN)
    review = task(decision, "T21")
    assert (review.rule, review.inbox) == ("DC-22", Inbox.WORKER)
    assert dates_of(decision, "T21") == (date(2026, 8, 5), date(2026, 8, 12))
    assert decision.write_back.next_review_on == date(2026, 8, 12)


@pytest.mark.rules("DC-22")
@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 8, 31), date(2027, 2, 26)),  # 28 February is a Sunday
        (date(2026, 10, 3), date(2027, 4, 2)),  # 3 April is a Saturday
    ],
)
def test_the_review_is_never_later_than_six_months(day: date, due: date) -> None:
    assert task(assessed_on(day, REVIEW, OPEN), "T21").due_on == due


@pytest.mark.rules("DC-22")
@pytest.mark.parametrize(
    ("born", "wanted"),
    [(date(2001, 8, 13), ["T20", "T21"]), (date(2001, 8, 12), ["T20"])],
)
def test_no_review_falls_on_the_25th_birthday_or_later(born: date, wanted: list[str]) -> None:
    assert tasks(assessed(RETURNER, OPEN, {"date_of_birth": born})) == wanted


@pytest.mark.rules("DC-22")
def test_a_review_is_not_begun_once_they_are_25() -> None:
    form = an_assessment(RETURNER, OPEN, {"date_of_birth": date(2001, 9, 1)})
    assert "T21" in tasks(decided(form, date(2026, 8, 31)))
    assert "T21" not in tasks(decided(form, date(2026, 9, 1)))


@pytest.mark.rules("DC-23")
def test_with_immediate_needs_met_it_is_said_what_was_done() -> None:
    assert found(assessed(RETURNER, MET, {"immediate_needs_met_summary": None}), "DC-23") == ["W"]


@pytest.mark.rules("DC-23")
def test_actions_listed_although_none_should_follow_are_remarked_and_made() -> None:
    rows = (
        Action(what="Send the form", due_on=date(2026, 2, 19)),
        Action(what="Fill it in", who="young_adult"),
        Action(what="Print it", done=True),
    )
    decision = assessed(RETURNER, MET, {"actions": rows})
    assert messages(decision, "DC-23") == [
        "No further action was chosen, but 2 actions are listed."
    ]
    assert tasks(decision) == ["T20", "T30"]


@pytest.mark.rules("DC-23")
def test_a_returners_case_counts_as_closed_and_is_not_closed_again() -> None:
    untold = dict.fromkeys(TOLD)
    decision = assessed(RETURNER, MET, untold)
    assert problems(decision) == []
    assert decision.write_back.closed_on is None
    assert decision.write_back.can_return_until == date(2028, 4, 17)


@pytest.mark.rules("DC-23")
@pytest.mark.parametrize(
    ("record", "status"),
    [(OPEN_BEFORE, "on_hold_closure_questions"), (CLOSED_BEFORE, "closed_annual_contact")],
)
def test_what_the_connector_decided_before_says_whether_a_returners_case_is_open(
    record: PersonRecord, status: str
) -> None:
    form = an_assessment(RETURNER, MET, dict.fromkeys(TOLD))
    assert decided(form, FORM_DAY, record=record).status == status


@pytest.mark.rules("DC-23", "DC-30")
@pytest.mark.parametrize("who", [{}, REVIEW])
def test_immediate_needs_met_on_an_open_case_asks_the_closure_questions(who: Changes) -> None:
    decision = assessed(who, MET, {"closure_told_can_return": None})
    assert found(decision, "DC-30") == ["H"]
    assert decision.status == "on_hold_closure_questions"


@pytest.mark.rules("DC-23")
@pytest.mark.parametrize(
    ("way", "status", "wanted"),
    [
        ("ask_closure_questions", "on_hold_closure_questions", ["T25"]),
        ("keep_open", "open", ["T21"]),
        ("close", "closure_planned", ["T10", "T30"]),
    ],
)
def test_the_council_says_what_immediate_needs_met_does_to_an_open_case(
    way: str, status: str, wanted: list[str]
) -> None:
    form = an_assessment(MET, dict.fromkeys(TOLD))
    decision = decided(form, FORM_DAY, policy(post21={"outcome3_open_case": way}))
    assert decision.status == status
    assert tasks(decision) == wanted


@pytest.mark.rules("DC-24")
def test_complex_needs_go_to_the_manager_within_two_working_days() -> None:
    decision = assessed(REFER)
    refer = task(decision, "T22")
    assert (refer.rule, refer.inbox, refer.assignee) == ("DC-24", Inbox.MANAGER, "30007")
    assert (refer.opens_on, refer.due_on) == (FORM_DAY, date(2026, 2, 16))
    assert decision.write_back.closed_on is None


@pytest.mark.rules("DC-24")
def test_complex_needs_are_described() -> None:
    assert found(assessed(REFER, {"complex_needs_summary": None}), "DC-24") == ["W"]
    assert found(assessed(OPEN, {"complex_needs_summary": None}), "DC-24") == []


@pytest.mark.rules("DC-24")
def test_without_a_manager_the_referral_goes_to_the_team_with_a_remark() -> None:
    decision = assessed(REFER, {"manager_id": None})
    refer = task(decision, "T22")
    assert (refer.inbox, refer.assignee) == (Inbox.TEAM, "311")
    assert problems(decision) == [("EN-01", "W")]


@pytest.mark.rules("DC-25")
def test_at_university_the_pathway_plan_goes_on() -> None:
    studying = assessed(OPEN, {"keep_open_reasons": ("university",)})
    assert "The pathway plan continues" in task(studying, "T21").text
    assert "continues" not in task(assessed(OPEN), "T21").text


UNSUITABLE: Changes = {
    **OPEN,
    "keep_open_reasons": ("accommodation_unsuitable",),
    "accommodation_suitable": False,
    "accommodation_resolve_by": date(2026, 5, 4),
}


@pytest.mark.rules("DC-26")
def test_unsuitable_accommodation_is_looked_at_on_the_date_given() -> None:
    decision = assessed(UNSUITABLE)
    assert problems(decision) == []
    check = task(decision, "T23")
    assert (check.rule, check.inbox) == ("DC-26", Inbox.WORKER)
    # 4 May 2026 is the early May bank holiday
    assert (check.opens_on, check.due_on) == (date(2026, 4, 24), date(2026, 5, 1))


@pytest.mark.rules("DC-26")
@pytest.mark.parametrize(
    ("changes", "severities", "wanted"),
    [
        ({"accommodation_resolve_by": None}, ["W"], []),
        ({"accommodation_resolve_by": FORM_DAY}, ["W"], ["T23"]),
        ({"accommodation_resolve_by": date(2026, 2, 13)}, [], ["T23"]),
        ({"accommodation_resolve_by": date(2030, 5, 9)}, [], ["T23"]),
        ({"accommodation_resolve_by": date(2030, 5, 10)}, ["W"], ["T23"]),
        ({"accommodation_suitable": True}, ["W"], ["T23"]),
        ({"keep_open_reasons": ("other",), "keep_open_other": "Debts."}, [], []),
    ],
)
def test_unsuitable_accommodation_is_to_be_resolved_in_time(
    changes: Changes, severities: list[str], wanted: list[str]
) -> None:
    decision = assessed(UNSUITABLE, changes)
    assert found(decision, "DC-26") == severities
    assert [each for each in tasks(decision) if each == "T23"] == wanted


@pytest.mark.rules("DC-27")
@pytest.mark.parametrize(("needs", "severities"), [(True, []), (False, ["W"]), (None, ["W"])])
def test_kept_open_for_health_the_health_area_asks_for_support(
    needs: bool | None, severities: list[str]
) -> None:
    assert found(assessed(OPEN, {"area_health_needs_support": needs}), "DC-27") == severities


@pytest.mark.rules("DC-28")
def test_kept_open_for_a_pregnancy_or_as_a_parent_an_action_meets_the_needs() -> None:
    parent = {"keep_open_reasons": ("pregnant_or_parent",)}
    assert found(assessed(OPEN, parent), "DC-28") == []
    assert found(assessed(OPEN, parent, {"actions": ()}), "DC-28") == ["W"]


@pytest.mark.rules("DC-29")
def test_keeping_a_case_open_is_discussed_with_the_manager() -> None:
    decision = assessed(OPEN, {"manager_discussion_on": None})
    assert found(decision, "DC-29") == ["W"]
    discuss = task(decision, "T24")
    assert (discuss.rule, discuss.inbox, discuss.due_on) == (
        "DC-29",
        Inbox.MANAGER,
        date(2026, 2, 26),
    )


@pytest.mark.rules("DC-29")
@pytest.mark.parametrize("outcome", [CLOSE, MET, REFER])
def test_other_outcomes_need_no_discussion(outcome: Changes) -> None:
    decision = assessed(outcome, {"manager_discussion_on": None, "keep_open_reasons": ()})
    assert found(decision, "DC-29") == []


@pytest.mark.rules("DC-29")
@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({"keep_open_reasons": ()}, ["W"]),
        ({"keep_open_reasons": ("other",)}, ["W"]),
        ({"keep_open_reasons": ("other",), "keep_open_other": "Debts."}, []),
        ({"manager_discussion_with": "jo  adviser"}, ["W"]),
        ({"manager_discussion_with": "20931"}, ["W"]),
        ({"manager_discussion_with": None}, []),
    ],
)
def test_reasons_and_a_discussion_with_someone_else_are_given(
    changes: Changes, severities: list[str]
) -> None:
    decision = assessed(OPEN, changes)
    assert found(decision, "DC-29") == severities
    assert "T24" not in tasks(decision)


@pytest.mark.rules("DC-22", "DC-24", "DC-29")
def test_the_council_sets_review_referral_and_discussion() -> None:
    settings = policy(
        post21={
            "open_review_months": "3",
            "manager_referral_working_days": "1",
            "manager_discussion_working_days": "4",
        }
    )
    form = an_assessment(OPEN, {"manager_discussion_on": None})
    opened = decided(form, FORM_DAY, settings)
    assert task(opened, "T21").due_on == date(2026, 5, 12)
    assert task(opened, "T24").due_on == date(2026, 2, 18)
    referred = decided(an_assessment(REFER), FORM_DAY, settings)
    assert task(referred, "T22").due_on == date(2026, 2, 13)
