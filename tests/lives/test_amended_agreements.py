"""A new version of an agreement: every task is kept, moved, added or cancelled, and the note says
so. Nothing done is undone."""

from collections.abc import Callable
from typing import Any

import pytest
from short_life import ShortLife, due

PLAN = {"last_pathway_plan_on": "2026-01-15"}


def agreed(life: ShortLife, **facts: Any) -> None:
    life.tells("agreement", **{"agreement_date": "2026-03-27", **PLAN, **facts})


def test_the_same_answers_again_keep_every_task(life: ShortLife) -> None:
    agreed(life, untold=True)
    before, tasks = life.picture(), len(life.host.tasks)
    life.on("2026-04-01")
    agreed(life, version=2, untold=True)
    assert life.picture() == before
    assert len(life.host.tasks) == tasks
    assert "Unchanged: Contact the lead social worker, due 19 June 2026." in life.note


def test_a_first_version_tells_of_no_changes(life: ShortLife) -> None:
    agreed(life)
    assert "Unchanged:" not in life.note
    assert "New:" not in life.note


def test_what_is_counted_in_working_days_is_not_put_off_by_filling_in_again(
    life: ShortLife,
) -> None:
    agreed(life, untold=True)
    assert due(life.the("T03")) == "2026-04-14"
    life.on("2026-04-09")
    agreed(life, version=2, untold=True)
    assert due(life.the("T03")) == "2026-04-14"
    title = "Give the family the Local Offer and contact details"
    assert f"Unchanged: {title}, due 14 April 2026." in life.note


def test_a_task_that_waits_moves_with_its_date(life: ShortLife) -> None:
    agreed(life)
    agreed(life, version=2, last_pathway_plan_on="2026-02-16")
    row = life.next("T02")
    assert (row.due_on.isoformat(), row.scheduled_for.isoformat()) == ("2026-08-14", "2026-07-15")
    title = "Contact family or carers and do the brief pathway plan"
    assert f"Moved: {title}, from 15 July 2026 to 14 August 2026." in life.note


def test_a_task_in_an_inbox_gets_its_new_date_where_it_is(life: ShortLife) -> None:
    agreed(life)
    life.on("2026-06-10")
    first = life.the("T01")
    agreed(life, version=2, last_social_worker_contact_on="2026-03-20", completed_on="2026-06-10")
    assert life.the("T01") is first
    assert due(first) == "2026-06-12"
    assert "Moved: Contact the lead social worker, from 19 June 2026 to 12 June 2026." in life.note


def test_what_is_asked_for_now_is_added(life: ShortLife) -> None:
    agreed(life)
    agreed(life, version=2, visit_interval_weeks=4)
    assert life.next("T27").due_on.isoformat() == "2026-04-24"
    assert "New: Agreed visit, due 24 April 2026." in life.note


def test_what_is_not_asked_for_any_more_is_taken_back(life: ShortLife) -> None:
    agreed(life, untold=True)
    asked = life.the("T03")
    agreed(life, version=2)
    assert asked.how == "cancelled"
    title = "Give the family the Local Offer and contact details"
    assert f"No longer needed: {title}. The form no longer asks for it." in life.note


def test_a_task_that_never_opened_is_taken_back_without_a_word_to_the_host(
    life: ShortLife,
) -> None:
    agreed(life, visit_interval_weeks=13)
    assert not life.host.tasks
    agreed(life, version=2)
    assert not life.standing("T27")
    assert not life.host.tasks


def test_nothing_done_is_undone(life: ShortLife) -> None:
    agreed(life, untold=True)
    life.done("T03")
    life.on("2026-04-01")
    agreed(life, version=2, untold=True)
    assert not life.inbox("T03")
    assert [row.state.value for row in life.rows("T03")] == ["done"]
    life.on("2026-04-02")
    agreed(life, version=3)
    assert [row.state.value for row in life.rows("T03")] == ["done"]


def test_a_contact_that_was_made_starts_the_clock_in_a_later_version_too(life: ShortLife) -> None:
    agreed(life)
    life.on("2026-06-01")
    life.done("T01")
    agreed(life, version=2)
    row = life.next("T01")
    assert (row.counted_from or row.due_on).isoformat() == "2026-06-01"
    assert row.due_on.isoformat() == "2026-08-24"
    assert "Unchanged: Contact the lead social worker, due 24 August 2026." in life.note


def test_the_date_on_the_record_is_that_of_the_task_which_was_kept(life: ShortLife) -> None:
    agreed(life)
    life.on("2026-06-01")
    life.done("T01")
    agreed(life, version=2)
    assert life.host.written_back[-1]["next_contact_on"] == "2026-08-24"
    assert life.host.written_back[-1]["next_review_on"] == "2026-07-15"


def test_the_document_of_the_first_version_stays_and_the_next_says_what_it_replaces(
    life: ShortLife,
) -> None:
    agreed(life)
    agreed(life, version=2, visit_interval_weeks=4)
    one, two = life.host.documents
    assert one["reference"] != two["reference"]
    assert one["name"] != two["name"]
    assert "Replaces version 1" in life.note
    assert "Replaces" not in life.host.notes[0]


def test_an_older_version_that_comes_late_changes_nothing(life: ShortLife) -> None:
    life.on("2026-04-02")
    agreed(life, version=2, visit_interval_weeks=4)
    before, writes = life.picture(), life.writes()
    late = life.tells("agreement", version=1, untold=True, completed_on="2026-03-27")
    assert late.state == "outdated"
    assert life.picture() == before
    assert life.writes() == writes


