"""Nobody is without a next step: what is missing is planned again, and one task tells of it."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from rounds_stage import BORN, HOST, PERSON, START, Council, agreement, council_in

from connector.casework.changing import Cause, closed_there
from connector.casework.finishing import Done, finish
from connector.casework.gaps import people_with_gaps
from connector.casework.next_step_lists import NIGHTLY, put_on_the_list
from connector.casework.nightly import check
from connector.casework.owning import Owner
from connector.events import HostPerson
from connector.model import EffectKind, Inbox
from connector.policy.next_step import LONGEST_LIST, Line
from connector.store.follow_up_row import FollowUpState

NIGHT = date(2026, 4, 1)


@pytest.fixture
def agreed(council: Council) -> Council:
    """An agreement is active, and its first night was quiet."""
    council.take(agreement())
    council.on(date(2026, 3, 31))
    council.visit()
    assert lacking(council) == []
    return council


def lacking(council: Council) -> list[tuple[str, str]]:
    found = people_with_gaps(council.desk, HOST)
    return [(gap.person_id, gap.task.task) for _, gaps in found for gap in gaps]


def lose(council: Council, task: str, person: str = PERSON) -> None:
    """A next step disappears, as nothing of ours should let it."""
    row = council.the(task, person)
    with council.store.transaction() as tx:
        cause = Cause(row.submission_id, HOST, council.at)
        closed_there(tx, cause, row, FollowUpState.CANCELLED, "Lost.")


def found(council: Council) -> int:
    with council.store.transaction() as tx:
        return tx.persons.rounds(NIGHTLY)[HOST]


def test_a_missing_next_step_is_planned_again_and_told_once(agreed: Council) -> None:
    was = agreed.the("T01")
    lose(agreed, "T01")
    assert lacking(agreed) == [(PERSON, "T01")]
    agreed.on(NIGHT)
    agreed.visit()
    again = agreed.the("T01")
    assert (again.due_on, again.counted_from) == (was.due_on, was.counted_from)
    notice = agreed.the("T92", "")
    assert (notice.inbox, notice.assignee) == (Inbox.MANAGER, "5510")
    assert f"- {PERSON}: “Contact the lead social worker” was missing." in agreed.text(notice)
    assert found(agreed) == 1
    agreed.on(date(2026, 4, 2))
    agreed.visit()
    assert agreed.the("T92", "").id == notice.id
    assert found(agreed) == 0


def test_another_list_takes_the_place_of_the_one_that_stands(agreed: Council) -> None:
    lose(agreed, "T01")
    agreed.on(NIGHT)
    agreed.visit()
    lose(agreed, "T02")
    agreed.on(date(2026, 4, 2))
    agreed.visit()
    text = agreed.text(agreed.the("T92", ""))
    assert "Contact the lead social worker" in text
    assert "Contact family or carers" in text
    assert len(agreed.tasks("T92", "")) == 2


def test_what_was_taken_away_stays_on_the_list_that_takes_its_place(tmp_path: Path) -> None:
    council = council_in(tmp_path, "event")
    council.take(agreement(localOfferGiven="N"))
    del council.host.tasks[council.remote(council.the("T03"))]
    council.on(date(2026, 3, 28))
    council.visit()
    lose(council, "T01")
    council.on(date(2026, 3, 29))
    council.visit()
    text = council.text(council.the("T92", ""))
    assert "was taken away in the case system" in text
    assert "It is planned again" in text
    council.store.close()


def test_what_is_not_lacking_any_more_leaves_with_the_next_list(agreed: Council) -> None:
    manager = Owner(Inbox.MANAGER, "5510")
    waits = Line(PERSON, "“Contact family” waits.")
    with agreed.store.transaction() as tx:
        put_on_the_list(tx, agreed.desk, HOST, manager, [waits])
    lose(agreed, "T01")
    agreed.on(NIGHT)
    agreed.visit()
    text = agreed.text(agreed.the("T92", ""))
    assert waits.text not in text
    assert "It is planned again" in text


def test_a_list_longer_than_is_shown_is_kept_whole_and_made_once(agreed: Council) -> None:
    manager = Owner(Inbox.MANAGER, "5510")
    lines = [Line(f"P{number}", "Nothing is planned.") for number in range(LONGEST_LIST + 7)]
    for _ in range(2):
        with agreed.store.transaction() as tx:
            put_on_the_list(tx, agreed.desk, HOST, manager, lines)
        agreed.work()
    (row,) = agreed.tasks("T92", "")
    assert "And 7 more" in agreed.text(row)
    with agreed.store.transaction() as tx:
        kept = tx.follow_ups.content(row.id)
    assert kept is not None
    assert len(kept.effect.content["lines"]) == LONGEST_LIST + 7


def test_lines_found_while_the_list_waits_make_one_list(agreed: Council) -> None:
    manager = Owner(Inbox.MANAGER, "5510")
    for number in range(3):
        with agreed.store.transaction() as tx:
            line = Line(f"P{number}", "It was taken away.", happened=True)
            put_on_the_list(tx, agreed.desk, HOST, manager, [line])
    (row,) = agreed.tasks("T92", "")
    assert all(f"- P{number}: " in agreed.text(row) for number in range(3))


def test_a_check_broken_off_is_made_again_and_tells_the_same_once(agreed: Council) -> None:
    agreed.host.people["500"] = HostPerson(BORN)
    agreed.take(agreement(formId=99, personId=500, teamManagerId=5599, eventId="other"))
    lose(agreed, "T01")
    lose(agreed, "T01", "500")
    agreed.on(NIGHT)
    left = iter([True, True, False])
    check(agreed.desk, HOST, lambda: next(left, False))
    assert len(lacking(agreed)) == 1
    check(agreed.desk, HOST)
    agreed.work()
    assert lacking(agreed) == []
    texts = {row.assignee: agreed.text(row) for row in agreed.tasks("T92", "")}
    assert {manager: text.count("\n- ") for manager, text in texts.items()} == {
        "5510": 1,
        "5599": 1,
    }


def test_others_can_write_while_everybody_is_looked_over(agreed: Council) -> None:
    lose(agreed, "T01")
    for _ in people_with_gaps(agreed.desk, HOST):
        with agreed.store.transaction() as tx:
            assert tx.submissions.keep(HOST, "d-meanwhile", b"{}", agreed.at)


def test_each_manager_has_a_list_of_their_own(agreed: Council) -> None:
    agreed.host.people["500"] = HostPerson(BORN)
    agreed.take(agreement(formId=99, personId=500, teamManagerId=5599, eventId="other"))
    lose(agreed, "T01")
    lose(agreed, "T01", "500")
    agreed.on(NIGHT)
    agreed.visit()
    assert {row.assignee for row in agreed.tasks("T92", "")} == {"5510", "5599"}
    assert found(agreed) == 2


def test_the_check_is_made_once_a_day_from_two_at_night(agreed: Council) -> None:
    lose(agreed, "T01")
    agreed.on(NIGHT, time(0, 30))
    agreed.visit()
    assert agreed.tasks("T92", "") == []
    agreed.on(NIGHT, time(1, 30))  # half past two in London's summer
    agreed.visit()
    assert agreed.the("T92", "")
    lose(agreed, "T02")
    agreed.later(hours=3)
    agreed.visit()
    assert lacking(agreed) == [(PERSON, "T02")]


def test_a_form_that_is_being_written_again_lacks_nothing(agreed: Council) -> None:
    lose(agreed, "T01")
    with agreed.store.transaction() as tx:
        tx.persons.freeze(HOST, "884213", START)
    assert lacking(agreed) == []


def test_a_series_that_has_ended_is_no_gap(agreed: Council) -> None:
    row = agreed.the("T01")
    with agreed.store.transaction() as tx:
        cause = Cause(row.submission_id, HOST, datetime(2028, 9, 1, tzinfo=UTC))
        agreed.at = datetime(2028, 9, 1, tzinfo=UTC)
        finish(tx, agreed.desk, cause, row, Done(date(2028, 9, 1)))
    assert [each for each in agreed.tasks("T01") if each.stands] == []
    assert (PERSON, "T01") not in lacking(agreed)


def test_a_task_that_is_gone_and_goes_on_is_healed_without_a_word(agreed: Council) -> None:
    agreed.on(date(2026, 5, 21))
    row = agreed.the("T01")
    del agreed.host.tasks[agreed.remote(row)]
    agreed.on(date(2026, 5, 22))
    agreed.visit()
    assert agreed.the("T01").id != row.id
    assert agreed.tasks("T92", "") == []


def test_a_task_that_is_gone_and_after_which_nothing_follows_is_told(tmp_path: Path) -> None:
    council = council_in(tmp_path, "event")
    council.take(agreement(localOfferGiven="N"))
    gone = council.the("T03")
    del council.host.tasks[council.remote(gone)]
    council.on(date(2026, 3, 28))
    council.visit()
    assert council.tasks("T03")[0].state is FollowUpState.CANCELLED
    assert f"- {PERSON}: “Give the family" in council.text(council.the("T92", ""))
    council.store.close()


def test_a_task_that_was_done_without_an_event_is_seen_at_night(tmp_path: Path) -> None:
    council = council_in(tmp_path, "event")
    council.take(agreement())
    council.on(date(2026, 5, 21))
    row = council.the("T01")
    council.host.becomes(council.remote(row), "done", done_on=date(2026, 5, 21))
    council.on(date(2026, 5, 22))
    council.visit()
    assert council.the("T01").counted_from == date(2026, 5, 21)
    council.store.close()


def test_a_host_that_does_not_answer_is_checked_as_far_as_it_goes(agreed: Council) -> None:
    lose(agreed, "T01")
    agreed.on(NIGHT)
    agreed.host.silent = True
    agreed.visit()
    assert lacking(agreed) == []


def test_a_list_is_put_on_the_record_the_profile_names(tmp_path: Path) -> None:
    council = council_in(tmp_path, team_record_id="TEAM-1")
    council.take(agreement())
    lose(council, "T01")
    council.on(NIGHT)
    council.visit()
    kind, variables = council.host.written[-1]
    assert (kind, variables["task"]) == (EffectKind.TASK, "T92")
    assert variables["person_id"] == "TEAM-1"
    council.store.close()


def test_without_such_a_record_the_templates_get_none(agreed: Council) -> None:
    lose(agreed, "T01")
    agreed.on(NIGHT)
    agreed.visit()
    _, variables = agreed.host.written[-1]
    assert (variables["task"], variables["person_id"]) == ("T92", None)
