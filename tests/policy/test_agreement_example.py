"""The agreement of the worked example, processed on the day it was completed."""

from datetime import date

import pytest
from agreement_cases import FORM_DAY, a_form, dates_of, decided, decided_with, task, tasks

from connector.model import Inbox


def test_everything_agreed_and_told_gives_four_tasks_and_nothing_to_check() -> None:
    decision = decided_with()
    assert decision.status == "tailored_support_active"
    assert decision.problems == ()
    assert tasks(decision) == ["T01", "T02", "T08", "T07"]


@pytest.mark.parametrize(
    ("wanted", "rule", "inbox", "assignee", "opens_on", "due_on"),
    [
        ("T01", "DS-18", Inbox.WORKER, "7781", date(2026, 5, 20), date(2026, 6, 17)),
        ("T02", "DS-22", Inbox.WORKER, "7781", date(2026, 6, 17), date(2026, 7, 15)),
        ("T08", "DC-03", Inbox.WORKER, "7781", date(2028, 4, 1), date(2028, 6, 30)),
        ("T07", "DS-30", Inbox.MANAGER, "5510", date(2028, 10, 25), date(2028, 11, 1)),
    ],
)
def test_each_task_opens_and_is_due_as_the_service_document_works_out(
    wanted: str, rule: str, inbox: Inbox, assignee: str, opens_on: date, due_on: date
) -> None:
    made = task(decided_with(), wanted)
    assert (made.rule, made.inbox, made.assignee) == (rule, inbox, assignee)
    assert (made.opens_on, made.due_on) == (opens_on, due_on)


@pytest.mark.rules("DS-15", "DS-30")
def test_the_record_gets_the_agreement_and_what_comes_next() -> None:
    decision = decided_with()
    assert decision.write_back.as_dict() == {
        "status": "tailored_support_active",
        "line": "Tailored support is agreed and active. Next: Contact the lead social worker by"
        " 17 June 2026.",
        "form": "tailored_support_agreement",
        "agreement_date": "2026-03-25",
        "visiting_pattern": "No regular visits.",
        "criteria_met": ["a", "b", "c"],
        "allocation_until": "2028-11-01",
        "next_contact_on": "2026-06-17",
        "next_review_on": "2026-07-15",
    }


@pytest.mark.rules("DS-33", "DS-34")
def test_an_agreement_leaves_a_case_note_and_summary_and_ends_nothing() -> None:
    decision = decided_with()
    assert decision.attaches_summary
    assert not decision.cancels_open_tasks
    assert decision.write_back.closed_on is None


@pytest.mark.rules("DS-32")
def test_no_task_asks_for_another_form() -> None:
    contact = task(decided_with(), "T01")
    assert "with no form to fill in" in contact.text


@pytest.mark.rules("DS-18", "DS-19")
def test_the_contact_task_says_whom_to_ring_and_what_to_ask() -> None:
    text = task(decided_with(lead_social_worker_team="Adults North"), "T01").text
    for expected in ("Sam Worker", "Adults North", "01332 000000", "Should the approach change?"):
        assert expected in text


def test_each_task_explains_how_its_date_was_worked_out() -> None:
    decision = decided_with()
    assert task(decision, "T01").because == (
        "The lead social worker is contacted at least every 84 days. The agreement date starts the"
        " clock. 84 days after 25 March 2026 is 17 June 2026."
    )
    assert task(decision, "T08").because.endswith(
        "3 months before the 21st birthday on 1 October 2028 is 1 July 2028. Moved to"
        " 30 June 2028, because 1 July 2028 is a Saturday."
    )


def test_no_reason_title_or_message_holds_a_name_or_an_id_of_ours() -> None:
    spoilt = a_form(
        criterion_a_role_not_understood=False,
        manager_agreed="pending",
        allocated_worker_id=None,
        lead_social_worker_name=None,
        local_offer_given=False,
        date_of_birth=date(2004, 1, 1),
    )
    for form in (a_form(), spoilt):
        decision = decided(form, FORM_DAY)
        said = [problem.message for problem in decision.problems]
        said += [part for each in decision.tasks for part in (each.title, each.because)]
        for forbidden in ("Alex", "Example", "Sam", "Pat", "Jo", "DS-", "_", "T0"):
            assert not [each for each in said if forbidden in each]


def test_an_agreement_in_scope_is_decided_the_same_without_the_host_knowing_a_manager() -> None:
    decision = decided_with(manager_id=None)
    support = task(decision, "T07")
    assert (support.inbox, support.assignee) == (Inbox.TEAM, "42")
    assert dates_of(decision, "T07") == (date(2028, 10, 25), date(2028, 11, 1))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"date_of_death": date(2026, 3, 1)}, "ended_deceased"),
        ({"form_status": "withdrawn"}, "withdrawn"),
    ],
)
def test_after_a_death_or_withdrawal_the_agreement_makes_no_task_of_its_own(
    changes: dict[str, object], status: str
) -> None:
    decision = decided_with(**changes)
    assert decision.status == status
    assert set(tasks(decision)) <= {"T35"}
    assert decision.cancels_open_tasks
