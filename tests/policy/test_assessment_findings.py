"""DC-08 to DC-18: taking part, the six areas, and what was found in them."""

from datetime import date

import pytest
from assessment_cases import (
    CALL_THE_GP,
    CLOSE,
    FORM_DAY,
    MET,
    OPEN,
    REFER,
    RETURNER,
    REVIEW,
    Changes,
    an_assessment,
    assessed,
    assessed_on,
    assessed_without,
    decided,
    found,
    messages,
    problems,
    task,
    tasks,
)

from connector.model import Inbox
from schemas import Action
from schemas.choices import AREA


@pytest.mark.rules("DC-08")
@pytest.mark.parametrize(
    ("changes", "severities"),
    [
        ({**OPEN, "level_of_support": "none"}, ["W"]),
        ({**OPEN, "level_of_support": "intensive"}, []),
        ({**CLOSE, "level_of_support": "intensive"}, ["W"]),
        ({**CLOSE, "level_of_support": "none"}, []),
        ({**MET, "level_of_support": "intensive"}, []),
        ({**OPEN, "types_of_support": ()}, ["W"]),
    ],
)
def test_level_and_types_of_support_fit_the_outcome(
    changes: Changes, severities: list[str]
) -> None:
    assert found(assessed(changes), "DC-08") == severities


@pytest.mark.rules("DC-08")
def test_the_level_of_support_is_asked_for() -> None:
    decision = assessed_without("level_of_support", OPEN)
    assert problems(decision) == [("DC-08", "E")]
    assert decision.status == "needs_attention"


@pytest.mark.rules("EN-06")
@pytest.mark.parametrize(
    "name", ["assessment_type", "assessor_role", "assessor_id", "took_part", "young_adult_agrees"]
)
def test_a_question_that_is_always_asked_cannot_stay_blank(name: str) -> None:
    decision = assessed_without(name, OPEN)
    assert ("EN-06", "E") in problems(decision)
    assert decision.status == "needs_attention"


@pytest.mark.rules("DC-09")
@pytest.mark.parametrize("took_part", ["no_refused", "no_not_reached"])
@pytest.mark.parametrize("outcome", [OPEN, REFER])
def test_an_assessment_without_the_young_adult_is_shown_to_the_manager(
    took_part: str, outcome: Changes
) -> None:
    decision = assessed(outcome, {"took_part": took_part, "took_part_notes": "Three calls."})
    assert found(decision, "DC-09") == ["W"]


@pytest.mark.rules("DC-09", "DC-33")
@pytest.mark.parametrize("took_part", ["no_refused", "no_not_reached"])
def test_closing_without_the_young_adult_waits_even_if_both_answers_say_yes(
    took_part: str,
) -> None:
    decision = assessed(CLOSE, {"took_part": took_part, "took_part_notes": "Three calls."})
    assert problems(decision) == [("DC-09", "H")]
    assert decision.status == "on_hold_closure_questions"
    assert tasks(decision) == ["T25"]
    assert "once a year and they can come back" in task(decision, "T25").title


@pytest.mark.rules("DC-09")
@pytest.mark.parametrize("took_part", ["yes", "partly", "no_unable"])
def test_taking_part_in_another_way_closes_the_case(took_part: str) -> None:
    decision = assessed(CLOSE, {"took_part": took_part, "took_part_notes": "With an advocate."})
    assert found(decision, "DC-09") == []
    assert decision.status == "closure_planned"


@pytest.mark.rules("DC-09", "EN-06")
@pytest.mark.parametrize(
    ("took_part", "severities"),
    [("yes", []), ("partly", ["E"]), ("no_unable", ["E"]), ("no_refused", ["E"])],
)
def test_taking_part_less_than_fully_is_explained(took_part: str, severities: list[str]) -> None:
    decision = assessed(OPEN, {"took_part": took_part, "took_part_notes": None})
    assert found(decision, "EN-06") == severities


@pytest.mark.rules("DC-09")
def test_a_young_adult_who_does_not_agree_is_heard_by_the_manager() -> None:
    decision = assessed(OPEN, {"young_adult_agrees": "no"})
    assert found(decision, "DC-09") == ["W"]
    heard = task(decision, "T33")
    assert (heard.rule, heard.inbox, heard.due_on) == ("DC-09", Inbox.MANAGER, date(2026, 2, 19))
    assert tasks(assessed(OPEN, {"young_adult_agrees": "not_asked"})) == ["T20", "T21"]


@pytest.mark.rules("DC-09")
def test_whoever_wants_no_contact_is_left_to_the_managers_decision() -> None:
    decision = assessed(CLOSE, {"contact_refused": True})
    asked = task(decision, "T13")
    assert (asked.rule, asked.inbox, asked.due_on) == ("DC-09", Inbox.MANAGER, date(2026, 2, 26))
    assert "T30" in tasks(decision)


@pytest.mark.rules("DC-10", "DC-14", "DC-18")
@pytest.mark.parametrize("area", list(AREA))
def test_each_of_the_six_areas_is_considered(area: str) -> None:
    decision = assessed_without(f"area_{area}_summary", OPEN)
    assert problems(decision) == [("DC-10", "E")]


@pytest.mark.rules("DC-11")
@pytest.mark.parametrize(
    ("plan", "severities"),
    [
        (None, ["W"]),
        (date(2025, 8, 11), ["W"]),  # six months and a day before
        (date(2025, 8, 12), []),  # six months to the day
        (date(9999, 12, 31), []),
    ],
)
def test_approaching_21_the_pathway_plan_is_not_older_than_six_months(
    plan: date | None, severities: list[str]
) -> None:
    assert found(assessed(OPEN, {"current_pathway_plan_date": plan}), "DC-11") == severities
    assert found(assessed(REVIEW, OPEN, {"current_pathway_plan_date": plan}), "DC-11") == []


