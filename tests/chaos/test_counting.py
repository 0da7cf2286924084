"""The count itself: it sees what is lost, what is doubled and what waits without a word."""

from typing import Any

from chaos.counting import Count, counted, seen

NOTE = {"kind": "note", "reference": "lcf-1", "person": "7", "title": "Case summary"}
TASK = {"kind": "task", "reference": "lcf-2", "person": "7", "title": "Ring", "state": "open"}
WANTED = {"stays open": seen([NOTE, TASK])}


def effect(reference: str, **over: Any) -> dict[str, Any]:
    made = {"id": "eff_1", "kind": "note", "person_id": "7", "state": "confirmed", "reason": ""}
    return made | {"reference": reference} | over


LEDGER = [effect("lcf-1"), effect("lcf-2", kind="task")]


def count(held: list[dict[str, Any]], effects: list[dict[str, Any]] = LEDGER) -> Count:
    return counted({"7": "stays open"}, WANTED, held, effects)


def test_what_is_there_once_is_neither_lost_nor_doubled() -> None:
    assert count([NOTE, TASK]) == Count(wanted=2, lost=(), doubled=(), parked=0, silent=())


def test_what_the_ledger_calls_confirmed_and_the_host_does_not_hold_is_lost() -> None:
    found = count([NOTE])
    assert found.lost == ("7 (stays open): lcf-2 is confirmed and not there",)
    assert found.doubled == ()


def test_what_neither_the_ledger_nor_the_host_knows_of_is_lost_all_the_same() -> None:
    assert len(count([NOTE], LEDGER[:1]).lost) == 1


def test_a_second_copy_is_doubled_under_the_same_reference_and_under_another() -> None:
    same = count([NOTE, NOTE, TASK]).doubled
    assert same == ("7 (stays open): lcf-1 is there 2 times",)
    other = count([NOTE, NOTE | {"reference": "lcf-9"}, TASK]).doubled
    assert other == ("7 (stays open): lcf-9 is there and not in the ledger",)


def test_a_second_copy_of_what_is_about_nobody_is_doubled_too() -> None:
    listed = {"kind": "task", "reference": "lcf-5", "person": "", "title": "List", "state": "open"}
    owed = [*LEDGER, effect("lcf-5", kind="task", person_id="")]
    assert len(count([NOTE, TASK, listed, listed], owed).doubled) == 1


def test_a_webhook_taken_in_under_two_references_is_doubled_though_the_ledger_knows_both() -> None:
    twice = [NOTE, NOTE | {"reference": "lcf-9"}, TASK]
    assert len(count(twice, [*LEDGER, effect("lcf-9")]).doubled) == 1


def test_a_task_that_was_taken_back_counts_as_none() -> None:
    assert len(count([NOTE, TASK | {"state": "cancelled"}]).lost) == 1


def test_a_write_that_a_person_was_told_of_is_parked_and_not_lost() -> None:
    parked = [LEDGER[0], effect("lcf-2", kind="task", state="parked", reason="Look in the host.")]
    found = count([NOTE], parked)
    assert (found.lost, found.parked, found.silent) == ((), 1, ())


def test_what_still_waits_or_is_parked_without_a_reason_is_silent() -> None:
    waits = [LEDGER[0], effect("lcf-2", state="unknown", reason="Sent.")]
    assert count([NOTE, TASK], waits).silent == ("eff_1 still unknown: Sent.",)
    unsaid = [LEDGER[0], effect("lcf-2", state="parked")]
    assert count([NOTE, TASK], unsaid).silent == ("eff_1 is parked without a reason",)
