"""The manager's agreement and everyone else's: DS-11 and DS-12."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from agreement_cases import (
    FORM_DAY,
    PARENT,
    SOCIAL_WORKER,
    a_form,
    dates_of,
    decided,
    decided_with,
    found,
    holds,
    messages,
    policy,
    task,
    tasks,
)

from connector.model import Inbox, PersonRecord
from schemas import Party


@pytest.mark.rules("DS-11")
def test_while_the_manager_has_not_decided_only_the_manager_is_asked() -> None:
    decision = decided_with(manager_agreed="pending", manager_agreed_on=None)
    assert decision.status == "awaiting_manager"
    assert messages(decision, "DS-11") == [
        "The manager has not agreed yet. Usual visits carry on until they do."
    ]
    assert tasks(decision) == ["T04"]
    assert task(decision, "T04").inbox is Inbox.MANAGER
    # Good Friday and Easter Monday lie between.
    assert dates_of(decision, "T04") == (FORM_DAY, date(2026, 4, 7))
    assert decision.line == (
        "Waiting for the manager to agree. Usual visits carry on."
        " Next: Decide: tailored support by 7 April 2026."
    )


def test_the_council_sets_how_long_the_manager_has() -> None:
    form = a_form(manager_agreed="pending")
    quick = policy(tailored={"manager_decision_working_days": "2"})
    assert dates_of(decided(form, settings=quick), "T04") == (FORM_DAY, date(2026, 3, 31))


@pytest.mark.rules("DS-11")
def test_when_the_manager_refuses_usual_visits_carry_on() -> None:
    decision = decided_with(manager_agreed="no")
    assert decision.status == "not_agreed_by_manager"
    assert tasks(decision) == ["T18"]
    assert task(decision, "T18").inbox is Inbox.WORKER
    assert dates_of(decision, "T18") == (FORM_DAY, date(2026, 4, 7))


@pytest.mark.rules("DS-11")
@pytest.mark.parametrize(
    "changes",
    [
        {"manager_agreed_on": None},
        {"manager_agreed_by_id": None, "manager_agreed_by_name": None},
        {"manager_agreed_by_id": "7781"},
        {"manager_agreed_by_id": "9002", "completed_by_id": "9002"},
        {"manager_agreed_by_id": None, "manager_agreed_by_name": "jo  adviser"},
    ],
    ids=["no date", "no manager", "the allocated worker", "the author", "the worker's own name"],
)
def test_a_yes_that_is_not_a_managers_dated_yes_is_an_error(changes: dict[str, Any]) -> None:
    decision = decided_with(**changes)
    assert decision.status == "needs_attention"
    assert found(decision, "DS-11") == ["E"]


@pytest.mark.rules("DS-11")
@pytest.mark.parametrize("known_by", ["manager_agreed_by_id", "manager_agreed_by_name"])
def test_a_manager_may_be_known_by_number_or_by_name_alone(known_by: str) -> None:
    other = {"manager_agreed_by_id", "manager_agreed_by_name"} - {known_by}
    assert decided_with(**dict.fromkeys(other)).status == "tailored_support_active"


@pytest.mark.rules("DS-11")
def test_an_unreadable_date_of_agreement_is_not_called_missing() -> None:
    form = a_form(unreadable=frozenset({"manager_agreed_on"}), manager_agreed_on=None)
    assert found(decided(form), "DS-11") == []


@pytest.mark.rules("DS-11")
@pytest.mark.parametrize(
    ("agreed_on", "expected"), [(date(2025, 3, 19), ["W"]), (date(2025, 3, 20), [])]
)
def test_a_manager_more_than_a_year_before_everyone_else_is_remarked(
    agreed_on: date, expected: list[str]
) -> None:
    assert found(decided_with(manager_agreed_on=agreed_on), "DS-11") == expected


@pytest.mark.rules("DS-12")
def test_one_person_who_does_not_agree_stops_the_agreement() -> None:
    decision = decided_with(parties=(SOCIAL_WORKER, replace(PARENT, agreed="no")))
    assert decision.status == "not_agreed"
    assert messages(decision, "DS-12") == [
        "The parent is recorded as not agreeing. Everyone named must agree before visits change."
    ]
    assert tasks(decision) == ["T36"]
    assert task(decision, "T36").inbox is Inbox.MANAGER
    assert dates_of(decision, "T36") == (FORM_DAY, date(2026, 4, 7))


@pytest.mark.rules("DS-12")
def test_everyone_not_asked_yet_is_named_by_role_in_one_task() -> None:
    asked = (replace(PARENT, agreed="not_asked"), replace(SOCIAL_WORKER, agreed=None))
    decision = decided_with(parties=asked)
    assert decision.status == "awaiting_agreement"
    assert found(decision, "DS-12") == ["H", "H"]
    assert tasks(decision) == ["T19"]
    ask = task(decision, "T19")
    assert ask.title == "Ask the parent and the adult social worker about this approach"
    assert ask.inbox is Inbox.WORKER
    assert (ask.opens_on, ask.due_on) == (FORM_DAY, date(2026, 4, 14))


@pytest.mark.rules("DS-12")
@pytest.mark.parametrize(
    ("parties", "who"),
    [
        ((PARENT,), "a professional"),
        ((SOCIAL_WORKER,), "a family member or carer"),
        ((), "a professional and a family member or carer"),
    ],
)
def test_a_professional_and_a_family_member_or_carer_are_needed(
    parties: tuple[Party, ...], who: str
) -> None:
    decision = decided_with(parties=parties)
    assert decision.status == "awaiting_agreement"
    assert task(decision, "T19").title == f"Ask {who} about this approach"


@pytest.mark.rules("DS-12")
def test_a_reason_or_a_carer_does_instead_of_a_family_member() -> None:
    carer = replace(PARENT, party_type="carer", role="Key worker at the home")
    for changes in (
        {"parties": (SOCIAL_WORKER,), "no_family_or_carer_reason": "No family is known."},
        {"parties": (SOCIAL_WORKER, carer)},
    ):
        assert decided_with(**changes).status == "tailored_support_active"


@pytest.mark.rules("DS-12")
def test_a_yes_without_its_date_is_remarked() -> None:
    decision = decided_with(parties=(SOCIAL_WORKER, replace(PARENT, agreed_on=None)))
    assert messages(decision, "DS-12") == ["Add the date on which the parent agreed."]
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-12")
def test_an_answer_or_date_nobody_can_read_is_not_called_blank() -> None:
    rows = (replace(SOCIAL_WORKER, agreed=None), replace(PARENT, agreed_on=None))
    unreadable = frozenset({"parties[1].agreed", "parties[2].agreed_on"})
    assert found(decided(a_form(unreadable, parties=rows)), "DS-12") == []


@pytest.mark.rules("DS-12")
@pytest.mark.parametrize(
    ("party_type", "who"), [("young_person", "young person"), ("advocate", "advocate")]
)
def test_a_no_of_the_young_person_or_their_advocate_is_remarked(party_type: str, who: str) -> None:
    row = Party(name="Alex Example", party_type=party_type, agreed="no")
    decision = decided_with(parties=(SOCIAL_WORKER, PARENT, row))
    assert messages(decision, "DS-12") == [f"The {who} is recorded as not agreeing."]
    assert decision.status == "tailored_support_active"


@pytest.mark.rules("DS-12")
def test_the_young_person_need_not_be_asked_and_does_not_stand_in_for_the_family() -> None:
    row = Party(name="Alex Example", party_type="young_person", agreed="not_asked")
    assert decided_with(parties=(SOCIAL_WORKER, PARENT, row)).problems == ()
    assert holds(decided_with(parties=(SOCIAL_WORKER, row))) == {"DS-12"}


@pytest.mark.rules("DS-12")
def test_a_row_without_a_kind_of_person_still_has_to_agree() -> None:
    row = Party(name="Chris Third", role="GP", agreed=None)
    decision = decided_with(parties=(SOCIAL_WORKER, PARENT, row))
    assert task(decision, "T19").title == "Ask the GP about this approach"


def test_a_role_that_holds_the_name_gives_way_to_the_kind_of_person() -> None:
    row = replace(PARENT, role="Mum (Pat)", agreed="not_asked")
    decision = decided_with(parties=(SOCIAL_WORKER, row))
    assert task(decision, "T19").title == "Ask the family member about this approach"


def test_on_a_restricted_record_the_title_names_no_role() -> None:
    decision = decided_with(
        parties=(SOCIAL_WORKER, replace(PARENT, agreed="not_asked")), record_restricted=True
    )
    assert task(decision, "T19").title == "Ask everyone named about this approach"


def test_asking_is_done_with_care_where_family_contact_is_not_safe() -> None:
    decision = decided_with(
        parties=(SOCIAL_WORKER, replace(PARENT, agreed=None)), family_contact_safe=False
    )
    assert "speak to your manager first" in task(decision, "T19").text


@pytest.mark.rules("DS-11", "DS-12")
def test_each_holding_rule_gets_its_own_task_and_the_first_status_wins() -> None:
    decision = decided_with(
        manager_agreed="pending",
        parties=(replace(SOCIAL_WORKER, agreed="no"), replace(PARENT, agreed=None)),
        frequent_visits_confusing=False,
    )
    assert decision.status == "not_agreed"
    assert set(tasks(decision)) == {"T04", "T19", "T36", "T90"}
    assert task(decision, "T90").rule == "DS-04"
    assert "not agreed" not in task(decision, "T90").text


@pytest.mark.rules("DS-12")
@pytest.mark.parametrize(
    ("manager", "status"),
    [
        ("pending", "awaiting_agreement"),
        ("no", "not_agreed_by_manager"),
        ("yes", "awaiting_agreement"),
    ],
)
def test_somebody_not_asked_outranks_a_manager_who_has_not_decided(
    manager: str, status: str
) -> None:
    decision = decided_with(
        manager_agreed=manager, parties=(SOCIAL_WORKER, replace(PARENT, agreed=None))
    )
    assert decision.status == status


@pytest.mark.rules("DS-20")
def test_while_a_new_agreement_is_not_agreed_the_earlier_one_carries_on() -> None:
    decision = decided(
        a_form(manager_agreed="pending", supersedes_submission_id="800001"),
        record=PersonRecord(active_agreement=True),
    )
    assert decision.status == "awaiting_manager"
    assert "The earlier agreement carries on" in decision.line
    assert not decision.cancels_open_tasks
