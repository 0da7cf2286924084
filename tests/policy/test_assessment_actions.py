"""DC-19: the actions of the service, their dates and inboxes (R8, R9)."""

from collections.abc import Callable
from dataclasses import replace
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
    Changes,
    an_assessment,
    assessed,
    decided,
    found,
    messages,
    policy,
    problems,
    task,
    tasks,
)

from connector.model import Decision, Inbox
from schemas import Action


def _with(*rows: Action, outcome: Changes = OPEN, **more: object) -> Decision:
    return assessed(outcome, {"actions": rows, **more})


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (OPEN, "Add at least one action. You chose to keep the case open."),
        (REFER, "Add at least one action. You chose to refer to the manager."),
    ],
)
def test_a_case_that_goes_on_names_an_action(outcome: Changes, message: str) -> None:
    decision = _with(outcome=outcome)
    assert problems(decision) == [("DC-19", "E")]
    assert messages(decision, "DC-19") == [message]
    assert tasks(decision) == ["T90"]


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize("outcome", [CLOSE, MET])
def test_a_case_that_ends_may_have_no_action(outcome: Changes) -> None:
    assert found(_with(outcome=outcome), "DC-19") == []


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize(
    "row",
    [
        replace(CALL_THE_GP, done=True),
        replace(CALL_THE_GP, who="young_adult", due_on=None),
        replace(CALL_THE_GP, who="other_service", due_on=date(2020, 1, 1)),
        replace(CALL_THE_GP, done=True, due_on=date(2020, 1, 1)),
        replace(CALL_THE_GP, done=True, due_on=None),
    ],
)
def test_what_is_done_or_belongs_to_others_is_listed_without_a_task(row: Action) -> None:
    decision = _with(row)
    assert problems(decision) == []
    assert tasks(decision) == ["T21"]


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize("outcome", [CLOSE, OPEN, MET, REFER])
@pytest.mark.parametrize(
    "row",
    [
        Action(who="pa"),
        Action(due_on=date(2026, 3, 2)),
        Action(area="health"),
        Action(owner_name="Sam"),
        Action(done=True),
        Action(who="young_adult"),
    ],
)
def test_a_row_that_does_not_say_what_is_to_be_done_is_an_error(
    row: Action, outcome: Changes
) -> None:
    decision = _with(CALL_THE_GP, row, outcome=outcome)
    assert found(decision, "DC-19") == ["E"]
    assert messages(decision, "DC-19")[0].startswith("Action 2:")


@pytest.mark.rules("DC-19")
def test_a_row_with_a_number_and_a_box_nobody_ticked_is_a_blank_row() -> None:
    assert problems(_with(CALL_THE_GP, Action(row_id="2", done=False))) == []


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize(
    ("who", "inbox", "assignee"),
    [
        ("pa", Inbox.WORKER, "20931"),
        (None, Inbox.WORKER, "20931"),
        ("duty", Inbox.TEAM, "311"),
        ("manager", Inbox.MANAGER, "30007"),
    ],
)
def test_each_action_of_the_service_goes_to_its_owner(
    who: str | None, inbox: Inbox, assignee: str
) -> None:
    action = task(_with(replace(CALL_THE_GP, who=who)), "T20")
    assert (action.rule, action.title) == ("DC-19", "Call the GP")
    assert (action.inbox, action.assignee) == (inbox, assignee)
    assert (action.opens_on, action.due_on) == (date(2026, 3, 6), date(2026, 3, 13))


@pytest.mark.rules("DC-19", "DC-24")
@pytest.mark.parametrize(
    ("who", "inbox"),
    [
        ("pa", Inbox.MANAGER),
        (None, Inbox.MANAGER),
        ("duty", Inbox.TEAM),
        ("manager", Inbox.MANAGER),
    ],
)
def test_referred_to_the_manager_nothing_goes_to_a_worker(who: str | None, inbox: Inbox) -> None:
    decision = _with(replace(CALL_THE_GP, who=who), outcome=REFER)
    assert task(decision, "T20").inbox is inbox
    assert not [each for each in decision.tasks if each.inbox is Inbox.WORKER]


