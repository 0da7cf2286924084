"""A task that is in an inbox and gets another date or other words is changed where it is: nobody
sees one task go and another one come."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from life_forms import payload_of
from life_stage import HOST
from short_life import ShortLife, due

from connector.model import EffectKind
from connector.pipeline import process_waiting
from connector.store.effect_row import EffectRow

NewLife = Callable[..., ShortLife]
LATER = "2026-03-27"
"""Counted from this contact, T01 is due on 19 June 2026."""
GP = {"what": "Call the GP", "who": "pa", "due_on": "2026-04-02"}
ASSESSED = {"assessment_date": "2026-03-27", "manager_discussion_on": "2026-03-26"}


def agreed(life: ShortLife, contact: str = "2026-03-06", **facts: Any) -> None:
    """T01 is due twelve weeks after the last contact: on 29 May 2026, or as that says."""
    known = {"agreement_date": "2026-03-27", "last_pathway_plan_on": "2026-01-15"}
    life.tells("agreement", **{**known, "last_social_worker_contact_on": contact, **facts})


def assessed(life: ShortLife, outcome: str = "remain_open", **facts: Any) -> None:
    life.tells("assessment", outcome=outcome, **{**ASSESSED, **facts})


def effects(life: ShortLife, kind: EffectKind) -> list[EffectRow]:
    """What was owed of this kind."""
    with life.council.store.transaction() as tx:
        owed = [tx.effects.of_submission(each.id) for each in tx.submissions.listing(1000)]
    return [each for some in owed for each in some if each.kind is kind]


@pytest.fixture
def in_may(life: ShortLife) -> ShortLife:
    """20 May: T01, due on the 29th, has been in the worker's inbox since 1 May."""
    agreed(life)
    return life.on("2026-05-01").on("2026-05-20")


@pytest.fixture
def of_age(life: ShortLife) -> ShortLife:
    """Somebody of 21."""
    life.council.life["person"]["date_of_birth"] = "2004-06-15"  # type: ignore[index]
    return life


def test_the_task_is_the_same_and_only_its_date_is_another(in_may: ShortLife) -> None:
    task, row = in_may.the("T01"), in_may.next("T01")
    agreed(in_may, LATER, version=2)
    assert in_may.the("T01") is task
    assert due(task) == "2026-06-19"
    assert [each.variables["task"] for each in in_may.host.tasks.values()].count("T01") == 1
    now = in_may.next("T01")
    assert (now.id, now.reference, now.period_key) == (row.id, row.reference, row.period_key)
    assert (str(now.due_on), str(now.counted_from)) == ("2026-06-19", LATER)
    assert (now.opens_on, now.scheduled_for) == (row.opens_on, row.scheduled_for)
    assert task.variables["opens_on"] == row.opens_on.isoformat()
    moved = "Moved: Contact the lead social worker, from 29 May 2026 to 19 June 2026."
    assert moved in in_may.note


def test_the_words_of_the_task_explain_the_new_date(in_may: ShortLife) -> None:
    before = in_may.the("T01").variables["text"]
    agreed(in_may, LATER, version=2)
    after = in_may.the("T01").variables["text"]
    assert after != before
    assert "27 March 2026" in after


def test_a_host_that_cannot_change_a_task_has_it_cancelled_and_made_again(
    new_life: NewLife,
) -> None:
    life = new_life(without=("update",))
    agreed(life)
    first = life.on("2026-05-01").on("2026-05-20").the("T01")
    agreed(life, LATER, version=2)
    assert first.how == "cancelled"
    again = life.on("2026-05-22").the("T01")
    assert (due(again), again.variables["reference"]) != (due(first), first.variables["reference"])
    assert due(again) == "2026-06-19"
    assert not effects(life, EffectKind.UPDATE)


def test_the_same_form_once_more_changes_nothing_in_the_host(in_may: ShortLife) -> None:
    agreed(in_may, LATER, version=2)
    before, writes = in_may.picture(), len(in_may.host.updated)
    agreed(in_may, LATER, version=3)
    assert (in_may.picture(), len(in_may.host.updated)) == (before, writes)


def test_a_date_that_is_put_back_is_the_first_one_again(in_may: ShortLife) -> None:
    task = in_may.the("T01")
    agreed(in_may, LATER, version=2)
    agreed(in_may, version=3)
    assert in_may.the("T01") is task
    assert due(task) == "2026-05-29"
    assert in_may.host.updated == [task.id, task.id]


def test_a_task_with_another_date_is_done_and_the_next_one_comes(in_may: ShortLife) -> None:
    agreed(in_may, LATER, version=2)
    in_may.on("2026-06-15").done("T01")
    done, following = sorted(in_may.rows("T01"), key=lambda row: row.due_on)
    assert (done.state.value, str(following.counted_from)) == ("done", "2026-06-15")