@pytest.mark.rules("DC-11")
def test_the_plans_age_counts_on_the_day_of_the_assessment() -> None:
    form = an_assessment(OPEN, {"current_pathway_plan_date": date(2025, 8, 12)})
    assert found(decided(form, date(2026, 5, 1)), "DC-11") == []


@pytest.mark.rules("DC-12")
@pytest.mark.parametrize("area", list(AREA))
def test_support_that_is_needed_is_named(area: str) -> None:
    needs = {f"area_{area}_needs_support": True, f"area_{area}_support_needed": None}
    assert found(assessed(OPEN, needs), "DC-12") == ["E"]


@pytest.mark.rules("DC-12")
@pytest.mark.parametrize("outcome", [CLOSE, MET])
@pytest.mark.parametrize(("area", "severities"), [("health", []), ("financial", ["W"]), (None, [])])
def test_a_need_no_action_covers_is_remarked_by_area(
    outcome: Changes, area: str | None, severities: list[str]
) -> None:
    needs = {
        "area_health_needs_support": True,
        "area_health_support_needed": "Counselling.",
        "actions": (Action(what="Help", due_on=date(2026, 3, 2), area=area, done=True),),
    }
    decision = assessed(outcome, needs)
    assert found(decision, "DC-12") == severities
    assert all("Health" in message for message in messages(decision, "DC-12"))


@pytest.mark.rules("DC-12")
@pytest.mark.parametrize("outcome", [OPEN, REFER])
def test_a_need_of_a_case_that_goes_on_is_not_remarked(outcome: Changes) -> None:
    needs = {"area_financial_needs_support": True, "area_financial_support_needed": "Debt advice."}
    assert found(assessed(outcome, needs), "DC-12") == []


@pytest.mark.rules("DC-12", "DC-19")
def test_a_table_of_actions_nobody_can_read_is_not_taken_for_an_empty_one() -> None:
    needs = {"area_health_needs_support": True, "area_health_support_needed": "Counselling."}
    for outcome in (MET, REFER):
        form = an_assessment(outcome, needs, {"actions": ()}, unreadable=frozenset({"actions"}))
        assert problems(decided(form, FORM_DAY)) == []


@pytest.mark.rules("DC-13")
@pytest.mark.parametrize(
    ("home", "severities"),
    [
        ({"accommodation_code": "U2"}, ["W"]),
        ({"accommodation_code": "S"}, ["W"]),
        ({"accommodation_code": "V1"}, ["W"]),
        ({"accommodation_code": "W"}, ["W"]),
        ({"accommodation_code": "X1"}, []),
        ({"accommodation_code": "0"}, []),
        ({"accommodation_suitable": False}, ["W"]),
        ({"accommodation_code": None, "accommodation_suitable": None}, []),
    ],
)
def test_an_unsuitable_home_is_remarked_before_closing(
    home: Changes, severities: list[str]
) -> None:
    assert found(assessed(CLOSE, home), "DC-13") == severities
    assert found(assessed(MET, home), "DC-13") == []


@pytest.mark.rules("DC-15")
@pytest.mark.parametrize(
    ("activity", "severities"),
    [("F1", ["W"]), ("P1", ["W"]), ("F2", ["W"]), ("P2", ["W"]), ("F4", []), ("G5", [])],
)
def test_education_is_remarked_before_closing(activity: str, severities: list[str]) -> None:
    assert found(assessed(CLOSE, {"activity_code": activity}), "DC-15") == severities
    assert found(assessed(OPEN, {"activity_code": activity}), "DC-15") == []


@pytest.mark.rules("DC-16")
@pytest.mark.parametrize(
    ("status", "action", "severities"),
    [
        (None, None, ["W"]),
        ("unknown", None, []),
        ("needs_application", None, ["W"]),
        ("needs_application", "Apply for the Council-Tax exemption", []),
        ("needs_application", "Pay the council\ntax bill", []),
        ("needs_application", "Ring the council about a tax disc", ["W"]),
    ],
)
def test_a_council_tax_application_that_is_needed_has_its_action(
    status: str | None, action: str | None, severities: list[str]
) -> None:
    rows = (CALL_THE_GP, *((Action(what=action, due_on=date(2026, 3, 2)),) if action else ()))
    decision = assessed(OPEN, {"council_tax_status": status, "actions": rows})
    assert found(decision, "DC-16") == severities
    assert tasks(decision) == ["T20"] * len(rows) + ["T21"]


@pytest.mark.rules("DC-17")
@pytest.mark.parametrize(
    ("answers", "severities"),
    [
        ({"access_to_records_discussed": None}, ["W"]),
        ({"access_to_records_discussed": False}, []),
        ({"wants_access": True}, ["W"]),
        ({"wants_access": True, "what": "Start access to records"}, []),
        ({"wants_access": True, "what": "Ask for the file"}, []),
        ({"wants_access": True, "what": "Fill in the housing profile"}, ["W"]),
    ],
)
def test_a_wish_to_see_the_records_has_its_action(answers: Changes, severities: list[str]) -> None:
    what = answers.get("what", "Call the GP")
    given = {name: value for name, value in answers.items() if name != "what"}
    rows = (Action(what=what, due_on=date(2026, 3, 2)),)
    assert found(assessed(OPEN, given, {"actions": rows}), "DC-17") == severities


def test_a_returner_seen_in_time_with_nothing_missing_closes_at_once() -> None:
    decision = assessed_on(FORM_DAY, RETURNER, CLOSE, actions=())
    assert decision.status == "closed_annual_contact"
