"""Nobody is without a next step: what is missing is planned again, and one task tells of it."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from rounds_stage import BORN, HOST, PERSON, START, Council, agreement, council_in

from connector.casework.changing import Cause, closed_there
from connector.casework.finishing import Done, finish
from connector.casework.gaps import people_with_gaps
from connector.casework.nightly import NIGHTLY
from connector.events import HostPerson
from connector.model import EffectKind, Inbox
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
