"""Before a task opens its young person is looked up, and what the record says acts as an event."""

from dataclasses import replace
from datetime import date

from rounds_stage import BORN, PERSON, Council, agreement

from connector.events import HostPerson
from connector.model import EffectKind
from connector.store.follow_up_row import FollowUpState

OPENS = date(2026, 5, 21)


def tasks_written(council: Council) -> list[str]:
    return [each["task"] for kind, each in council.host.written if kind is EffectKind.TASK]


def test_a_task_opens_for_the_worker_the_record_names_now(council: Council) -> None:
    council.take(agreement())
    council.host.people[PERSON] = HostPerson(BORN, worker_id="9001")
    council.on(OPENS)
    assert council.the("T01").assignee == "9001"
    assert council.the("T28").assignee == "9001"


def test_what_was_looked_up_lately_is_not_looked_up_again(council: Council) -> None:
    council.take(agreement())
    council.on(OPENS)
    before = len(council.host.asked_about)
    council.on(OPENS)
    assert len(council.host.asked_about) == before == 2


def test_a_death_on_the_record_ends_everything(council: Council) -> None:
    council.take(agreement())
    council.host.people[PERSON] = HostPerson(BORN, died_on=date(2026, 5, 1))
    council.on(OPENS)
    assert "T01" not in tasks_written(council)
    assert {row.state for row in council.tasks("T01")} == {FollowUpState.CANCELLED}


def test_a_record_that_was_merged_is_followed(council: Council) -> None:
    council.take(agreement())
    council.host.people[PERSON] = HostPerson(BORN, merged_into="777")
    council.host.people["777"] = HostPerson(BORN)
    council.on(OPENS)
    assert council.the("T01", "777").state is FollowUpState.OPEN
    _, variables = council.host.written[-1]
    assert variables["person_id"] == "777"


def test_a_restriction_on_the_record_keeps_the_answers_out_of_the_task(council: Council) -> None:
    council.take(agreement())
    council.host.people[PERSON] = HostPerson(BORN, restricted=True)
    council.on(OPENS)
    _, variables = council.host.written[-1]
    assert variables["task"] == "T01"
    assert "Sam Worker" not in variables["text"]


def test_where_the_host_does_not_answer_what_is_known_has_to_do(council: Council) -> None:
    council.take(agreement())
    council.host.silent = True
    council.on(OPENS)
    assert council.the("T01").state is FollowUpState.OPEN
    assert council.host.asked_about.count(PERSON) == 2


def test_a_host_that_reads_no_people_is_not_asked(council: Council) -> None:
    council.host = replace(council.host, reads_people=False)
    council.take(agreement())
    council.on(OPENS)
    assert council.host.asked_about == []
