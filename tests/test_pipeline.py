"""From a kept delivery to what is owed: the order of the stages, versions, replays and failures."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from made_once import store_in
from what_is_due import due

from connector.casework import Desk
from connector.errors import HostError, NotSent, OutOfOrder
from connector.events import HostPerson
from connector.pipeline import process, process_waiting
from connector.profiles import Configuration, load, packaged_folder
from connector.store import Store, Transaction
from connector.store.follow_up_row import FollowUpRow
from connector.store.submission_row import Submission

NOW = datetime(2026, 2, 13, 9, 0, tzinfo=UTC)
HOST, FORM = "question-code", "post_21_assessment"
OUTCOME_AMISS = {'"2": remain_open': '"9": remain_open'}
UNKNOWN_FORM = {'"1611": post_21_assessment, ': ""}


@dataclass
class Office:
    """A store with a configuration, and what a test sends into it."""

    desk: Desk
    _deliveries: Iterator[int] = field(default_factory=lambda: count(1))

    def take(self, payload: Any, host: str = HOST) -> str:
        """Keep a delivery and work through what waits."""
        submission = self.keep(payload, host)
        process_waiting(self.desk)
        return submission

    def keep(self, payload: Any, host: str = HOST) -> str:
        with self.desk.store.transaction() as tx:
            body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
            kept = tx.submissions.keep(host, f"d{next(self._deliveries)}", body, NOW)
        return kept.submission_id

    def again(self, submission: str, configuration: Configuration | None = None) -> None:
        """Replay it, under another configuration if one is given."""
        with self.desk.store.transaction() as tx:
            assert tx.submissions.rearm(submission)
        if configuration:
            self.desk = replace(self.desk, configuration=configuration)
        process_waiting(self.desk)

    def of(self, submission: str) -> Submission:
        with self.desk.store.transaction() as tx:
            found = tx.submissions.get(submission)
        assert found is not None
        return found

    def steps(self, submission: str) -> list[str]:
        with self.desk.store.transaction() as tx:
            return [each.step for each in tx.effects.of_submission(submission)]

    def references(self, submission: str) -> list[str]:
        with self.desk.store.transaction() as tx:
            return [each.reference for each in tx.effects.of_submission(submission)]

    def outcomes(self, submission: str) -> list[str]:
        """The status of each outcome that is owed, in the order they came about."""
        with self.desk.store.transaction() as tx:
            rows = tx.effects.of_submission(submission)
            return [tx.effects.content(e.id)["status"] for e in rows if e.step == "outcome"]

    def follow_ups(self, person: str = "900456") -> dict[str, FollowUpRow]:
        with self.desk.store.transaction() as tx:
            return {each.task: each for each in tx.follow_ups.listing(HOST, person)}


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    return changed(tmp_path_factory.mktemp("mappings"), {})


def changed(folder: Path, changes: dict[str, str], file: str = f"{FORM}.yaml") -> Configuration:
    """The packaged question-code host with some texts of one of its files replaced."""
    shutil.copy(packaged_folder() / "policy.yaml", folder)
    shutil.copytree(packaged_folder() / HOST, folder / HOST)
    path = folder / HOST / file
    text = path.read_text("utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return load(folder)


@pytest.fixture
def office(tmp_path: Path, configuration: Configuration) -> Iterator[Office]:
    with store_in(tmp_path) as store:
        seconds = count()
        now = lambda: NOW + timedelta(seconds=next(seconds))  # noqa: E731 - a clock that goes on
        yield Office(Desk(store, configuration, configuration.working, now))


@pytest.fixture
def payload() -> Any:
    path = packaged_folder() / HOST / "samples" / f"{FORM}.json"
    return json.loads(path.read_text("utf-8"))


def answered(payload: Any, code: str, **answer: Any) -> Any:
    """The payload with one question answered otherwise; no keyword leaves it out."""
    step = json.loads(json.dumps(payload))
    answers = step["form"]["answers"]
    answers[:] = [each for each in answers if each["questionUserCode"] != code]
    if answer:
        answers.append({"questionUserCode": code, **answer})
    return step


def test_a_form_becomes_writes_in_order_and_follow_ups(office: Office, payload: Any) -> None:
    submission = office.take(payload)
    assert office.of(submission).state == "processed"
    assert office.of(submission).status == "open"
    assert office.steps(submission)[:3] == ["outcome", "case_note", "document"]
    waiting = {task for task, each in office.follow_ups().items() if each.state == "planned"}
    assert "T21" in waiting
    with office.desk.store.transaction() as tx:
        assert tx.answers.get(HOST, "900456", FORM) is not None


def test_one_form_that_cannot_be_worked_on_does_not_hold_up_the_next(
    office: Office, payload: Any
) -> None:
    broken, sound = office.keep(b"\xff not json"), office.keep(payload)
    process_waiting(office.desk)
    assert (office.of(broken).state, office.of(sound).state) == ("broken", "processed")
    assert office.of(broken).reason


def test_a_form_of_a_host_without_a_folder_is_unmapped_and_kept(
    office: Office, payload: Any
) -> None:
    submission = office.take(payload, "another")
    found = office.of(submission)
    assert (found.state, found.reason) == ("unmapped", "There is no folder for the host another.")
    assert found.body_held


def test_a_form_opened_again_changes_nothing_until_it_is_completed(
    office: Office, payload: Any
) -> None:
    office.take(payload)
    before = {task: each.state for task, each in office.follow_ups().items()}
    again = json.loads(json.dumps(payload))
    again["workflowStep"]["status"] = "REOPENED"
    submission = office.take(again)
    assert office.of(submission).state == "ignored"
    assert office.steps(submission) == []
    assert {task: each.state for task, each in office.follow_ups().items()} == before


def test_a_replay_under_the_same_mapping_owes_nothing_new(office: Office, payload: Any) -> None:
    submission = office.take(payload)
    before = office.references(submission)
    office.again(submission)
    assert office.references(submission) == before
    assert office.of(submission).ordinal == 1


def wrong_outcome(folder: Path) -> Configuration:
    """A mapping that does not know the code of “remain open”."""
    return changed(folder, OUTCOME_AMISS)


def test_a_form_read_amiss_is_put_right_by_a_replay_under_the_mended_mapping(
    office: Office, payload: Any, configuration: Configuration, tmp_path: Path
) -> None:
    office.desk = replace(office.desk, configuration=wrong_outcome(tmp_path))
    submission = office.take(answered(payload, "p21.outcome", lookup={"code": "2"}))
    assert office.outcomes(submission) == ["needs_attention"]
    office.again(submission, configuration)
    assert office.outcomes(submission) == ["needs_attention", "open"]
    assert office.of(submission).ordinal == 2


def test_what_a_replay_corrects_is_written_after_what_it_corrects(
    office: Office, payload: Any, configuration: Configuration, tmp_path: Path
) -> None:
    office.desk = replace(office.desk, configuration=wrong_outcome(tmp_path))
    submission = office.take(answered(payload, "p21.outcome", lookup={"code": "2"}))
    office.again(submission, configuration)  # before the host heard of the first outcome
    with office.desk.store.transaction() as tx:
        outcomes = [row for row in due(tx, HOST, NOW + timedelta(hours=1)) if row.step == "outcome"]
        written = [tx.effects.content(row.id)["status"] for row in outcomes]
    assert written == ["needs_attention", "open"]


def test_an_attempt_to_mend_that_makes_it_worse_still_lets_the_next_put_it_right(
    office: Office, payload: Any, configuration: Configuration, tmp_path: Path
) -> None:
    (tmp_path / "amiss").mkdir()
    (tmp_path / "worse").mkdir()
    office.desk = replace(office.desk, configuration=wrong_outcome(tmp_path / "amiss"))
    submission = office.take(answered(payload, "p21.outcome", lookup={"code": "2"}))
    worse = changed(tmp_path / "worse", UNKNOWN_FORM, "host.yaml")
    office.again(submission, worse)
    assert office.of(submission).state == "unmapped"
    office.again(submission, configuration)
    assert office.of(submission).status == "open"
    assert office.outcomes(submission) == ["needs_attention", "open"]


def test_an_amendment_moves_a_task_that_waits_and_does_not_make_a_second(
    office: Office, payload: Any
) -> None:
    far = action(payload, "Visit the new flat", "2026-06-12")
    office.take(far)
    first = office.follow_ups()["T20"]
    assert first.due_on == date(2026, 6, 12)
    office.take(action(payload, "Visit the new flat", "2026-07-10"))
    again = office.follow_ups()["T20"]
    assert (again.id, again.due_on, again.state) == (first.id, date(2026, 7, 10), "planned")


def test_an_action_an_amendment_leaves_out_is_cancelled_while_it_waits(
    office: Office, payload: Any
) -> None:
    office.take(action(payload, "Visit the new flat", "2026-06-12"))
    submission = office.take(action(payload, "Ring the landlord", "2026-02-20"))
    assert office.of(submission).status == "open"
    with office.desk.store.transaction() as tx:
        actions = [each for each in tx.follow_ups.listing(HOST) if each.task == "T20"]
    (gone,) = [each for each in actions if each.state == "cancelled"]
    assert gone.due_on == date(2026, 6, 12)
    assert (gone.reason, gone.replaced_by) == ("The form no longer asks for it.", None)
    assert [each.state for each in actions if each is not gone] == ["open"]


def action(payload: Any, what: str, by: str) -> Any:
    made = answered(payload, "p21.action")
    made["form"]["answers"] += [
        {"questionUserCode": "p21.action", "row": 1, "column": "what", "shortText": what},
        {"questionUserCode": "p21.action", "row": 1, "column": "who", "lookup": {"code": "PA"}},
        {"questionUserCode": "p21.action", "row": 1, "column": "by", "date": by},
    ]
    return made


@dataclass
class Register:
    """The host's register of people: one date of birth for everybody, or what it does instead."""

    born: date | None = None
    trouble: HostError | None = None
    reads_people: bool = True
    asked: list[str] = field(default_factory=list)

    def read_person(self, person_id: str) -> HostPerson | None:
        self.asked.append(person_id)
        if self.trouble:
            raise self.trouble
        return HostPerson(date_of_birth=self.born) if self.born else None


