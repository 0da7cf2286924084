"""A death, a closing or a withdrawn form: what becomes of the tasks that were made before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fake_host import LOST, FakeHost, Timepiece, open_store, work_then
from made_once import packaged

from connector.casework import Desk
from connector.dispatch import Dispatcher, drain
from connector.errors import Declined, NotSent, OutcomeUnknown
from connector.model import EffectKind
from connector.pipeline import process_waiting
from connector.profiles import packaged_folder
from connector.store import Store
from connector.store.effect_row import EffectRow, EffectState, Resolution

HOST, FORM, PERSON = "question-code", "post_21_assessment", "900456"
T20 = "task T20"
NO_CANCEL = Declined("The profile does not say how to cancel task.")

# The sample keeps the case open; this closes it.
CLOSED = {
    "p21.outcome": {"lookup": {"code": "1"}},
    "p21.toldAnnualContact": {"boolean": True},
    "p21.toldCanReturn": {"boolean": True},
    "p21.phone": {"shortText": "07700900123"},
    "p21.phoneSafe": {"boolean": True},
}


@dataclass
class Council:
    """A council whose forms are worked on, and a host that is written to when a test says so."""

    desk: Desk
    now: Timepiece
    host: FakeHost = field(default_factory=FakeHost)
    _deliveries: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def dispatcher(self) -> Dispatcher:
        render = lambda content: b"%PDF-1.7"  # noqa: E731 - the least a document can be
        return Dispatcher(self.store, {HOST: self.host}, render, self.now)  # type: ignore[dict-item]

    def take(self, form: dict[str, Any]) -> str:
        with self.store.transaction() as tx:
            body = json.dumps(form).encode()
            kept = tx.submissions.keep(HOST, f"d{next(self._deliveries)}", body, self.now())
        process_waiting(self.desk)
        self.now.move_on(1)
        return kept.submission_id

    def write(self) -> None:
        drain(self.dispatcher, Event(), lambda: None)

    def write_up_to_t20(self, submission: str) -> None:
        """Everything that is owed before the action, which comes next then."""
        for step in self.steps(submission):
            if step == T20:
                return
            self.dispatcher.perform(self.effect(submission, step).id)

    def wait_and_write(self, seconds: float = 3600) -> None:
        self.now.move_on(seconds)
        self.write()

    def effect(self, submission: str, step: str) -> EffectRow:
        with self.store.transaction() as tx:
            (found,) = (e for e in tx.effects.of_submission(submission) if e.step == step)
        return found

    def steps(self, submission: str) -> list[str]:
        with self.store.transaction() as tx:
            return [each.step for each in tx.effects.of_submission(submission)]

    def standing(self, submission: str) -> str:
        with self.store.transaction() as tx:
            found = tx.submissions.get(submission)
        assert found
        return found.standing

    def follow_ups(self) -> dict[str, str]:
        """Where each task's latest follow-up stands."""
        with self.store.transaction() as tx:
            rows = tx.follow_ups.listing(HOST, PERSON)
        return {each.task: each.state.value for each in sorted(rows, key=lambda r: r.created_at)}

    def held(self, title: str) -> list[str]:
        """The host's ids of tasks of this title."""
        numbered = enumerate(self.host.held, 1)
        return [f"H{n}" for n, (_, kept) in numbered if kept.get("title") == title]


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    now = Timepiece(datetime(2026, 2, 13, 9, 0, tzinfo=UTC))
    with open_store(tmp_path) as store:
        yield Council(Desk(store, packaged(), packaged().working, now), now)


def form(number: int = 1, minute: int = 0, action: str = "Chase", **answers: Any) -> dict[str, Any]:
    """The sample as form `number`, completed at 16:`minute`, with an action due at once."""
    path = packaged_folder() / HOST / "samples" / f"{FORM}.json"
    made: dict[str, Any] = json.loads(path.read_text("utf-8"))
    made["form"]["formId"] = number
    made["workflowStep"]["completedOn"] = f"2026-02-12T16:{minute:02d}:00"
    made["subjects"][0]["dateOfBirth"] = "2004-01-10"
    given = made["form"]["answers"]
    for each in given:
        if each["questionUserCode"] == "p21.type":
            each["lookup"] = {"code": "REVIEW"}
        if (each["questionUserCode"], each.get("row")) == ("p21.action", 1):
            each |= {"what": {"shortText": action}, "by": {"date": "2026-02-20"}}.get(
                each["column"], {}
            )
    kept = [each for each in given if each["questionUserCode"] not in answers]
    new = [{"questionUserCode": code, **value} for code, value in answers.items()]
    made["form"]["answers"] = kept + new
    return made


def died(made: dict[str, Any]) -> dict[str, Any]:
    made["subjects"][0]["dateOfDeath"] = "2026-02-11"
    return made


