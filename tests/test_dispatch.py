"""Each test is one answer of a host, and what becomes of the effect."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fake_host import LOST, START, Case, FakeHost, effect, open_store, work_then
from made_once import about_the_file

from connector.dispatch import LEASE, advice, check_lease, drain, waits
from connector.errors import Declined, HeldBack, HostError, NotSent, OutcomeUnknown, SetupProblem
from connector.model import EffectKind
from connector.store.effect_row import EffectState, Resolution

DOWN = NotSent("The host cannot be reached.")


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with open_store(tmp_path) as store:
        yield Case(store)


def drain_all(case: Case) -> int:
    return drain(case.dispatcher, Event(), lambda: None)


def test_a_write_that_is_answered_is_confirmed_with_the_id_of_the_host(case: Case) -> None:
    case.owe(effect())
    row = case.step()
    assert (row.state, row.remote_id, row.attempts) == (EffectState.CONFIRMED, "H1", 1)
    assert row.settled_at == START
    assert row.lease_owner is None
    assert case.tries() == [("send", "confirmed")]


def test_the_intent_is_committed_before_the_request_leaves(case: Case) -> None:
    seen: list[Any] = []

    def look_into_the_ledger(host: FakeHost, variables: Any) -> str:
        seen.append(case.row())
        return host.keep(variables)

    case.owe(effect())
    case.host.next_writes.append(look_into_the_ledger)
    case.step()
    assert [row.state for row in seen] == [EffectState.INTENT]
    assert seen[0].first_sent == seen[0].last_sent == START


def test_work_done_before_a_bad_answer_is_found_and_not_sent_again(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(work_then(LOST))
    assert case.step().state is EffectState.UNKNOWN
    row = case.step()
    assert (row.state, row.remote_id) == (EffectState.CONFIRMED, "H1")
    assert len(case.host.held) == len(case.host.writes) == 1
    assert case.tries() == [("send", "unknown"), ("look_up", "confirmed")]


def test_two_misses_with_the_settle_window_over_are_needed_before_it_is_sent_again(
    case: Case,
) -> None:
    case.owe(effect())
    case.host.next_writes.append(LOST)
    case.step()
    once = case.step()
    assert (once.state, once.misses) == (EffectState.UNKNOWN, 1)
    assert once.not_before == START + timedelta(seconds=2)
    assert not case.dispatcher.perform(once.id)
    case.now.move_on(2)
    assert case.step().state is EffectState.PLANNED
    assert len(case.host.writes) == 1
    row = case.step()
    assert (row.state, row.attempts) == (EffectState.CONFIRMED, 2)
    assert len(case.host.held) == 1


def test_a_late_commit_within_the_settle_window_is_found_by_the_second_look(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(LOST)
    case.step()
    case.step()
    case.host.keep({"reference": "lcf-1"})
    case.now.move_on(2)
    assert case.step().state is EffectState.CONFIRMED
    assert len(case.host.held) == len(case.host.writes) == 1


def test_the_settle_window_begins_when_the_answer_was_given_up(case: Case) -> None:
    def hang(host: FakeHost, variables: Any) -> str:
        case.now.move_on(30)
        raise LOST

    case.owe(effect())
    case.host.next_writes.append(hang)
    case.step()
    assert case.step().not_before == START + timedelta(seconds=32)


def test_a_look_up_that_fails_allows_no_resend(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(LOST)
    case.host.next_looks.extend([OutcomeUnknown("HTTP 502.", status=502), DOWN])
    case.step()
    failed = case.step()
    assert (failed.state, failed.misses) == (EffectState.UNKNOWN, 0)
    case.now.move_on(60)
    assert case.step().state is EffectState.UNKNOWN
    case.now.move_on(60)
    assert case.step().misses == 1
    assert len(case.host.writes) == 1


def test_a_search_the_host_refuses_for_a_day_is_shown_to_a_person(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(LOST)
    case.host.next_looks.extend([Declined("HTTP 403.", status=403)] * 2)
    case.step()
    assert case.step().state is EffectState.UNKNOWN
    case.now.move_on(25 * 3600)
    row = case.step()
    assert row.state is EffectState.PARKED
    assert "Look in the host" in row.reason


def test_two_objects_with_one_reference_park_the_effect_with_an_alarm(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(work_then(LOST))
    case.step()
    case.host.keep({"reference": "lcf-1"})
    row = case.step()
    assert row.state is EffectState.PARKED
    assert row.reason.startswith("ALARM: the host holds 2 copies")


def test_a_second_look_that_is_long_past_is_repeated_before_sending(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(LOST)
    case.step()
    case.step()
    case.now.move_on(2)
    assert case.step().state is EffectState.PLANNED
    case.now.move_on(3600)
    case.host.keep({"reference": "lcf-1"})
    assert case.step().state is EffectState.CONFIRMED
    assert len(case.host.writes) == 1


def test_class_a_is_sent_again_and_a_conflict_means_done(case: Case) -> None:
    case.host.idempotency = "A"
    case.owe(effect())
    case.host.next_writes.extend([work_then(LOST), Declined("Exists.", status=409)])
    assert case.step().state is EffectState.PLANNED
    case.now.move_on(2)
    assert case.step().state is EffectState.CONFIRMED
    assert case.host.looks == []


@pytest.mark.parametrize(
    "error", [OutcomeUnknown("HTTP 409.", status=409), Declined("", status=412)]
)
def test_class_a_counts_409_and_412_as_done_however_the_client_names_them(
    case: Case, error: HostError
) -> None:
    case.host.idempotency = "A"
    case.owe(effect())
    case.host.next_writes.append(error)
    row = case.step()
    assert (row.state, row.remote_id) == (EffectState.CONFIRMED, "lcf-1")


def test_class_c_is_parked_at_once_and_never_sent_a_second_time(case: Case) -> None:
    case.host.idempotency = "C"
    case.owe(effect())
    case.host.next_writes.append(LOST)
    row = case.step()
    assert row.state is EffectState.PARKED
    assert "it is there" in row.reason
    case.now.move_on(10**6)
    assert drain_all(case) == 0
    assert len(case.host.writes) == 1


@pytest.mark.parametrize(
    ("idempotency", "state"),
    [("A", EffectState.PLANNED), ("B", EffectState.CONFIRMED), ("C", EffectState.PARKED)],
)
def test_an_effect_whose_worker_died_while_sending_goes_the_way_of_its_class(
    case: Case, idempotency: str, state: EffectState
) -> None:
    case.host.idempotency = idempotency
    case.owe(effect())
    with case.store.transaction() as tx:
        row = tx.effects.claim(case.row_id("lcf-1", tx), "dead", START + timedelta(1), START)
        assert row is not None
        tx.effects.intend(row, START + timedelta(1), START)
    case.host.keep({"reference": "lcf-1"})
    with case.store.transaction() as tx:
        assert tx.effects.take_over(START) == 1
    unknown = case.row()
    assert (unknown.state, unknown.reason) == (
        EffectState.UNKNOWN,
        "The worker stopped while this was being sent.",
    )
    assert case.step().state is state
    assert case.host.writes == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 412, 413, 415, 418, 422])
def test_a_refusal_is_parked_with_what_to_do(case: Case, status: int) -> None:
    case.owe(effect())
    case.host.next_writes.append(Declined(f"The host refused this ({status})", status=status))
    row = case.step()
    assert row.state is EffectState.PARKED
    assert row.reason.startswith(f"The host refused this ({status}). ")
    assert "settle it with" in row.reason


def test_what_was_not_sent_is_tried_again_later_and_burns_no_look_up(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(DOWN)
    row = case.step()
    assert row.state is EffectState.PLANNED
    assert timedelta(seconds=1.6) <= row.not_before - START <= timedelta(seconds=2)
    case.now.move_on(2)
    assert case.step().state is EffectState.CONFIRMED
    assert case.host.looks == []


def test_a_host_that_is_down_is_probed_and_burns_no_tries_of_the_others(case: Case) -> None:
    case.owe(*(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(40)))
    case.host.next_writes.extend([DOWN] * 1000)
    for _ in range(480):
        drain_all(case)
        case.now.move_on(5)
    # 40 minutes: three failures, then probes 2 s to 2 min apart; not 40 effects every few seconds.
    assert len(case.host.writes) <= 40
    assert sum(row.attempts for row in case.rows().values()) < waits.DOWN_AFTER
    case.host.next_writes.clear()
    for _ in range(240):
        drain_all(case)
        case.now.move_on(5)
    assert {row.state for row in case.rows().values()} == {EffectState.CONFIRMED}
    assert len(case.host.held) == 40


def test_an_answer_of_any_kind_shows_that_the_host_is_up(case: Case) -> None:
    case.owe(*(effect(f"lcf-{n}") for n in range(4)))
    case.host.next_writes.extend([DOWN, DOWN, Declined("No.", status=422)])
    drain_all(case)
    with case.store.transaction() as tx:
        assert tx.host_states.failures("sandbox") == 0


def test_one_probe_at_a_time_goes_to_a_host_that_is_down(case: Case) -> None:
    case.owe(effect("lcf-1", person_id="P1"), effect("lcf-2", person_id="P2"))
    with case.store.transaction() as tx:
        for _ in range(waits.DOWN_AFTER):
            tx.host_states.failed("sandbox")
    seen: list[bool] = []

    def try_the_other(host: FakeHost, variables: Any) -> str:
        seen.append(case.dispatcher.perform(case.row("lcf-2").id))
        raise DOWN

    case.host.next_writes.append(try_the_other)
    case.step("lcf-1")
    assert seen == [False]


def test_retries_end_with_a_person_after_the_horizon(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.extend([DOWN, DOWN])
    case.step()
    case.now.move_on(waits.HORIZON.total_seconds() + 1)
    row = case.step()
    assert row.state is EffectState.PARKED
    assert "Tried many times" in row.reason


def test_one_that_always_fails_is_parked_while_the_others_pass(case: Case) -> None:
    case.owe(effect("lcf-poison"), *(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(9)))

    def always(host: FakeHost, variables: Any) -> str:
        host.next_writes.appendleft(always)
        if variables["reference"] == "lcf-poison":
            raise LOST
        return host.keep(variables)

    case.host.next_writes.append(always)
    for _ in range(5000):
        drain_all(case)
        case.now.move_on(10)
        if case.row("lcf-poison").state is EffectState.PARKED:
            break
    states = Counter(row.state for row in case.rows().values())
    assert states == {EffectState.CONFIRMED: 9, EffectState.PARKED: 1}
    assert case.row("lcf-poison").attempts == waits.SEND_BUDGET


def test_a_failing_renderer_parks_only_its_document_and_names_no_answer(case: Case) -> None:
    def fail(content: Any) -> bytes:
        raise ValueError(f"cannot set {content['title']}")

    case.owe(
        effect("lcf-1", EffectKind.OUTCOME),
        effect("lcf-2", EffectKind.DOCUMENT, position=2),
        effect("lcf-3", position=3),
    )
    drain(replace(case.dispatcher, render_document=fail), Event(), lambda: None)
    states = [row.state for row in case.rows().values()]
    assert states == [EffectState.CONFIRMED, EffectState.PARKED, EffectState.CONFIRMED]
    assert "ValueError" in case.row("lcf-2").reason
    assert "Zephyrine" not in case.row("lcf-2").reason


def test_a_document_is_made_once_and_the_same_bytes_are_sent_again(case: Case) -> None:
    case.owe(effect("lcf-1", EffectKind.DOCUMENT, content={"name": "summary.pdf"}))
    case.host.next_writes.append(DOWN)
    case.step()
    case.now.move_on(60)
    case.step()
    (_, sent), *more = case.host.held
    assert more == []
    assert len(case.rendered) == 1
    assert sent["size"] == len(b"%PDF-1.7 summary no. 1")
    assert {"base64", "sha256", "name", "person_id"} <= set(sent)


@pytest.mark.faults("G10")
def test_what_does_not_open_is_parked_and_the_others_go_on(case: Case) -> None:
    case.owe(effect("lcf-1"), effect("lcf-2", position=2))
    with case.store.database.alone() as connection:
        connection.exec_driver_sql(
            "UPDATE effect SET content = (SELECT content FROM effect WHERE reference = 'lcf-2')"
            " WHERE reference = 'lcf-1'"
        )
    drain_all(case)
    assert (case.row().state, case.row().reason) == (EffectState.PARKED, advice.unreadable())
    assert case.host.writes == ["lcf-2"]


def test_an_error_nobody_foresaw_is_treated_as_ambiguous(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(work_then(RuntimeError("Zephyrine's flat")))
    row = case.step()
    assert row.state is EffectState.UNKNOWN
    assert "RuntimeError" in row.reason
    assert "Zephyrine" not in row.reason
    assert case.step().state is EffectState.CONFIRMED


def test_a_set_up_that_cannot_send_is_parked(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(SetupProblem("SANDBOX_TOKEN is not set."))
    assert case.step().state is EffectState.PARKED


def test_an_effect_of_a_host_without_profile_is_parked(case: Case) -> None:
    submission = case.owe(effect(), host="gone")
    with case.store.transaction() as tx:
        (row,) = tx.effects.of_submission(submission)
    case.dispatcher.perform(row.id)
    with case.store.transaction() as tx:
        (row,) = tx.effects.of_submission(submission)
    assert row.state is EffectState.PARKED
    assert "“gone”" in row.reason


def test_a_stale_runner_changes_nothing_when_its_answer_comes(case: Case) -> None:
    def meanwhile_taken_over(host: FakeHost, variables: Any) -> str:
        with case.store.transaction() as tx:
            tx.effects.take_over(case.now())
        return host.keep(variables)

    case.owe(effect())
    case.host.next_writes.append(meanwhile_taken_over)
    assert case.step().state is EffectState.UNKNOWN
    assert case.step().state is EffectState.CONFIRMED
    assert len(case.host.writes) == 1


def test_a_short_lease_is_enough_for_a_host_that_answers_quickly(case: Case) -> None:
    case.owe(effect())
    case.host.longest_call_seconds = 3
    replace(case.dispatcher, lease=timedelta(seconds=4)).perform(case.row().id)
    assert case.row().state is EffectState.CONFIRMED


def test_a_lease_shorter_than_the_longest_call_is_told_with_what_it_takes() -> None:
    quick, slow = FakeHost(longest_call_seconds=29), FakeHost(longest_call_seconds=36)
    hosts: Any = {"north": quick, "south": slow}
    check_lease(timedelta(seconds=37), hosts)
    with pytest.raises(SetupProblem) as told:
        check_lease(timedelta(seconds=30), hosts)
    assert str(told.value).startswith("CONNECTOR_LEASE_SECONDS is 30, and a write to south ")
    assert "set it to 37 at least" in str(told.value)
    assert "north" not in str(told.value)


def test_what_is_handed_back_burns_no_try(case: Case) -> None:
    case.owe(effect())
    for _ in range(waits.SEND_BUDGET + 1):
        readings = iter([0, 9.5, 9.5])
        paused = lambda: START + timedelta(minutes=next(readings))  # noqa: B023, E731 - one each
        replace(case.dispatcher, now=paused).perform(case.row().id)
    assert case.row().attempts == 0
    assert case.step().state is EffectState.CONFIRMED


def test_a_worker_paused_after_its_intent_hands_back_unsent(case: Case) -> None:
    case.owe(effect())
    readings = iter([0, 9.5, 9.5])

    def paused() -> Any:
        return START + timedelta(minutes=next(readings))

    replace(case.dispatcher, now=paused).perform(case.row().id)
    row = case.row()
    assert (row.state, row.reason) == (EffectState.PLANNED, advice.HANDED_BACK)
    assert case.host.writes == []


def test_a_person_settles_a_parked_effect_and_nothing_is_doubled(case: Case) -> None:
    case.host.idempotency = "C"
    case.owe(effect("lcf-1"), effect("lcf-2", position=2))
    case.host.next_writes.extend([work_then(LOST), LOST])
    drain_all(case)
    with case.store.transaction() as tx:
        there, again = (case.row_id(each, tx) for each in ("lcf-1", "lcf-2"))
        assert tx.effects.resolve(there, Resolution.THERE, START)
        assert tx.effects.resolve(again, Resolution.AGAIN, START)
        assert not tx.effects.resolve(there, Resolution.AGAIN, START)
    drain_all(case)
    assert {row.state for row in case.rows().values()} == {EffectState.CONFIRMED}
    assert sorted(reference for reference, _ in case.host.held) == ["lcf-1", "lcf-2"]
    assert case.tries("lcf-2")[-2:] == [("resolve", "planned"), ("send", "confirmed")]


def test_the_effects_of_a_form_are_started_in_order(case: Case) -> None:
    kinds = (EffectKind.TASK, EffectKind.DOCUMENT, EffectKind.OUTCOME, EffectKind.CASE_NOTE)
    order = {EffectKind.OUTCOME: 1, EffectKind.CASE_NOTE: 2, EffectKind.DOCUMENT: 3}
    case.owe(*(effect(f"lcf-{kind}", kind, position=order.get(kind, 4)) for kind in kinds))
    assert not case.dispatcher.perform(case.row("lcf-task").id)
    drain_all(case)
    assert case.host.kinds == sorted(kinds, key=list(EffectKind).index)


def test_many_persons_are_performed_side_by_side_each_reference_once(case: Case) -> None:
    case.owe(
        *(
            effect(f"lcf-{person}-{n}", person_id=f"P{person}", position=n)
            for person in range(12)
            for n in range(6)
        )
    )
    assert drain_all(case) == 72
    assert Counter(case.host.writes).most_common(1)[0][1] == 1
    for person in range(12):
        mine = [each for each in case.host.writes if each.startswith(f"lcf-{person}-")]
        assert mine == sorted(mine)


@about_the_file
def test_when_the_database_is_out_of_order_the_lease_brings_the_effect_back(
    case: Case, tmp_path: Path
) -> None:
    def lose_the_database(host: FakeHost, variables: Any) -> str:
        moved.append(database.rename(database.with_suffix(".away")))
        return host.keep(variables)

    moved: list[Path] = []
    database = tmp_path / "connector.db"
    case.owe(effect())
    case.host.next_writes.append(lose_the_database)
    assert drain_all(case) == 0
    moved[0].rename(database)
    assert case.row().state is EffectState.INTENT
    case.now.move_on(LEASE.total_seconds())
    with case.store.transaction() as tx:
        assert tx.effects.expire(case.now()) == 1
    drain_all(case)
    assert case.row().state is EffectState.CONFIRMED
    assert len(case.host.writes) == 1


def test_a_stop_ends_the_drain_after_the_effect_in_hand(case: Case) -> None:
    stop = Event()
    case.owe(effect("lcf-1"), effect("lcf-2", position=2))
    case.host.next_writes.append(lambda host, variables: (stop.set(), host.keep(variables))[1])
    assert drain(case.dispatcher, stop, lambda: None) == 1
    assert case.row("lcf-1").state is EffectState.CONFIRMED
    assert case.row("lcf-2").state is EffectState.PLANNED


@pytest.mark.parametrize("tries", [1, 2, 5, 10, 60, 5000])
def test_back_off_doubles_from_two_seconds_to_a_quarter_of_an_hour(tries: int) -> None:
    full = min(2**tries, 900) if tries < 60 else 900
    waited = waits.back_off(tries).total_seconds()
    assert 0.8 * full <= waited <= full


def test_back_off_differs_from_effect_to_effect() -> None:
    assert len({waits.back_off(10) for _ in range(20)}) > 10


@pytest.mark.parametrize(
    ("wish", "waited"),
    [
        (None, 10),
        (0, 10),
        (-5, 10),
        (15, 15),
        (3600, 20),
        (1e300, 20),
        (float("nan"), 10),
        (float("inf"), 10),
    ],
)
def test_a_retry_after_is_kept_between_the_own_wait_and_twice_that(
    wish: float | None, waited: float
) -> None:
    assert waits.honour(wish, timedelta(seconds=10)) == timedelta(seconds=waited)


def test_the_wish_of_the_host_reaches_the_ledger(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(NotSent("Too many requests.", status=429, retry_after=3600))
    row = case.step()
    assert timedelta(seconds=3.2) <= row.not_before - START <= timedelta(seconds=4)


def test_a_weekend_of_the_host_being_down_burns_no_tries(case: Case) -> None:
    """Friday evening to Monday morning, and the first answers after it are unclear."""
    monday = START + timedelta(hours=72)

    def down_until_monday(host: FakeHost, variables: Any) -> str:
        if case.now() < monday:
            host.next_writes.append(down_until_monday)
            raise DOWN
        raise OutcomeUnknown("HTTP 503.", status=503)

    case.owe(effect())
    case.host.next_writes.append(down_until_monday)
    while case.now() < monday:
        case.step()
        case.now.move_on(1300)
    assert len(case.host.writes) > 5 * waits.SEND_BUDGET
    assert case.row().attempts < waits.DOWN_AFTER
    for _ in range(5):
        case.now.move_on(60)
        case.step()
    assert case.row().state is EffectState.CONFIRMED
    assert len(case.host.held) == 1


def test_our_own_pace_says_nothing_about_the_host_and_burns_no_try(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.extend([HeldBack("Not now.", retry_after=5)] * 2 * waits.SEND_BUDGET)
    for _ in range(2 * waits.SEND_BUDGET):
        assert case.step().state is EffectState.PLANNED
        case.now.move_on(10)
    with case.store.transaction() as tx:
        assert tx.host_states.failures("sandbox") == 0
    assert case.step().state is EffectState.CONFIRMED


def test_a_replica_that_is_half_a_minute_behind_leads_to_no_second_copy(case: Case) -> None:
    """E4: the first look, and the one when the window is over, see the host as it was."""
    case.host.settle_seconds = 60
    case.owe(effect())
    case.host.next_writes.append(work_then(LOST))
    case.step()
    held, case.host.held = case.host.held, []
    assert case.step().misses == 1
    case.host.held = held
    case.now.move_on(60)
    assert case.step().state is EffectState.CONFIRMED
    assert len(case.host.writes) == 1


@pytest.mark.faults("G6")
def test_a_poison_form_among_a_hundred_good_ones_holds_up_none_of_them(case: Case) -> None:
    """G6."""
    poison = [effect(f"lcf-poison-{n}", person_id="P0", position=n) for n in range(3)]
    case.owe(*poison, *(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(1, 101)))

    def refuse_the_poison(host: FakeHost, variables: Any) -> str:
        host.next_writes.append(refuse_the_poison)
        if variables["reference"].startswith("lcf-poison"):
            raise Declined("Not allowed.", status=422)
        return host.keep(variables)

    case.host.next_writes.extend([refuse_the_poison] * 4)
    drain_all(case)
    states = Counter(row.state for row in case.rows().values())
    assert states == {EffectState.CONFIRMED: 100, EffectState.PARKED: 3}


def test_a_conflict_shows_that_the_host_works(case: Case) -> None:
    case.owe(*(effect(f"lcf-{n}", person_id=f"P{n}") for n in range(waits.DOWN_AFTER)))
    conflict = OutcomeUnknown("HTTP 409.", status=409)
    case.host.next_writes.extend([conflict] * waits.DOWN_AFTER)
    for reference in case.rows():
        case.step(reference)
    with case.store.transaction() as tx:
        assert tx.host_states.failures("sandbox") == 0


def test_unattended_retries_last_a_weekend_at_least() -> None:
    assert timedelta(hours=72) <= waits.HORIZON
    assert not waits.is_spent(10_000, START, waits.DOWN_AFTER, START + timedelta(hours=72))