@pytest.mark.rules("DC-19")
def test_an_action_without_a_date_is_due_after_28_days() -> None:
    decision = _with(replace(CALL_THE_GP, due_on=None), replace(CALL_THE_GP, what="B", due_on=None))
    assert problems(decision) == [("DC-19", "W"), ("DC-19", "W")]
    assert {each.due_on for each in decision.tasks if each.task == "T20"} == {date(2026, 3, 12)}


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize("outcome", [CLOSE, OPEN, MET, REFER])
def test_an_action_due_before_the_assessment_is_an_error_for_every_outcome(
    outcome: Changes,
) -> None:
    row = replace(CALL_THE_GP, due_on=date(2026, 2, 11))
    assert found(_with(row, outcome=outcome), "DC-19") == ["E"]
    assert found(_with(replace(row, due_on=FORM_DAY), outcome=outcome), "DC-19") == []


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize(
    ("born", "severities"), [(date(2001, 3, 14), []), (date(2001, 3, 13), ["W"])]
)
def test_an_action_due_at_25_or_later_is_remarked_and_made(
    born: date, severities: list[str]
) -> None:
    decision = assessed(RETURNER, OPEN, {"date_of_birth": born})
    assert found(decision, "DC-19") == severities
    assert task(decision, "T20").due_on == date(2026, 3, 13)


@pytest.mark.rules("DC-19")
@pytest.mark.parametrize(
    ("due_on", "as_of", "moved"),
    [
        (date(2026, 4, 5), FORM_DAY, date(2026, 4, 2)),  # Easter Sunday, back past Good Friday
        (date(2026, 2, 14), date(2026, 2, 13), date(2026, 2, 16)),  # a Saturday, back to today
        (date(2026, 2, 20), date(2026, 6, 1), date(2026, 6, 2)),  # long past
    ],
)
def test_a_chosen_date_is_moved_to_a_working_day_still_to_come(
    due_on: date, as_of: date, moved: date
) -> None:
    form = an_assessment(OPEN, {"actions": (replace(CALL_THE_GP, due_on=due_on),)})
    action = task(decided(form, as_of), "T20")
    assert action.due_on == moved
    assert action.opens_on >= as_of


@pytest.mark.rules("DC-19", "DC-28")
@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Call the GP"),
        ({"record_restricted": True}, "Do an agreed action"),
        ({"keep_open_reasons": ("pregnant_or_parent",)}, "Do an agreed action"),
    ],
)
def test_a_title_others_may_see_gives_nothing_away(changes: Changes, title: str) -> None:
    action = task(assessed(OPEN, changes), "T20")
    assert (action.title, action.text) == (title, "Call the GP")


@pytest.mark.rules("DC-19")
def test_a_title_stands_on_one_line() -> None:
    action = task(_with(replace(CALL_THE_GP, what="Call the GP\n and the  school")), "T20")
    assert action.title == "Call the GP and the school"


def _occurrences(decision: Decision) -> list[str]:
    return [each.occurrence for each in decision.tasks if each.task == "T20"]


@pytest.mark.parametrize(
    "change",
    [
        lambda row: replace(row, due_on=date(2026, 3, 20)),
        lambda row: replace(row, what="  call the  GP "),
        lambda row: replace(row, row_id="77", area=None),
    ],
)
def test_an_action_is_known_again_by_its_words(change: Callable[[Action], Action]) -> None:
    assert _occurrences(_with(change(CALL_THE_GP))) == _occurrences(_with(CALL_THE_GP))


def test_the_same_action_listed_twice_is_two_tasks() -> None:
    assert len(set(_occurrences(_with(CALL_THE_GP, CALL_THE_GP)))) == 2


@pytest.mark.rules("DC-19")
def test_the_council_sets_how_long_an_undated_action_has() -> None:
    form = an_assessment(OPEN, {"actions": (replace(CALL_THE_GP, due_on=None),)})
    decision = decided(form, FORM_DAY, policy(post21={"default_action_days": "7"}))
    assert task(decision, "T20").due_on == date(2026, 2, 19)
