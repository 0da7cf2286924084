"""DC-01 to DC-07: whom a post-21 assessment is for, who does it, and how soon."""

from datetime import UTC, date, datetime

import pytest
from assessment_cases import (
    CLOSE,
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
    policy,
    problems,
    task,
    tasks,
)

from connector.model import Decision, Inbox


@pytest.mark.parametrize("who", [{}, RETURNER, REVIEW])
@pytest.mark.parametrize("outcome", [CLOSE, OPEN, MET, REFER])
def test_a_complete_assessment_of_any_type_and_outcome_leaves_nothing_to_check(
    who: Changes, outcome: Changes
) -> None:
    assert problems(assessed(who, outcome)) == []


@pytest.mark.rules("DC-01")
@pytest.mark.parametrize(
    ("day", "severities"),
    [
        (date(2025, 5, 9), ["W"]),  # the day before 20
        (date(2025, 5, 10), ["I"]),  # 20
        (date(2025, 11, 9), ["I"]),  # the day before 20 and six months
        (date(2025, 11, 10), []),  # 20 and six months
        (date(2026, 5, 9), []),  # the day before 21
        (date(2026, 5, 10), ["W"]),  # 21
        (date(2026, 6, 10), ["W"]),  # 21 and one month
        (date(2026, 6, 11), ["H"]),  # a day more
    ],
)
def test_approaching_21_is_judged_by_age_on_the_assessment_date(
    day: date, severities: list[str]
) -> None:
    decision = assessed_on(day, current_pathway_plan_date=day)
    assert found(decision, "DC-01") == severities
    assert decision.status == ("on_hold" if severities == ["H"] else "open")


@pytest.mark.rules("DC-01")
def test_born_on_a_leap_day_they_turn_21_on_the_first_of_march() -> None:
    born = {**OPEN, "date_of_birth": date(2004, 2, 29)}
    assert found(assessed_on(date(2025, 2, 28), born), "DC-01") == []
    assert found(assessed_on(date(2025, 3, 1), born), "DC-01") == ["W"]
    assert found(assessed_on(date(2025, 4, 1), born), "DC-01") == ["W"]
    assert found(assessed_on(date(2025, 4, 2), born), "DC-01") == ["H"]


@pytest.mark.rules("DC-01")
def test_too_late_for_the_type_the_form_waits_and_its_author_is_asked() -> None:
    decision = assessed_on(date(2026, 6, 11), current_pathway_plan_date=date(2026, 5, 1))
    assert decision.status == "on_hold"
    assert tasks(decision) == ["T90", "T20"]
    fix = task(decision, "T90")
    assert (fix.rule, fix.assignee) == ("DC-01", "20931")
    assert fix.title.startswith("Put right the form: They turned 21 on 10 May 2026")


@pytest.mark.rules("DC-01")
def test_an_assessment_delivered_late_is_judged_on_its_own_date() -> None:
    assert problems(decided(an_assessment(), date(2026, 9, 1))) == []


def test_a_review_of_an_open_case_has_no_age_window() -> None:
    assert problems(assessed_on(date(2027, 3, 1), REVIEW, OPEN)) == []


@pytest.mark.rules("DC-02")
@pytest.mark.parametrize(
    ("born", "severities", "status"),
    [
        (date(2005, 2, 6), ["H"], "on_hold"),  # asked the day before 21
        (date(2005, 2, 5), [], "open"),  # asked on the 21st birthday
        (date(2001, 2, 6), ["W"], "open"),  # asked the day before 25, assessed after
        (date(2001, 2, 5), ["H"], "not_in_scope_age_25"),  # asked on the 25th birthday
        (date(2001, 2, 12), ["W"], "open"),  # assessed on the 25th birthday
        (date(2001, 2, 13), [], "open"),  # assessed the day before
    ],
)
def test_a_returner_is_judged_by_age_on_the_day_they_asked(
    born: date, severities: list[str], status: str
) -> None:
    decision = assessed(RETURNER, OPEN, {"date_of_birth": born})
    assert found(decision, "DC-02") == severities
    assert decision.status == status