def test_the_same_version_twice_changes_nothing(life: ShortLife) -> None:
    agreed(life, untold=True, completed_on="2026-03-27", at="08:00")
    before, writes = life.picture(), life.writes()
    twice = life.tells(
        "agreement",
        agreement_date="2026-03-27",
        **PLAN,
        untold=True,
        completed_on="2026-03-27",
        at="08:00",
    )
    assert twice.state == "duplicate"
    assert life.picture() == before
    assert life.writes() == writes


def test_other_answers_under_the_same_version_amend_with_a_warning(life: ShortLife) -> None:
    agreed(life, completed_on="2026-03-27")
    life.on("2026-03-30")
    agreed(life, completed_on="2026-03-30", visit_interval_weeks=4)
    assert life.next("T27").due_on.isoformat() == "2026-04-24"
    assert "The answers changed, but the form's version did not." in life.note


def test_a_version_on_hold_ends_what_the_form_had_asked_for_until_it_holds_no_more(
    life: ShortLife,
) -> None:
    agreed(life, visit_interval_weeks=4)
    life.on("2026-04-01")
    before = life.picture()
    agreed(life, version=2, visit_interval_weeks=4, manager_agreed="pending")
    assert {row.task for row in life.standing()} == {"T04"}
    assert life.status == "awaiting_manager"
    life.on("2026-04-03")
    agreed(life, version=3, visit_interval_weeks=4)
    assert life.picture() == before
    assert not life.inbox("T04")


def test_a_version_with_an_error_leaves_every_task_alone(life: ShortLife) -> None:
    agreed(life, untold=True)
    before = set(life.picture())
    agreed(life, version=2, answers={"best_interests_reason": None})
    assert before < set(life.picture())
    assert {row.task for row in life.standing()} - {each[0] for each in before} == {"T90"}


def test_what_has_to_be_put_right_is_asked_anew_only_in_other_words(life: ShortLife) -> None:
    agreed(life, answers={"best_interests_reason": None})
    first = life.the("T90")
    life.on("2026-03-30")
    before = first.variables["title"]
    agreed(life, version=2, answers={"best_interests_reason": None})
    assert (life.the("T90"), first.variables["title"]) == (first, before)
    agreed(life, version=3, answers={"visiting_pattern": None})
    assert life.the("T90") is first
    assert first.variables["title"] != before
    agreed(life, version=4)
    assert not life.inbox("T90")


def test_who_has_to_be_asked_is_asked_anew_only_for_others(life: ShortLife) -> None:
    agreed(life, parties_agreed="not_asked")
    first = life.the("T19")
    life.on("2026-03-30")
    agreed(life, version=2, parties_agreed="not_asked")
    assert life.the("T19") is first
    asked = [
        {"name": "Pat", "party_type": "professional", "agreed": "yes", "agreed_on": "2026-03-27"},
        {"name": "Lee", "party_type": "family", "role": "parent", "agreed": "not_asked"},
    ]
    agreed(life, version=3, answers={"parties": asked})
    assert life.the("T19") is first
    assert "parent" in first.variables["title"]
    assert "Asked again, in new words" in life.note or "Moved: Ask" in life.note


@pytest.mark.parametrize("form", ["agreement", "another"])
def test_criteria_no_longer_met_stop_the_contacts(life: ShortLife, form: str) -> None:
    agreed(life, visit_interval_weeks=4)
    assert {"T01", "T02", "T27"} < {row.task for row in life.standing()}
    life.on("2026-04-01")
    no = ["yes", "no", "yes"]
    agreed(life, form_id=form, version=2, visit_interval_weeks=4, criteria=no)
    assert life.status == "criteria_no_longer_met"
    assert not life.standing("T01") + life.standing("T02") + life.standing("T27")
    assert [(task.inbox, due(task)) for task in life.inbox("T16", "T17")] == [
        ("worker", "2026-04-17"),
        ("manager", "2026-04-17"),
    ]
    assert "No longer needed: Contact the lead social worker." in life.note


def test_contact_that_is_not_safe_any_more_goes_to_the_manager_at_once(life: ShortLife) -> None:
    agreed(life)
    life.on("2026-06-22")
    before = life.the("T02")
    assert before.inbox == "worker"
    agreed(life, version=2, family_contact_safe="no")
    assert (life.the("T02").inbox, due(life.the("T02"))) == ("manager", "2026-07-15")
    assert len(life.host.tasks) == 2


def test_running_a_form_again_brings_nothing_back_and_doubles_nothing(life: ShortLife) -> None:
    first = life.tells("agreement", **PLAN, untold=True, visit_interval_weeks=13)
    life.done("T03")
    life.on("2026-06-01")
    life.done("T01")
    life.task_event(life.the("T27"), "cancelled") if life.inbox("T27") else None
    before, writes = life.picture(), life.writes()
    life.on("2026-06-02").replay(first)
    assert life.picture() == before
    assert life.writes() == writes


def test_running_an_older_version_again_changes_nothing(
    new_life: Callable[..., ShortLife],
) -> None:
    life = new_life()
    first = life.tells("agreement", **PLAN, untold=True)
    life.on("2026-04-01")
    agreed(life, version=2)
    before, writes = life.picture(), life.writes()
    life.replay(first)
    assert life.picture() == before
    assert life.writes() == writes
