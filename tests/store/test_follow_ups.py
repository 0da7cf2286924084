"""Tasks that wait for their day, stand in an inbox, and end; each once for its period."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from kept_tasks import DAY, DUE, HOST, NOW, delivery, follow_up, only, plan, put_in_inbox

from connector.model import Inbox
from connector.plan import reference_guid
from connector.store import Store
from connector.store.follow_up_row import FollowUpState

LATER = date(2027, 1, 1)


def test_a_follow_up_is_planned_once_and_keeps_its_first_dates(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up())
        assert not tx.follow_ups.plan(submission, HOST, follow_up(opens_on=LATER), NOW)
        (row,) = tx.follow_ups.listing()
    assert (row.task, row.rule, row.inbox, row.assignee) == ("T01", "DS-18", Inbox.WORKER, "20931")
    assert (row.opens_on, row.due_on, row.scheduled_for) == (DAY, DUE, DUE)
    assert (row.state, row.stands, row.is_planned) == (FollowUpState.PLANNED, True, True)


@pytest.mark.parametrize(
    "twin",
    [follow_up("lcf-1", "another period"), follow_up("lcf-2", "F1 lcf-1", due_on=LATER)],
    ids=["the same reference", "the same period on another day"],
)
def test_a_reference_and_a_period_are_kept_once(store: Store, twin: object) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up())
        assert not tx.follow_ups.plan(submission, HOST, twin, NOW)  # type: ignore[arg-type]
        assert len(tx.follow_ups.listing()) == 1


def test_the_same_period_of_another_person_task_or_host_is_another_follow_up(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(
            tx,
            follow_up("lcf-1", "F1"),
            follow_up("lcf-2", "F1", person_id="P2"),
            follow_up("lcf-3", "F1", task="T02"),
        )
        assert tx.follow_ups.plan(submission, "mosaic", follow_up("lcf-4", "F1"), NOW)
        found = tx.follow_ups.in_period(HOST, "P2", "T01", "F1")
        assert found is not None
        assert found.reference == "lcf-2"
        assert tx.follow_ups.in_period(HOST, "P2", "T02", "F1") is None
        assert [row.reference for row in tx.follow_ups.listing("mosaic")] == ["lcf-4"]


def test_it_comes_back_as_it_was_planned(store: Store) -> None:
    planned = follow_up(counted_from=date(2026, 3, 25), late_on=DUE, role=Inbox.MANAGER, named=True)
    with store.transaction() as tx:
        plan(tx, planned)
        assert tx.follow_ups.content(only(tx).id) == planned
        row = only(tx)
    assert (row.role, row.counted_from) == (Inbox.MANAGER, date(2026, 3, 25))


def test_one_kept_only_to_be_known_never_opens(store: Store) -> None:
    with store.transaction() as tx:
        submission = delivery(tx)
        assert tx.follow_ups.plan(submission, HOST, follow_up(), NOW, replaced_by="F2")
        row = only(tx)
        assert tx.follow_ups.opening(LATER) == []
    assert (row.state, row.replaced_by) == (FollowUpState.SUPERSEDED, "F2")
    assert not row.stands


def test_it_opens_on_its_day_or_after_and_once(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        assert tx.follow_ups.opening(date(2026, 5, 31)) == []
        (row,) = tx.follow_ups.opening(date(2026, 8, 1))
        assert tx.follow_ups.opening(DAY) == [row]
        assert tx.follow_ups.open(row, Inbox.TEAM, "311", DUE)
        assert not tx.follow_ups.open(row, Inbox.WORKER, "20931", None)
        assert tx.follow_ups.opening(DAY) == []
        opened = only(tx)
    assert (opened.inbox, opened.assignee, opened.escalates_on) == (Inbox.TEAM, "311", DUE)
    assert (opened.state, opened.role) == (FollowUpState.OPEN, Inbox.WORKER)


def test_those_that_wait_longest_open_first_some_at_a_time(store: Store) -> None:
    with store.transaction() as tx:
        plan(
            tx,
            follow_up("lcf-2"),
            follow_up("lcf-1", opens_on=date(2026, 5, 1)),
            follow_up("lcf-3", opens_on=LATER),
        )
        assert [row.reference for row in tx.follow_ups.opening(DAY)] == ["lcf-1", "lcf-2"]
        assert [row.reference for row in tx.follow_ups.opening(DAY, 1)] == ["lcf-1"]
        assert [row.reference for row in tx.follow_ups.opening(DAY, 1, 1)] == ["lcf-2"]


def test_those_of_a_submission_open_at_once_where_their_day_has_come(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up("lcf-1"), follow_up("lcf-2", opens_on=LATER))
        assert [row.reference for row in tx.follow_ups.opening_for(submission, DAY)] == ["lcf-1"]
        assert tx.follow_ups.opening_for("sub_other", DAY) == []


def test_nothing_opens_of_a_form_that_is_being_written_again(store: Store) -> None:
    with store.transaction() as tx:
        submission = plan(tx, follow_up())
        tx.persons.freeze("mosaic", "F1", NOW)
        assert len(tx.follow_ups.opening(DAY)) == 1
        tx.persons.freeze(HOST, "F1", NOW)
        assert tx.follow_ups.opening(DAY) == []
        assert tx.follow_ups.opening_for(submission, DAY) == []
        tx.persons.thaw(HOST, "F1")
        assert len(tx.follow_ups.opening(DAY)) == 1


def test_it_ends_once_with_its_reason(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        row = put_in_inbox(tx)
        left, state = tx.follow_ups.leave, FollowUpState.DONE_LATE
        assert left(row, state, "Rung.", done_on=LATER)
        assert not left(row, FollowUpState.CANCELLED, "Too late.")
        ended = only(tx)
    assert (ended.state, ended.reason, ended.done_on) == (state, "Rung.", LATER)
    assert (ended.stands, ended.is_used_up) == (False, True)


@pytest.mark.parametrize(
    ("state", "replaced_by"),
    [(FollowUpState.CANCELLED, None), (FollowUpState.SUPERSEDED, "F2")],
)
def test_one_that_is_taken_back_is_not_used_up(
    store: Store, state: FollowUpState, replaced_by: str | None
) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        assert tx.follow_ups.leave(only(tx), state, "No longer.", replaced_by=replaced_by)
        row = only(tx)
    assert (row.state, row.replaced_by) == (state, replaced_by)
    assert (row.stands, row.is_used_up) == (False, False)


def test_one_cancelled_in_the_host_is_used_up(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        tx.follow_ups.leave(only(tx), FollowUpState.CANCELLED, "There.", done_on=DUE)
        assert only(tx).is_used_up


def test_a_missed_one_is_missed_once_and_can_still_be_done(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        assert not tx.follow_ups.miss(only(tx))
        row = put_in_inbox(tx)
        assert tx.follow_ups.miss(row)
        assert not tx.follow_ups.miss(row)
        missed = only(tx)
        assert (missed.state, missed.stands) == (FollowUpState.MISSED, True)
        assert tx.follow_ups.leave(row, FollowUpState.DONE_LATE, done_on=LATER)


def test_a_day_that_was_assumed_is_corrected(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        row = put_in_inbox(tx)
        tx.follow_ups.leave(row, FollowUpState.DONE, "Assumed.", done_on=DUE)
        tx.follow_ups.correct(row, FollowUpState.DONE_LATE, LATER)
        found = only(tx)
    assert (found.state, found.done_on) == (FollowUpState.DONE_LATE, LATER)


def test_one_that_waits_is_renewed_under_its_first_date(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        later = delivery(tx, "form-2")
        moved = follow_up(opens_on=LATER, due_on=LATER, title="Ring again")
        tx.follow_ups.renew(only(tx), later, moved)
        row = only(tx)
        assert tx.follow_ups.content(row.id) == moved
    assert (row.state, row.submission_id) == (FollowUpState.PLANNED, later)
    assert (row.opens_on, row.due_on, row.scheduled_for) == (LATER, LATER, DUE)


def test_one_that_is_renewed_keeps_the_reference_it_is_known_by(store: Store) -> None:
    """After a merger a later version plans the same task under another reference."""
    with store.transaction() as tx:
        submission = plan(tx, follow_up())
        tx.follow_ups.renew(only(tx), submission, follow_up("lcf-other"))
        planned = tx.follow_ups.content(only(tx).id)
    assert planned is not None
    assert planned.reference == planned.effect.reference == "lcf-1"
    assert planned.effect.content["reference"] == "lcf-1"
    assert planned.effect.content["reference_guid"] == reference_guid("lcf-1")


def test_it_is_handed_to_another_inbox_and_keeps_its_role(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        row = put_in_inbox(tx)
        tx.follow_ups.hand_over(row, Inbox.TEAM, "311", "By hand.")
        found = only(tx)
    assert (found.inbox, found.assignee, found.reason) == (Inbox.TEAM, "311", "By hand.")
    assert (found.role, found.state) == (Inbox.WORKER, FollowUpState.OPEN)


def test_one_in_an_inbox_gets_another_date_and_stays_where_it_is(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        row = put_in_inbox(tx)
        tx.follow_ups.hand_over(row, Inbox.TEAM, "311", "By hand.")
        tx.follow_ups.miss(row)
        later = delivery(tx, "d2")
        moved = follow_up("lcf-other", due_on=LATER)
        tx.follow_ups.redate(row, later, moved, FollowUpState.OPEN, LATER)
        found = only(tx)
        planned = tx.follow_ups.content(found.id)
    assert (found.inbox, found.assignee, found.reason) == (Inbox.TEAM, "311", "By hand.")
    assert (found.due_on, found.scheduled_for, found.escalates_on) == (LATER, DUE, LATER)
    assert (found.state, found.submission_id) == (FollowUpState.OPEN, later)
    assert planned is not None
    assert (planned.reference, planned.task.due_on) == ("lcf-1", LATER)


def test_when_it_was_asked_for_is_when_its_form_was_completed(store: Store) -> None:
    completed = NOW - timedelta(hours=3)
    with store.transaction() as tx:
        submission = delivery(tx, completed_at=completed)
        tx.follow_ups.plan(submission, HOST, follow_up(), NOW)
        assert only(tx).asked_at == completed


def test_everything_of_a_person_is_told_oldest_first(store: Store) -> None:
    with store.transaction() as tx:
        submission = delivery(tx)
        for minutes, reference in enumerate(("lcf-2", "lcf-1")):
            at = NOW + timedelta(minutes=minutes)
            tx.follow_ups.plan(submission, HOST, follow_up(reference), at)
        tx.follow_ups.plan(submission, HOST, follow_up("lcf-3", person_id="P2"), NOW)
        tx.follow_ups.plan(submission, "mosaic", follow_up("lcf-4"), NOW)
        tx.follow_ups.leave(only(tx, "lcf-2"), FollowUpState.CANCELLED)
        mine = tx.follow_ups.of_person(HOST, "P1")
        assert [row.reference for row in mine] == ["lcf-2", "lcf-1"]


def test_the_list_is_narrowed_by_host_person_state_and_task(store: Store) -> None:
    with store.transaction() as tx:
        plan(
            tx,
            follow_up("lcf-1"),
            follow_up("lcf-2", task="T02"),
            follow_up("lcf-3", person_id="P2", opens_on=date(2026, 5, 1)),
        )
        put_in_inbox(tx, "lcf-2")

        def listed(**wanted: object) -> list[str]:
            return [row.reference for row in tx.follow_ups.listing(**wanted)]  # type: ignore[arg-type]

        assert listed() == ["lcf-3", "lcf-1", "lcf-2"]
        assert listed(host="mosaic") == []
        assert listed(host=HOST, person_id="P1", task="T02") == ["lcf-2"]
        assert listed(states=[FollowUpState.PLANNED]) == ["lcf-3", "lcf-1"]


def test_what_was_due_in_these_hosts_may_be_assumed_done(store: Store) -> None:
    with store.transaction() as tx:
        plan(
            tx,
            follow_up("lcf-2"),
            follow_up("lcf-1", due_on=DUE - timedelta(days=1)),
            follow_up("lcf-waits"),
            follow_up("lcf-later", due_on=LATER),
        )
        for reference in ("lcf-1", "lcf-2", "lcf-later"):
            put_in_inbox(tx, reference)
        assumed = tx.follow_ups.assumed_done
        assert [row.reference for row in assumed([HOST], DUE, 9)] == ["lcf-1", "lcf-2"]
        assert [row.reference for row in assumed([HOST], DUE, 1, 1)] == ["lcf-2"]
        assert assumed(["mosaic"], DUE, 9) == []
        assert assumed([], DUE, 9) == []


def test_the_manager_is_told_of_what_is_open_and_long_overdue_and_not_twice(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, *(follow_up(f"lcf-{n}") for n in range(3)))
        put_in_inbox(tx, "lcf-0", escalates_on=LATER)
        late = put_in_inbox(tx, "lcf-1", escalates_on=DUE)
        put_in_inbox(tx, "lcf-2", escalates_on=None)
        assert tx.follow_ups.escalating(DUE - timedelta(days=1), 9) == []
        assert tx.follow_ups.escalating(DUE, 9) == [late]
        assert tx.follow_ups.escalating(DUE, 9, 1) == []
        tx.follow_ups.miss(late)
        assert tx.follow_ups.escalating(DUE, 9) == []


def test_what_the_host_was_not_asked_about_lately_comes_longest_first(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, *(follow_up(f"lcf-{n}") for n in range(4)))
        rows = [put_in_inbox(tx, f"lcf-{n}") for n in range(3)]
        tx.follow_ups.look(rows[0], NOW)
        tx.follow_ups.look(rows[1], NOW - timedelta(hours=1))

        def unseen(host: str = HOST, limit: int = 9) -> list[str]:
            return [row.reference for row in tx.follow_ups.unseen(host, NOW, limit)]

        assert unseen() == ["lcf-2", "lcf-1"]
        assert unseen(limit=1) == ["lcf-2"]
        assert unseen("mosaic") == []
        tx.follow_ups.leave(rows[2], FollowUpState.DONE, done_on=DUE)
        assert unseen() == ["lcf-1"]


def test_what_is_in_somebodys_inbox_is_found_by_their_number(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, *(follow_up(f"lcf-{n}") for n in range(4)))
        missed = put_in_inbox(tx, "lcf-0")
        tx.follow_ups.miss(missed)
        put_in_inbox(tx, "lcf-1", assignee="311")
        tx.follow_ups.leave(put_in_inbox(tx, "lcf-2"), FollowUpState.DONE, done_on=DUE)
        assert [row.reference for row in tx.follow_ups.assigned_to(HOST, "20931")] == ["lcf-0"]
        assert tx.follow_ups.assigned_to("mosaic", "20931") == []


def test_after_a_merger_a_task_is_about_the_record_that_remains(store: Store) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
        tx.follow_ups.remap(only(tx), "P9", "F1~merged")
        row = only(tx)
        planned = tx.follow_ups.content(row.id)
        assert tx.follow_ups.of_person(HOST, "P1") == []
        assert tx.follow_ups.of_person(HOST, "P9") == [row]
    assert (row.person_id, row.period_key) == ("P9", "F1~merged")
    assert planned is not None
    assert (planned.person_id, planned.effect.person_id) == ("P9", "P9")
    assert planned.effect.content["person_id"] == "P9"
    assert planned.period_key == "F1~merged"


@pytest.mark.parametrize("record", [None, "T-311"], ids=["no record", "the team's record"])
def test_a_task_about_nobody_stays_on_the_record_it_was_planned_for(
    store: Store, record: str | None
) -> None:
    overview = follow_up(person_id="")
    content = {**overview.effect.content, "person_id": record}
    effect = replace(overview.effect, person_id=record or "", content=content)
    with store.transaction() as tx:
        plan(tx, replace(overview, effect=effect))
        assert tx.follow_ups.content(only(tx).id) == replace(overview, effect=effect)


def test_nothing_is_found_that_is_not_there(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.follow_ups.get("fup_none") is None
        assert tx.follow_ups.by_reference("lcf-none") is None
        assert tx.follow_ups.content("fup_none") is None


def test_its_texts_are_sealed(store: Store, tmp_path: Path) -> None:
    with store.transaction() as tx:
        plan(tx, follow_up())
    for file in tmp_path.iterdir():
        assert b"Zephyrine" not in file.read_bytes()
