"""A task that is in the host is put into another inbox, or given a file."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fake_host import LOST, START, Case, effect, open_store, work_then

from connector.errors import Declined, NotSent
from connector.model import Effect, EffectKind
from connector.plan import reassignment, update
from connector.store.effect_row import EffectState

LIST = "Record number,Due\r\n400123,5 October 2026\r\n"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with open_store(tmp_path) as store:
        yield Case(store)


def moved_to(inbox: str, case: Case, count: int = 1) -> Effect:
    """The move of the task lcf-1, as it is known now."""
    task = case.row()
    known = {
        "title": "Ring",
        "inbox": {"kind": "worker", "id": inbox},
        "task_effect": task.id,
        "remote_id": task.remote_id,
        "sent_until": START.isoformat(),
    }
    return reassignment("sandbox", "P1", "task T01", "lcf-1", known, count)


def test_a_task_is_moved_by_the_id_it_has_in_the_host(case: Case) -> None:
    case.owe(effect())
    case.step()
    move = moved_to("20932", case)
    case.owe(move)
    assert case.step(move.reference).state is EffectState.CONFIRMED
    assert case.host.moved == [("H1", "20932")]
    assert case.host.looks == []


def test_a_task_whose_id_was_never_told_is_found_by_its_reference_and_moved(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(work_then(LOST))
    case.step()
    move = moved_to("20932", case)
    case.owe(move)
    assert case.step(move.reference).state is EffectState.CONFIRMED
    assert case.host.moved == [("H1", "20932")]


def test_a_move_that_is_unclear_is_made_once_more(case: Case) -> None:
    case.owe(effect())
    case.step()
    move = moved_to("20932", case)
    case.owe(move)
    case.host.next_cancels.append(NotSent("Down."))
    assert case.step(move.reference).state is EffectState.PLANNED
    case.now.move_on(60)
    assert case.step(move.reference).state is EffectState.CONFIRMED
    assert case.host.moved == [("H1", "20932")]


def test_a_move_the_host_refuses_is_left_to_a_person(case: Case) -> None:
    case.owe(effect())
    case.step()
    move = moved_to("20932", case)
    case.owe(move)
    case.host.next_cancels.append(Declined("No.", status=403))
    parked = case.step(move.reference)
    assert parked.state is EffectState.PARKED
    assert parked.reason.startswith("Put the task into the inbox of whoever has it now")
    assert "Ring" not in parked.reason


def later(case: Case, count: int = 1) -> Effect:
    """Another date for the task lcf-1, which says so by now."""
    task = case.row()
    with case.store.transaction() as tx:
        tx.effects.renew(task, tx.effects.content(task.id) | {"due_on": f"2026-06-0{count}"})
    known = {
        "task_effect": task.id,
        "remote_id": task.remote_id,
        "reason": "The form was completed again with another date.",
        "sent_until": START.isoformat(),
    }
    return update("sandbox", "P1", "task T01", "lcf-1", known, count)


def dates(case: Case) -> list[tuple[str, str]]:
    return [(number, variables["due_on"]) for number, variables in case.host.updated]


def test_a_task_gets_another_date_where_it_is(case: Case) -> None:
    case.owe(effect())
    case.step()
    change = later(case)
    case.owe(change)
    assert case.step(change.reference).state is EffectState.CONFIRMED
    assert dates(case) == [("H1", "2026-06-01")]
    (_, sent) = case.host.updated[0]
    assert (sent["title"], sent["reference"]) == ("Ring Zephyrine about the flat", "lcf-1")
    assert len(case.host.held) == 1


def test_another_date_waits_until_a_task_on_its_way_has_arrived(case: Case) -> None:
    case.owe(effect())
    case.host.next_writes.append(LOST)
    case.step()
    change = later(case)
    case.owe(change)
    assert case.step(change.reference).state is EffectState.PLANNED
    case.host.keep({"reference": "lcf-1"})
    case.now.move_on(3)
    assert case.step(change.reference).state is EffectState.CONFIRMED
    assert dates(case) == [("H1", "2026-06-01")]


def test_an_earlier_change_that_is_tried_again_brings_the_newest_date(case: Case) -> None:
    case.owe(effect())
    case.step()
    first = later(case)
    case.owe(first)
    case.host.next_cancels.append(NotSent("Down."))
    case.step(first.reference)
    second = later(case, 2)
    case.owe(second)
    case.now.move_on(120)
    for each in (second, first):
        assert case.step(each.reference).state is EffectState.CONFIRMED
    assert dates(case) == [("H1", "2026-06-02")] * 2


@pytest.mark.parametrize("idempotency", ["A", "B", "C"])
def test_an_unclear_answer_to_another_date_is_simply_tried_again(
    case: Case, idempotency: str
) -> None:
    case.host.idempotency = idempotency
    case.owe(effect())
    case.step()
    change = later(case)
    case.owe(change)
    case.host.next_cancels.append(LOST)
    assert case.step(change.reference).state is EffectState.PLANNED
    case.now.move_on(120)
    assert case.step(change.reference).state is EffectState.CONFIRMED


@pytest.mark.parametrize("status", [404, 409, 410])
def test_a_task_that_is_closed_or_gone_needs_no_other_date(case: Case, status: int) -> None:
    case.owe(effect())
    case.step()
    change = later(case)
    case.owe(change)
    case.host.next_cancels.append(Declined("Closed.", status=status))
    assert case.step(change.reference).state is EffectState.CONFIRMED


def test_another_date_the_host_refuses_is_left_to_a_person(case: Case) -> None:
    case.owe(effect())
    case.step()
    change = later(case)
    case.owe(change)
    case.host.next_cancels.append(Declined("No.", status=403))
    parked = case.step(change.reference)
    assert parked.state is EffectState.PARKED
    assert parked.reason.startswith("Change the date of the task in the case system yourself")
    assert "Zephyrine" not in parked.reason


def with_list() -> Effect:
    content = {"task_reference": "lcf-1", "csv": LIST, "name": "October.csv"}
    return effect("lcf-file", EffectKind.TASK_DOCUMENT, position=2, content=content)


def test_a_file_waits_until_its_task_is_in_the_host_and_is_put_onto_it(case: Case) -> None:
    case.owe(effect(), with_list())
    case.host.next_writes.append(LOST)
    case.step()
    assert case.step("lcf-file").state is EffectState.PLANNED
    assert case.host.writes == ["lcf-1"]
    case.host.keep({"reference": "lcf-1"})
    assert case.step().state is EffectState.CONFIRMED
    case.now.at = START + timedelta(hours=1)
    assert case.step("lcf-file").state is EffectState.CONFIRMED
    written = dict(case.host.held)["lcf-file"]
    assert written["task_remote_id"] == "H1"
    assert base64.b64decode(written["base64"]) == b"\xef\xbb\xbf" + LIST.encode()


def test_a_file_that_waits_for_its_task_leaves_no_try_behind(case: Case) -> None:
    case.owe(effect(), with_list())
    case.host.next_writes.append(Declined("No.", status=422))
    case.step()
    for _ in range(5):
        case.now.move_on(60)
        assert case.step("lcf-file").state is EffectState.PLANNED
    assert case.tries("lcf-file") == []


def test_a_file_for_a_task_that_is_no_longer_wanted_is_not_sent(case: Case) -> None:
    case.owe(effect(), with_list())
    case.host.next_writes.append(Declined("No.", status=422))
    parked = case.step()
    with case.store.transaction() as tx:
        tx.effects.cancel(parked, "No longer needed.", case.now())
    assert case.step("lcf-file").state is EffectState.CANCELLED
    assert case.host.writes == ["lcf-1"]