def withdrawn(made: dict[str, Any]) -> dict[str, Any]:
    made["workflowStep"]["status"] = "CANCELLED"
    return made


def test_a_death_cancels_in_the_host_what_is_there(council: Council) -> None:
    first = council.take(form())
    council.write()
    there = council.effect(first, T20).remote_id
    death = council.take(died(form(2, minute=5)))
    assert council.steps(death)[0] == "outcome"
    assert set(council.steps(death)[1:]) == {f"cancel {T20}", "cancel task T24"}
    council.write()
    assert (there, "No longer needed.") in council.host.cancelled
    assert council.effect(death, f"cancel {T20}").state is EffectState.CONFIRMED
    assert council.effect(first, T20).state is EffectState.CONFIRMED
    assert council.standing(first) == council.standing(death) == "done"
    assert set(council.follow_ups().values()) == {"cancelled"}


def test_what_was_never_sent_never_is(council: Council) -> None:
    first = council.take(form())
    death = council.take(died(form(2, minute=5)))
    task = council.effect(first, T20)
    assert (task.state, task.reason) == (EffectState.CANCELLED, "No longer needed.")
    assert task.settled_at
    assert f"cancel {T20}" not in council.steps(death)
    council.write()
    assert EffectKind.TASK not in council.host.kinds
    assert council.host.cancelled == []
    assert council.standing(first) == council.standing(death) == "done"


def test_a_runner_that_has_just_claimed_a_task_does_not_send_it(council: Council) -> None:
    first = council.take(form())
    row = council.effect(first, T20)
    council.write_up_to_t20(first)
    with council.store.transaction() as tx:
        until = council.now() + timedelta(minutes=10)
        claimed = tx.effects.claim(row.id, "worker", until, council.now())
    assert claimed
    council.take(died(form(2, minute=5)))
    with council.store.transaction() as tx:
        assert tx.effects.intend(claimed, until, council.now()) is None
    assert council.effect(first, T20).state is EffectState.CANCELLED


def unclear_task(council: Council, told: Any) -> str:
    """A form whose action was sent with this ending, everything before it well."""
    submission = council.take(form())
    council.write_up_to_t20(submission)
    council.host.next_writes.append(told)
    council.dispatcher.perform(council.effect(submission, T20).id)
    assert council.effect(submission, T20).state is EffectState.UNKNOWN
    return submission


def test_a_task_that_may_be_there_is_looked_up_and_cancelled_and_not_sent_again(
    council: Council,
) -> None:
    first = unclear_task(council, work_then(LOST))
    council.take(died(form(2, minute=5)))
    assert council.effect(first, T20).state is EffectState.CANCELLED
    council.wait_and_write()
    assert [there for there, _ in council.host.cancelled] == council.held("Chase")
    assert len(council.held("Chase")) == 1


def test_a_task_that_never_came_to_be_is_done_when_the_settle_window_is_over(
    council: Council,
) -> None:
    council.host.settle_seconds = 600
    first = unclear_task(council, LOST)
    death = council.take(died(form(2, minute=5)))
    council.write()
    waiting = council.effect(death, f"cancel {T20}")
    assert waiting.state is EffectState.PLANNED
    council.wait_and_write(300)
    assert council.effect(death, f"cancel {T20}").state is EffectState.PLANNED
    council.wait_and_write(300)
    assert council.effect(death, f"cancel {T20}").state is EffectState.CONFIRMED
    assert council.held("Chase") == council.host.cancelled == []
    assert council.standing(first) == "done"


def test_a_task_that_appears_late_within_the_settle_window_is_cancelled(council: Council) -> None:
    council.host.settle_seconds = 600
    first = unclear_task(council, LOST)
    council.take(died(form(2, minute=5)))
    council.write()
    council.host.keep({"reference": council.effect(first, T20).reference, "title": "Chase"})
    council.wait_and_write(700)
    assert [there for there, _ in council.host.cancelled] == council.held("Chase") != []


def test_a_task_on_its_way_is_looked_for_until_its_request_must_have_ended(
    council: Council,
) -> None:
    deaths: list[str] = []

    def hear_of_the_death(host: FakeHost, variables: Any) -> str:
        deaths.append(council.take(died(form(2, minute=5))))
        return host.keep(variables)

    first = council.take(form())
    council.write_up_to_t20(first)
    council.host.next_writes.append(hear_of_the_death)
    council.dispatcher.perform(council.effect(first, T20).id)
    assert council.effect(first, T20).state is EffectState.CANCELLED
    council.wait_and_write(60)
    assert [there for there, _ in council.host.cancelled] == council.held("Chase") != []
    assert council.effect(deaths[0], f"cancel {T20}").state is EffectState.CONFIRMED