BORN = date(2005, 5, 10)  # as on the sample


def with_register(office: Office, register: Register) -> Register:
    office.desk = replace(office.desk, registers={HOST: register})
    return register


def test_nothing_is_written_before_the_host_has_said_whose_record_it_is(
    office: Office, payload: Any
) -> None:
    register = with_register(office, Register(BORN))
    submission = office.take(payload)
    assert register.asked == ["900456"]
    assert office.of(submission).status == "open"


@pytest.mark.parametrize("born", [date(1999, 1, 1), None], ids=["somebody else", "no record"])
def test_a_form_about_the_wrong_person_is_held_and_writes_nothing_on_the_record(
    office: Office, payload: Any, born: date | None
) -> None:
    with_register(office, Register(born))
    submission = office.take(payload)
    steps = office.steps(submission)
    assert steps
    assert all(step.startswith("task ") for step in steps)
    with office.desk.store.transaction() as tx:
        assert "EN-07" in {each.rule for each in tx.submissions.problems(submission)}


def test_the_answers_of_a_form_about_the_wrong_person_are_not_held_as_theirs(
    office: Office, payload: Any
) -> None:
    with_register(office, Register(date(1999, 1, 1)))
    office.take(payload)
    with office.desk.store.transaction() as tx:
        assert tx.answers.get(HOST, "900456", FORM) is None