@pytest.mark.rules("DC-02")
def test_asked_at_25_leaves_one_task_to_signpost_and_the_document() -> None:
    decision = assessed(
        RETURNER, CLOSE, {"date_of_birth": date(2001, 2, 5), "young_adult_agrees": "no"}
    )
    assert tasks(decision) == ["T32"]
    signpost = task(decision, "T32")
    assert (signpost.rule, signpost.inbox, signpost.due_on) == (
        "DC-02",
        Inbox.MANAGER,
        date(2026, 2, 19),
    )
    assert decision.attaches_summary
    (message,) = messages(decision, "DC-02")
    assert message == (
        "They turned 25 on 5 February 2026, before they asked for support. Speak to your manager"
        " about what you can offer."
    )


@pytest.mark.rules("DC-02")
@pytest.mark.parametrize("outcome", [CLOSE, OPEN, MET, REFER])
def test_turned_25_since_asking_keeps_the_outcome_without_a_series(outcome: Changes) -> None:
    decision = assessed(RETURNER, outcome, {"date_of_birth": date(2001, 2, 6)})
    decide = task(decision, "T29")
    assert (decide.rule, decide.inbox, decide.due_on) == (
        "DC-02",
        Inbox.MANAGER,
        date(2026, 2, 19),
    )
    assert not {"T21", "T30"} & set(tasks(decision))


@pytest.mark.rules("DC-02")
def test_a_returner_cannot_have_asked_after_the_assessment() -> None:
    decision = assessed(RETURNER, OPEN, {"assessment_date": date(2026, 2, 4)})
    assert found(decision, "DC-02") == ["E"]
    assert decision.status == "needs_attention"


@pytest.mark.rules("DC-02", "EN-06")
def test_a_returner_without_the_day_they_asked_is_sent_back() -> None:
    decision = assessed(RETURNER, OPEN, {"requested_on": None})
    assert problems(decision) == [("EN-06", "E")]
    assert assessed(OPEN, {"requested_on": None}).status == "open"


def test_a_date_that_cannot_be_read_is_not_judged_again() -> None:
    form = an_assessment(
        RETURNER,
        OPEN,
        {"requested_on": None, "assessment_date": None},
        unreadable=frozenset({"requested_on", "assessment_date"}),
    )
    assert problems(decided(form, date(2026, 3, 20))) == []


def test_without_an_assessment_date_the_form_day_counts_and_nothing_is_remarked() -> None:
    decision = assessed_without("assessment_date", OPEN)
    assert problems(decision) == []
    assert task(decision, "T21").due_on == date(2026, 8, 12)


@pytest.mark.rules("DC-04")
@pytest.mark.parametrize(
    ("role", "severities"),
    [("allocated_pa", []), ("previous_pa", ["W"]), ("duty_worker", ["W"]), ("other", ["W"])],
)
def test_approaching_21_someone_else_than_the_allocated_adviser_is_remarked(
    role: str, severities: list[str]
) -> None:
    decision = assessed(OPEN, {"assessor_role": role})
    assert found(decision, "DC-04") == severities
    assert decision.status == "open"
    assert found(assessed(REVIEW, OPEN, {"assessor_role": role}), "DC-04") == []


@pytest.mark.rules("DC-05")
@pytest.mark.parametrize(
    ("answers", "severities"),
    [
        ({"assessor_role": "previous_pa"}, []),
        ({"assessor_role": "duty_worker"}, ["W"]),
        ({"assessor_role": "duty_worker", "previous_pa_id": "77"}, ["W"]),
        (
            {
                "assessor_role": "duty_worker",
                "previous_pa_id": "77",
                "why_not_previous_pa": "Left the council.",
            },
            [],
        ),
    ],
)
def test_a_returner_seen_by_someone_new_is_explained(
    answers: Changes, severities: list[str]
) -> None:
    assert found(assessed(RETURNER, OPEN, answers), "DC-05") == severities
    assert found(assessed(REVIEW, OPEN, answers), "DC-05") == []


