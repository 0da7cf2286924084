"""From a decision to what is owed to the host: order, references, texts and times."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connector.dates import WorkingDays
from connector.model import CompletedForm, Decision, EffectKind, FollowUp, Inbox, Task
from connector.plan import (
    Occasion,
    Plan,
    action_key,
    again,
    cancellation,
    follow_up,
    opened,
    period_key,
    plan,
    quiet_title,
    reassignment,
    reference,
    reference_guid,
    task_content,
    update,
)
from connector.policy import DEFAULTS, decide
from connector.summary import summarise
from schemas import Action, Envelope, Post21Assessment

FORM_DAY = date(2026, 2, 12)
OCCASION = Occasion("council", "sub_1", "1", 1, FORM_DAY)
REFERENCE = re.compile(r"lcf-[0-9a-f]{20}")


def a_form(**changes: Any) -> CompletedForm:
    answers = {
        "assessment_type": "returner_21_to_24",
        "assessment_date": FORM_DAY,
        "requested_on": FORM_DAY,
        "assessor_role": "previous_pa",
        "took_part": "yes",
        "outcome": "remain_open",
        "keep_open_reasons": ("other",),
        "keep_open_other": "Debts.",
        "actions": (
            Action(what="Call the GP", due_on=date(2026, 3, 13)),
            Action(what="Call the bank", due_on=date(2026, 7, 1)),
        ),
        "local_area_coordinator_considered": False,
    }
    envelope = {
        "submission_id": "5520187",
        "form_type": "post_21_assessment",
        "completed_at": datetime(2026, 2, 12, 16, 40, tzinfo=UTC),
        "completed_by_id": "8",
        "person_id": "900456",
        "date_of_birth": date(2003, 5, 10),
        "allocated_worker_id": "20931",
        "manager_id": "30007",
        "team_id": "311",
    }
    return CompletedForm(Envelope(**(envelope | changes)), Post21Assessment(**answers))


def decided(form: CompletedForm) -> Decision:
    return decide(form, DEFAULTS, WorkingDays(), FORM_DAY)


def planned(form: CompletedForm, occasion: Occasion = OCCASION) -> Plan:
    decision = decided(form)
    summary = summarise(form, decision, reference="sub_1", ordinal=1, replaces=None)
    return plan(form, decision, summary, occasion)


def by_task(made: Plan) -> dict[str, FollowUp]:
    return {f"{each.task.task}/{each.task.occurrence}": each for each in made.follow_ups}


def content(waiting: FollowUp) -> Mapping[str, Any]:
    return waiting.effect.content


def test_outcome_note_and_document_come_first_and_the_tasks_after() -> None:
    made = planned(a_form())
    assert [each.kind for each in made.effects] == [
        EffectKind.OUTCOME,
        EffectKind.CASE_NOTE,
        EffectKind.DOCUMENT,
    ]
    positions = [each.position for each in made.effects]
    positions += [each.effect.position for each in made.follow_ups]
    assert positions == list(range(len(positions)))
    assert [each.task.task for each in made.follow_ups] == ["T24", "T26", "T20", "T20", "T21"]


def test_every_write_has_its_own_reference() -> None:
    made = planned(a_form())
    all_of_them = [each.reference for each in made.effects]
    all_of_them += [each.reference for each in made.follow_ups]
    assert len(set(all_of_them)) == len(all_of_them)
    assert all(REFERENCE.fullmatch(each) for each in all_of_them)


def test_the_same_form_planned_again_has_the_same_references() -> None:
    assert planned(a_form()) == planned(a_form())


def test_a_new_version_writes_anew_and_keeps_its_tasks() -> None:
    first, second = planned(a_form()), planned(a_form(), replace(OCCASION, version="2", ordinal=2))
    assert not {e.reference for e in first.effects} & {e.reference for e in second.effects}
    assert [e.reference for e in first.follow_ups] == [e.reference for e in second.follow_ups]


@pytest.mark.parametrize(
    "other",
    [{"person_id": "900457"}, {"submission_id": "5520188"}],
)
def test_another_person_or_form_has_other_references(other: dict[str, str]) -> None:
    first, second = planned(a_form()), planned(a_form(**other))
    for ours, theirs in zip(first.effects, second.effects, strict=True):
        assert ours.reference != theirs.reference
    assert not {e.reference for e in first.follow_ups} & {e.reference for e in second.follow_ups}


def test_the_same_person_number_in_another_host_is_someone_else() -> None:
    here, there = planned(a_form()), planned(a_form(), replace(OCCASION, host="other"))
    assert not {e.reference for e in here.follow_ups} & {e.reference for e in there.follow_ups}


def test_parts_of_a_reference_do_not_run_together() -> None:
    assert reference("ab", "c") != reference("a", "bc")


def test_a_host_that_wants_a_guid_gets_one_made_of_the_reference() -> None:
    guid = reference_guid("lcf-0")
    assert uuid.UUID(guid).version == 5
    outcome = planned(a_form()).effects[0]
    assert outcome.content["reference_guid"] == reference_guid(outcome.reference)


@pytest.mark.parametrize("task", ["T07", "T08", "T10", "T15"])
def test_what_comes_once_in_a_life_is_the_same_task_whatever_the_form(task: str) -> None:
    made = Task(task, "DC-21", "Title", Inbox.WORKER, None, FORM_DAY, FORM_DAY, "Why.")
    assert period_key("F1", made) == period_key("9", made) == ""
    assert period_key("F1", made, 2) == ""


@pytest.mark.parametrize(
    ("task", "time_round", "key"),
    [
        ("T21", 1, "F1"),
        ("T21", 2, "F1#2"),
        ("T20", 1, action_key("F1", "call")),
        ("T20", 2, f"{action_key('F1', 'call')}#2"),
    ],
)
def test_a_period_is_named_by_the_form_the_action_and_the_time_round(
    task: str, time_round: int, key: str
) -> None:
    made = Task(task, "DC-19", "T", Inbox.WORKER, None, FORM_DAY, FORM_DAY, "W.", occurrence="call")
    assert period_key("F1", made, time_round) == key


def test_the_words_of_an_action_stand_in_no_period() -> None:
    keys = {each.period_key for each in planned(a_form()).follow_ups}
    assert len(keys) == 3
    assert not any("call" in key or "gp" in key.lower() for key in keys)
    assert action_key("F1", "call the gp") != action_key("F1", "call the bank")


def test_a_date_that_moves_makes_no_other_task() -> None:
    due = date(2026, 4, 13)
    first = by_task(planned(a_form()))["T20/call the gp"]
    moved = replace(first.task, due_on=due, opens_on=due)
    again_asked = follow_up(moved, first.period_key, a_form().envelope, OCCASION)
    assert again_asked.reference == first.reference


def test_the_second_time_round_of_a_series_is_another_task() -> None:
    first = by_task(planned(a_form()))["T21/"]
    second = by_task(planned(a_form(), replace(OCCASION, rounds={"T21": 2})))["T21/"]
    assert (first.period_key, second.period_key) == ("5520187", "5520187#2")
    assert first.reference != second.reference


def test_a_task_knows_which_form_asked_for_it() -> None:
    for each in planned(a_form()).follow_ups:
        assert (each.form_type, each.form_id) == ("post_21_assessment", "5520187")
    nameless = planned(a_form(submission_id=None)).follow_ups[0]
    assert (nameless.form_id, nameless.period_key) == ("sub_1", "sub_1")


def test_what_no_form_asks_for_belongs_to_none() -> None:
    task = Task("T12", "DS-18", "Overdue", Inbox.MANAGER, None, FORM_DAY, FORM_DAY, "Late.")
    notice = follow_up(task, "fup_1", a_form().envelope, OCCASION)
    assert (notice.form_type, notice.form_id) == (None, None)
    assert (notice.person_id, notice.period_key) == ("900456", "fup_1")


def test_a_task_taken_back_is_asked_for_again_under_a_reference_of_its_own() -> None:
    first = by_task(planned(a_form()))["T24/"]
    second, third = again(first, 2), again(first, 3)
    assert len({first.reference, second.reference, third.reference}) == 3
    assert (second.period_key, third.period_key) == ("5520187~2", "5520187~3")
    assert second.effect.reference == second.effect.content["reference"] == second.reference
    assert second.effect.content["reference_guid"] == reference_guid(second.reference)
    assert second.task == first.task


def opened_restricted(key: str, *, restricted: bool) -> Mapping[str, Any]:
    made = by_task(planned(a_form(form_url="https://council.example/forms/1")))[key]
    roles = {"inbox": {"kind": "team", "id": "311"}, "worker_id": "7"}
    effect = opened(made, roles, restricted)
    assert effect.reference == made.reference
    return effect.content


def test_a_task_opens_in_the_inbox_of_whoever_is_responsible_by_then() -> None:
    task = opened_restricted("T20/call the gp", restricted=False)
    assert (task["inbox"], task["worker_id"]) == ({"kind": "team", "id": "311"}, "7")
    assert (task["manager_id"], task["title"]) == ("30007", "Call the GP")


def test_a_record_restricted_meanwhile_says_no_more_than_why() -> None:
    task = opened_restricted("T24/", restricted=True)
    assert "Discuss with the worker" not in task["text"]
    assert task["text"].startswith("Why: ")
    assert task["text"].endswith("Form: https://council.example/forms/1")


def test_the_title_of_a_notice_about_a_task_has_none_of_the_forms_words() -> None:
    assert quiet_title(by_task(planned(a_form()))["T20/call the gp"].task) == "Do an agreed action"


def test_a_task_is_taken_back_once_and_moved_as_often_as_need_be() -> None:
    known = {"title": "Ring", "remote_id": "H1"}
    back = cancellation("council", "900456", "task T24", "lcf-1", known)
    moves = [reassignment("council", "900456", "task T24", "lcf-1", known, n) for n in (1, 2)]
    dates = [update("council", "900456", "task T24", "lcf-1", known, n) for n in (1, 2)]
    assert (back.kind, back.step) == (EffectKind.CANCELLATION, "cancel task T24")
    assert {each.kind for each in moves} == {EffectKind.REASSIGNMENT}
    assert {each.step for each in moves} == {"reassign task T24"}
    assert {(each.kind, each.step) for each in dates} == {(EffectKind.UPDATE, "update task T24")}
    assert len({each.reference for each in (back, *moves, *dates)}) == 5
    for each in (back, *moves, *dates):
        assert each.content["task_reference"] == "lcf-1"
        assert each.content["task_reference_guid"] == reference_guid("lcf-1")
        assert each.content["reference"] == each.reference
        assert (each.content["title"], each.content["remote_id"]) == ("Ring", "H1")
    assert back == cancellation("council", "900456", "task T24", "lcf-1", known)


def test_where_it_is_not_sure_whose_record_it_is_nothing_is_written_on_it() -> None:
    form = a_form()
    unsure = replace(decided(form), writes_record=False)
    made = plan(form, unsure, None, OCCASION)
    assert made.effects == ()
    assert made.follow_ups


def test_two_actions_of_a_form_are_two_tasks() -> None:
    tasks = by_task(planned(a_form()))
    assert tasks["T20/call the gp"].reference != tasks["T20/call the bank"].reference


def test_the_outcome_carries_line_status_and_our_reference() -> None:
    outcome = planned(a_form()).effects[0].content
    assert outcome["status"] == "open"
    assert outcome["line"].startswith("The case stays open. Next: ")
    assert outcome["write_back"]["connector_reference"] == "sub_1"
    assert outcome["write_back"]["next_review_on"] == "2026-08-12"


def test_every_write_names_the_form_and_the_people_by_number() -> None:
    made = planned(a_form(case_id="77"))
    for each in (*made.effects, *(waiting.effect for waiting in made.follow_ups)):
        assert each.person_id == each.content["person_id"] == "900456"
        assert each.content["form"] == {
            "id": "5520187",
            "version": "1",
            "type": "post_21_assessment",
            "title": "Post-21 assessment",
            "url": None,
        }
        assert (each.content["case_id"], each.content["author_id"]) == ("77", "8")
        assert json.loads(json.dumps(each.content)) == each.content


def test_the_document_has_its_name_and_the_note_its_text() -> None:
    _, note, document = planned(a_form()).effects
    assert document.content["name"] == "Post-21 assessment 2026-02-12 900456 v1.pdf"
    assert document.content["content_type"] == "application/pdf"
    assert "Call the GP" in note.content["text"]
    assert note.content["date"] == "2026-02-12"


def test_a_form_to_be_put_right_is_written_as_outcome_and_task_alone() -> None:
    form = replace(a_form(), answers=Post21Assessment(outcome="remain_open"))
    made = planned(form)
    assert [each.kind for each in made.effects] == [EffectKind.OUTCOME]
    assert [each.task.task for each in made.follow_ups] == ["T90"]


def test_without_a_summary_nothing_is_attached() -> None:
    form = a_form()
    made = plan(form, decided(form), None, OCCASION)
    assert [each.kind for each in made.effects] == [EffectKind.OUTCOME]


@pytest.mark.parametrize(
    ("due_on", "due_at"),
    [
        (date(2026, 3, 27), "2026-03-27T17:00:00+00:00"),
        (date(2026, 3, 30), "2026-03-30T17:00:00+01:00"),  # summer time has begun
        (date(2026, 10, 23), "2026-10-23T17:00:00+01:00"),
        (date(2026, 10, 26), "2026-10-26T17:00:00+00:00"),
    ],
)
def test_a_task_is_due_at_five_in_london_in_summer_and_winter(due_on: date, due_at: str) -> None:
    task = Task("T20", "DC-19", "Title", Inbox.WORKER, "8", FORM_DAY, due_on, "Why.")
    assert task_content(a_form().envelope, task, "17:00")["due_at"] == due_at


def test_the_council_sets_the_time_of_day() -> None:
    made = planned(a_form(), replace(OCCASION, due_time="09:30"))
    assert content(made.follow_ups[0])["due_at"] == "2026-02-26T09:30:00+00:00"


def test_a_task_says_whose_it_is_why_and_when() -> None:
    task = content(by_task(planned(a_form()))["T20/call the gp"])
    assert (task["task"], task["rule"], task["title"]) == ("T20", "DC-19", "Call the GP")
    assert task["inbox"] == {"kind": "worker", "id": "20931"}
    assert (task["opens_on"], task["due_on"]) == ("2026-03-06", "2026-03-13")
    assert "Why: This action was agreed in the post-21 assessment." in task["text"]


def test_a_task_waits_for_its_day_in_the_inbox_it_will_go_to() -> None:
    waiting = by_task(planned(a_form()))["T21/"]
    assert waiting.task.opens_on == date(2026, 8, 5)
    assert waiting.effect.step == "task T21"
    assert waiting.reference == waiting.effect.reference


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://council.example/forms/1", "https://council.example/forms/1"),
        ("http://council.example/forms/1", None),
        ("javascript:alert(1)", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_secure_link_leads_back_to_the_form(url: str | None, printed: str | None) -> None:
    task = content(planned(a_form(form_url=url)).follow_ups[0])
    assert task["form"]["url"] == printed
    assert (f"Form: {printed}" in task["text"]) is bool(printed)
    assert "javascript" not in task["text"]


def test_a_task_says_what_to_do_then_why_then_what_closes_it() -> None:
    what, why, closes = content(by_task(planned(a_form()))["T24/"])["text"].split("\n\n")
    assert what.startswith("Discuss with the worker")
    assert why.startswith("Why: The case stays open")
    assert closes == "Done when: The date of the discussion is recorded."


def test_a_restricted_record_has_the_shortest_texts_but_for_actions_and_corrections() -> None:
    open_record, restricted = planned(a_form()), planned(a_form(record_restricted=True))
    discuss = "Discuss with the worker why the case stays open"
    assert discuss in content(by_task(open_record)["T24/"])["text"]
    assert discuss not in content(by_task(restricted)["T24/"])["text"]
    action = content(by_task(restricted)["T20/call the gp"])
    assert action["title"] == "Do an agreed action"
    assert action["text"].startswith("Call the GP")
    wrong = replace(a_form(record_restricted=True), answers=Post21Assessment(outcome="remain_open"))
    fix = content(planned(wrong).follow_ups[0])
    assert fix["title"] == "Fix the form"
    assert "Add at least one action." in fix["text"]