def test_a_form_waits_while_its_host_does_not_say_whose_record_it_is_and_nothing_else_waits(
    office: Office, payload: Any
) -> None:
    register = with_register(office, Register(BORN, NotSent("Down.", retry_after=90)))
    waits = office.take(payload)
    assert (office.of(waits).state, office.steps(waits)) == ("received", [])
    assert office.of(waits).reason.startswith("Waiting for the case system")
    broken = office.take(b"\xff not json")
    assert office.of(broken).state == "broken"
    assert len(register.asked) == 1
    register.trouble = None
    office.desk = replace(office.desk, now=lambda: NOW + timedelta(minutes=5))
    process_waiting(office.desk)
    assert office.of(waits).status == "open"
    assert office.of(waits).reason == ""


def test_a_host_that_did_not_answer_is_not_asked_for_each_form_again(
    office: Office, payload: Any
) -> None:
    register = with_register(office, Register(BORN, NotSent("Hanging.")))
    first = office.take(payload)
    second = office.take(payload)
    assert len(register.asked) == 1
    assert [office.of(each).state for each in (first, second)] == ["received"] * 2
    register.trouble = None
    office.desk = replace(office.desk, now=lambda: NOW + timedelta(minutes=5))
    process_waiting(office.desk)
    assert [office.of(each).state for each in (first, second)] == ["processed", "duplicate"]