def test_a_task_sent_again_by_hand_is_not_taken_for_one_never_sent(council: Council) -> None:
    council.host.idempotency = "C"
    first = council.take(form())
    council.write_up_to_t20(first)
    council.host.next_writes.append(work_then(LOST))
    council.dispatcher.perform(council.effect(first, T20).id)
    task = council.effect(first, T20)
    with council.store.transaction() as tx:
        assert tx.effects.resolve(task.id, Resolution.AGAIN, council.now())
    death = council.take(died(form(2, minute=5)))
    assert f"cancel {T20}" in council.steps(death)


def only_t20(council: Council) -> tuple[str, str]:
    """A form with its tasks in the host, then a death; what went wrong is told to the T20 alone."""
    first = council.take(form())
    council.write()
    death = council.take(died(form(2, minute=5)))
    council.dispatcher.perform(council.effect(death, "outcome").id)
    return first, council.effect(death, f"cancel {T20}").id


def after(council: Council, effect_id: str) -> EffectRow:
    council.dispatcher.perform(effect_id)
    with council.store.transaction() as tx:
        found = tx.effects.get(effect_id)
    assert found
    return found


@pytest.mark.parametrize(
    "told",
    [
        Declined("Not there.", status=404),
        Declined("Gone.", status=410),
        OutcomeUnknown("It is closed.", status=409),
    ],
    ids=["404", "410", "409"],
)
def test_a_task_that_is_closed_or_gone_is_done(council: Council, told: Exception) -> None:
    _, cancelling = only_t20(council)
    council.host.next_cancels.append(told)
    assert after(council, cancelling).state is EffectState.CONFIRMED


@pytest.mark.parametrize("idempotency", ["A", "B", "C"])
@pytest.mark.parametrize("told", [NotSent("Down."), LOST], ids=["not sent", "unknown"])
def test_whatever_is_unclear_is_tried_again(
    council: Council, told: Exception, idempotency: str
) -> None:
    council.host.idempotency = idempotency
    first, cancelling = only_t20(council)
    council.host.next_cancels.append(told)
    assert after(council, cancelling).state is EffectState.PLANNED
    council.now.move_on(60)
    assert after(council, cancelling).state is EffectState.CONFIRMED
    assert [there for there, _ in council.host.cancelled] == [council.effect(first, T20).remote_id]


def test_a_worker_that_stops_while_cancelling_tries_again_whatever_the_host(
    council: Council,
) -> None:
    council.host.idempotency = "C"
    _, cancelling = only_t20(council)
    with council.store.transaction() as tx:
        until = council.now() + timedelta(minutes=10)
        claimed = tx.effects.claim(cancelling, "worker", until, council.now())
        assert claimed
        assert tx.effects.intend(claimed, until, council.now())
        assert tx.effects.take_over(council.now()) == 1
    assert after(council, cancelling).state is EffectState.PLANNED
    assert after(council, cancelling).state is EffectState.CONFIRMED


@pytest.mark.parametrize("told", [NO_CANCEL, Declined("No.", status=403)], ids=["no call", "403"])
def test_what_cannot_be_cancelled_is_left_to_a_person_by_number_and_without_details(
    council: Council, told: Exception
) -> None:
    first, cancelling = only_t20(council)
    council.host.next_cancels.append(told)
    parked = after(council, cancelling)
    task = council.effect(first, T20)
    assert parked.state is EffectState.PARKED
    assert parked.reason.startswith(
        "Close the task in the case system yourself: our reference "
        f"{task.reference}, number {task.remote_id} there."
    )
    assert "Chase" not in parked.reason
    assert "Robin" not in parked.reason


def test_a_reference_kept_in_place_of_an_id_is_looked_up(council: Council) -> None:
    council.host.idempotency = "A"
    first = council.take(form())
    council.write_up_to_t20(first)
    council.host.next_writes.append(work_then(OutcomeUnknown("Held.", status=409)))
    council.dispatcher.perform(council.effect(first, T20).id)
    task = council.effect(first, T20)
    assert task.remote_id == task.reference
    council.take(died(form(2, minute=5)))
    council.wait_and_write()
    assert [there for there, _ in council.host.cancelled] == council.held("Chase")


def test_a_profile_may_send_the_whole_task_again_to_cancel_it(council: Council) -> None:
    first, cancelling = only_t20(council)
    seen: list[Any] = []
    council.host.cancel = lambda kind, variables: seen.append(variables)  # type: ignore[method-assign]
    after(council, cancelling)
    task = council.effect(first, T20)
    (variables,) = seen
    assert (variables["title"], variables["remote_id"]) == ("Chase", task.remote_id)
    assert variables["reference"] == task.reference