def test_a_task_with_another_date_is_taken_back_with_its_form(in_may: ShortLife) -> None:
    task = in_may.the("T01")
    agreed(in_may, LATER, version=2)
    in_may.tells("withdrawn", form_id="agreement")
    assert task.how == "cancelled"
    assert not in_may.standing("T01")


def test_the_manager_hears_when_the_new_date_has_long_passed(in_may: ShortLife) -> None:
    agreed(in_may, LATER, version=2)
    in_may.on("2026-06-08").on("2026-06-25")
    assert not in_may.inbox("T12")
    in_may.on("2026-06-26")
    assert "19 June 2026" in in_may.the("T12").variables["text"]


def test_what_was_missed_is_open_again_when_its_new_day_is_still_to_come(
    in_may: ShortLife,
) -> None:
    notice = in_may.on("2026-06-05").the("T12")
    assert in_may.next("T01").state == "missed"
    agreed(in_may, LATER, version=2)
    assert in_may.next("T01").state == "open"
    assert notice.how == "cancelled"
    assert not in_may.standing("T12")


def test_what_is_missed_a_second_time_is_told_a_second_time(in_may: ShortLife) -> None:
    first = in_may.on("2026-06-05").the("T12")
    agreed(in_may, LATER, version=2)
    second = in_may.on("2026-06-26").the("T12")
    assert first.how == "cancelled"
    assert "19 June 2026" in second.variables["text"]
    in_may.on("2026-06-29").done("T01")
    assert second.how == "cancelled"
    assert [row.state.value for row in in_may.rows("T12")] == ["cancelled", "done"]


def test_a_task_that_was_put_into_another_inbox_by_hand_stays_there(in_may: ShortLife) -> None:
    task = in_may.the("T01")
    in_may.task_event(task, "reassigned", worker="W7")
    agreed(in_may, LATER, version=2)
    row = in_may.next("T01")
    assert (row.assignee, due(task)) == ("W7", "2026-06-19")
    assert not effects(in_may, EffectKind.REASSIGNMENT)


def test_a_record_that_was_restricted_meanwhile_shows_no_answers(in_may: ShortLife) -> None:
    in_may.tells("restricted")
    agreed(in_may, LATER, version=2)
    said = in_may.the("T01").variables
    assert said["title"] == "Contact the lead social worker"
    assert said["text"].startswith("Why: ")


def test_an_action_gets_another_date_and_another_role_where_it_is(of_age: ShortLife) -> None:
    assessed(of_age, "refer_to_manager", actions=[GP])
    task = of_age.the("T20")
    assert task.inbox == "manager"
    of_age.on("2026-03-31")
    assessed(of_age, version=2, actions=[{**GP, "due_on": "2026-05-15"}])
    assert of_age.the("T20") is task
    assert (due(task), task.inbox, task.assignee) == ("2026-05-15", "worker", "W1")
    of_age.on("2026-05-22").on("2026-05-26")
    assert "15 May 2026" in of_age.the("T12").variables["text"]


def test_a_list_of_what_is_missing_changes_its_words_and_its_date(life: ShortLife) -> None:
    agreed(life, answers={"best_interests_reason": None})
    task = life.the("T90")
    first, before = dict(task.variables), len(life.host.tasks)
    life.on("2026-03-30")
    agreed(life, version=2, answers={"visiting_pattern": None})
    assert life.the("T90") is task
    assert len(life.host.tasks) == before
    assert task.variables["text"] != first["text"]
    assert due(task) > first["due_on"]
    agreed(life, version=3)
    assert task.how == "cancelled"


def test_a_task_that_was_not_sent_yet_leaves_with_its_new_date(of_age: ShortLife) -> None:
    """Both versions are read before anything is sent; the host sees one task and no change."""
    for version, day in ((1, "2026-04-01"), (2, "2026-04-02")):
        facts = {**ASSESSED, "outcome": "remain_open", "actions": [{**GP, "due_on": day}]}
        event = {"kind": "assessment", "day": of_age.today, "form_id": "B1", **facts}
        event |= {"version": version, "at": f"07:0{version}"}
        body = json.dumps(payload_of(of_age.council.life, event)).encode()
        with of_age.council.store.transaction() as tx:
            tx.submissions.keep(HOST, f"busy{version}", body, of_age.council.at)
        process_waiting(of_age.council.desk)
    of_age.council.work()
    tasks = [task for task in of_age.host.tasks.values() if task.variables["task"] == "T20"]
    assert [(due(task), task.how) for task in tasks] == [("2026-04-02", "open")]
    assert len(of_age.rows("T20")) == 1
    assert not effects(of_age, EffectKind.UPDATE)