def test_a_form_another_worker_has_settled_meanwhile_stays_as_it_is(
    office: Office, payload: Any
) -> None:
    settled = office.take(payload)
    before = office.of(settled), office.steps(settled)
    process(replace(office.desk, now=lambda: NOW + timedelta(minutes=1)), settled)
    assert (office.of(settled), office.steps(settled)) == before


def test_a_host_whose_register_cannot_be_read_is_not_asked(office: Office, payload: Any) -> None:
    register = with_register(office, Register(reads_people=False))
    assert office.of(office.take(payload)).status == "open"
    assert register.asked == []


def test_a_form_of_a_merged_record_is_applied_to_the_record_that_remains(
    office: Office, payload: Any
) -> None:
    with office.desk.store.transaction() as tx:
        tx.persons.merge(HOST, "900456", "900999", NOW)
    submission = office.take(payload)
    assert office.of(submission).person_ids == ("900999",)
    assert office.follow_ups() == {}
    assert "T21" in office.follow_ups("900999")


def test_each_person_on_a_form_gets_writes_of_their_own(office: Office, payload: Any) -> None:
    both = json.loads(json.dumps(payload))
    sibling = both["subjects"][0] | {"personId": 900457, "name": "Sam Sample"}
    both["subjects"].append(sibling)
    submission = office.take(both)
    with office.desk.store.transaction() as tx:
        rows = tx.effects.of_submission(submission)
    outcomes = {each.person_id: each.reference for each in rows if each.step == "outcome"}
    assert set(outcomes) == {"900456", "900457"}
    assert len(set(outcomes.values())) == 2
    assert office.of(submission).person_ids == ("900456", "900457")


def test_a_database_that_does_not_answer_leaves_the_form_waiting(
    office: Office, payload: Any
) -> None:
    submission = office.keep(payload)

    def out_of_order() -> datetime:
        raise OutOfOrder("The database is too busy.")

    desk = replace(office.desk, now=out_of_order)
    with pytest.raises(OutOfOrder):
        process_waiting(desk)
    assert office.of(submission).state == "received"
    assert office.steps(submission) == []


@dataclass
class FailsBeforeCommit:
    """The store, with a mistake after the last write of each transaction."""

    store: Store

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.store.transaction() as tx:
            yield tx
            raise ZeroDivisionError


def test_a_mistake_of_ours_half_way_leaves_nothing_half_done(office: Office, payload: Any) -> None:
    submission = office.keep(payload)
    with pytest.raises(ZeroDivisionError):
        process(replace(office.desk, store=FailsBeforeCommit(office.desk.store)), submission)
    assert office.of(submission).state == "received"
    assert office.steps(submission) == []
    assert office.follow_ups() == {}