@pytest.mark.rules("DC-06")
@pytest.mark.parametrize(
    ("role", "worker", "inbox", "assignee"),
    [
        ("duty_worker", "20931", Inbox.WORKER, "20931"),
        ("duty_worker", None, Inbox.TEAM, "311"),
        ("previous_pa", None, Inbox.TEAM, "311"),
    ],
)
def test_an_advisers_action_goes_to_whoever_is_allocated_else_to_the_team(
    role: str, worker: str | None, inbox: Inbox, assignee: str
) -> None:
    decision = assessed(
        RETURNER, OPEN, {"assessor_role": role, "allocated_worker_id": worker, "assessor_id": "9"}
    )
    action = task(decision, "T20")
    assert (action.inbox, action.assignee) == (inbox, assignee)
    assert found(decision, "DC-06") == ([] if worker else ["W"])


@pytest.mark.rules("DC-06")
def test_actions_of_a_duty_assessment_alone_need_nobody_allocated() -> None:
    on_duty = {"assessor_role": "duty_worker", "allocated_worker_id": None}
    closing = assessed(RETURNER, CLOSE, on_duty, {"actions": OPEN["actions"]})
    assert tasks(closing) == ["T20", "T30"]


def _returned(asked: date, assessed_at: date) -> Decision:
    return assessed_on(assessed_at, RETURNER, OPEN, {"requested_on": asked})


@pytest.mark.rules("DC-07")
def test_more_than_ten_working_days_after_the_request_is_remarked() -> None:
    asked = date(2026, 3, 27)  # Good Friday and Easter Monday lie between
    assert found(_returned(asked, date(2026, 4, 14)), "DC-07") == []
    late = _returned(asked, date(2026, 4, 15))
    assert messages(late, "DC-07") == [
        "The assessment took 11 working days after they asked. Aim for 10."
    ]
    assert found(late, "DC-07") == ["W"]


@pytest.mark.rules("DC-07")
def test_the_day_of_the_request_is_not_counted() -> None:
    same_day = date(2026, 3, 27)
    assert found(_returned(same_day, same_day), "DC-07") == []


@pytest.mark.rules("DC-01", "DC-02", "DC-07")
def test_the_councils_own_limits_of_age_and_time_count() -> None:
    settings = policy(
        limits={"upper_age": "26"},
        post21={
            "window_opens_months": "14",
            "late_limit_months_after": "2",
            "returner_target_working_days": "3",
        },
    )
    early = decided(
        an_assessment({**OPEN, "assessment_date": date(2025, 3, 12)}), date(2026, 2, 12), settings
    )
    assert found(early, "DC-01") == []
    late = an_assessment(
        OPEN,
        {"assessment_date": date(2026, 7, 10), "completed_at": datetime(2026, 7, 10, tzinfo=UTC)},
    )
    assert found(decided(late, date(2026, 7, 10), settings), "DC-01") == ["W"]
    aged_25 = an_assessment(RETURNER, OPEN, {"date_of_birth": date(2001, 2, 5)})
    decision = decided(aged_25, date(2026, 2, 12), settings)
    assert decision.status == "open"
    assert found(decision, "DC-07") == ["W"]


@pytest.mark.rules("DC-02")
def test_a_council_that_turns_them_away_has_the_worker_signpost() -> None:
    form = an_assessment(RETURNER, OPEN, {"date_of_birth": date(2001, 2, 5)})
    decision = decided(form, date(2026, 2, 12), policy(post21={"over_age_action": "reject"}))
    assert tasks(decision) == ["T32"]
    assert task(decision, "T32").inbox is Inbox.WORKER