def test_a_withdrawn_form_cancels_its_own_tasks_only_and_keeps_the_notice(
    council: Council,
) -> None:
    council.take(form(1))
    other = council.take(form(2, minute=5, action="Ring"))
    council.write()
    gone = council.take(withdrawn(form(1, minute=10)))
    council.write()
    assert council.held("Chase")[0] in dict(council.host.cancelled)
    assert council.held("Ring")[0] not in dict(council.host.cancelled)
    assert set(dict(council.host.cancelled).values()) == {
        "The form this task came from was withdrawn."
    }
    assert "task T35" in council.steps(gone)
    assert council.effect(gone, "task T35").state is EffectState.CONFIRMED
    assert any("are being cancelled" in kept.get("text", "") for _, kept in council.host.held)
    assert council.effect(other, T20).state is EffectState.CONFIRMED


def test_closing_cancels_the_tasks_of_earlier_forms_and_keeps_its_own(council: Council) -> None:
    council.take(form(1, action="Earlier"))
    council.write()
    closing = council.take(form(2, minute=5, action="Last", **CLOSED))
    assert council.standing(closing) == "working"
    council.write()
    assert council.held("Earlier")[0] in dict(council.host.cancelled)
    assert dict(council.host.cancelled)[council.held("Earlier")[0]] == "The case was closed."
    assert council.held("Last")[0] not in dict(council.host.cancelled)
    again = council.take(form(2, minute=10, action="Last", **CLOSED))
    council.write()
    assert len(council.held("Last")) == 1
    assert f"cancel {T20}" not in council.steps(again)


def test_an_assessment_that_keeps_the_case_open_leaves_the_agreed_actions_of_the_one_before(
    council: Council,
) -> None:
    first = council.take(form(1))
    council.write()
    discussion = council.effect(first, "task T24").remote_id
    council.take(form(2, minute=5, action="Ring"))
    council.write()
    assert council.host.cancelled == [(discussion, "A later assessment took its place.")]
    assert council.effect(first, T20).state is EffectState.CONFIRMED


def test_of_two_assessments_only_the_later_ones_review_waits(council: Council) -> None:
    council.take(form(1))
    council.take(form(2, minute=5, action="Ring"))
    with council.store.transaction() as tx:
        reviews = tx.follow_ups.listing(HOST, PERSON, task="T21")
    standing = [row.form_id for row in reviews if row.stands]
    assert standing == ["2"]
    assert {row.form_id for row in reviews} == {"1", "2"}


def test_a_form_that_counts_after_all_makes_its_tasks_anew(council: Council) -> None:
    council.take(form(1))
    council.write()
    gone = council.take(withdrawn(form(1, minute=5)))
    council.write()
    back = council.take(form(1, minute=10))
    council.write()
    assert len(council.held("Chase")) == 2
    assert council.follow_ups()["T20"] == "open"
    council.take(form(1, minute=15))
    council.write()
    assert len(council.held("Chase")) == 2
    council.take(died(form(2, minute=20)))
    council.write()
    cancelled = [there for there, _ in council.host.cancelled]
    assert set(council.held("Chase")) <= set(cancelled)
    assert len(cancelled) == len(set(cancelled))
    assert council.steps(gone) != council.steps(back)


def test_what_waited_for_its_day_and_was_cancelled_may_wait_again(council: Council) -> None:
    council.take(form(1))
    council.take(withdrawn(form(1, minute=5)))
    assert council.follow_ups()["T21"] == "cancelled"
    council.take(form(1, minute=10))
    assert council.follow_ups()["T21"] == "planned"


def test_a_form_that_is_run_again_brings_nothing_back(council: Council) -> None:
    first = council.take(form())
    council.write()
    council.take(died(form(2, minute=5)))
    council.write()
    with council.store.transaction() as tx:
        assert tx.submissions.rearm(first)
    process_waiting(council.desk)
    council.write()
    assert len(council.held("Chase")) == 1
    assert council.follow_ups()["T20"] == "cancelled"


def test_running_the_news_of_a_death_again_owes_nothing_more(council: Council) -> None:
    council.take(form())
    council.write()
    death = council.take(died(form(2, minute=5)))
    council.write()
    before = council.steps(death), list(council.host.cancelled)
    changed = replace(council.desk.configuration, hash="another")
    council.desk = replace(council.desk, configuration=changed)
    with council.store.transaction() as tx:
        assert tx.submissions.rearm(death)
    process_waiting(council.desk)
    council.write()
    assert council.host.cancelled == before[1]
    assert [each for each in council.steps(death) if each != "outcome"] == before[0][1:]


def test_a_delivery_whose_tasks_were_cancelled_is_emptied_in_its_time(council: Council) -> None:
    first = council.take(form())
    council.take(died(form(2, minute=5)))
    council.write()
    council.now.move_on(3600)
    with council.store.transaction() as tx:
        assert tx.submissions.purge_bodies(council.now()) == 2
        found = tx.submissions.get(first)
    assert found
    assert not found.body_held
