"""A write that always fails, and what does not open any more, among good ones (G6, G10)."""

from collections import Counter
from collections.abc import Callable

import pytest
from fault_stage import Running, Stage
from live_forms import assessment
from sqlalchemy import Table, select, update
from test_hosts_that_are_away import owe_notes

from connector.dispatch.waits import SEND_BUDGET
from connector.store import tables
from connector.vault import Vault, new_key_text

GOOD = 100
POISON = "50"
WRITES = 5


def states(running: Running) -> Counter[str]:
    return Counter(each["state"].value for each in running.effects())


@pytest.mark.faults("G6", "I2", "I3", "I6")
def test_one_that_always_fails_holds_up_none_of_a_hundred_and_ends_with_a_person(
    stage: Stage, running: Running
) -> None:
    stage.host.poison = POISON
    owe_notes(running, GOOD + 1)
    running.work()
    assert states(running)["confirmed"] == GOOD
    running.until_rest()
    (parked,) = running.effects("parked")
    assert (parked["person_id"], parked["attempts"]) == (POISON, SEND_BUDGET)
    assert parked["reason"].startswith(f"Sent {SEND_BUDGET} times")
    assert {each["attempts"] for each in running.effects("confirmed")} == {1}
    stage.host.poison = ""


def sealed(running: Running, table: Table, name: str, row_id: str) -> bytes:
    with running.store.database.beside() as connection:
        found = connection.scalar(select(table.c[name]).where(table.c.id == row_id))
    return bytes(found)


def reseal(running: Running, table: Table, name: str, row_id: str, value: bytes) -> None:
    with running.store.database.alone() as connection:
        connection.execute(update(table).where(table.c.id == row_id).values({name: value}))


def one_bit_wrong(kept: bytes) -> bytes:
    return kept[:-1] + bytes([kept[-1] ^ 1])


def under_a_lost_key(_: bytes) -> bytes:
    lost = new_key_text("lost")
    return Vault.from_text(lost).seal(b"{}", "somewhere")


def cut_short(kept: bytes) -> bytes:
    return kept[:9]


Damage = Callable[[bytes], bytes]
DAMAGES: tuple[Damage, ...] = (one_bit_wrong, under_a_lost_key, cut_short)
each_damage = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)


@each_damage
@pytest.mark.faults("G10", "I3", "I5", "I6")
def test_a_write_that_does_not_open_is_parked_until_its_key_is_back(
    damage: Damage, stage: Stage, running: Running
) -> None:
    for number in range(3):
        running.take(assessment(), f"d{number}")
    running.duties.process_waiting()
    struck = running.effects()[6]["id"]
    kept = sealed(running, tables.effect, "content", struck)
    reseal(running, tables.effect, "content", struck, damage(kept))
    running.until_rest()
    (parked,) = running.effects("parked")
    assert parked["id"] == struck
    assert "cannot be read: the encryption key" in parked["reason"]
    assert states(running) == {"confirmed": 3 * WRITES - 1, "parked": 1}
    reseal(running, tables.effect, "content", struck, kept)


@each_damage
@pytest.mark.faults("G10", "I1", "I3", "I5")
def test_a_form_that_does_not_open_says_so_and_the_others_are_read(
    damage: Damage, stage: Stage, running: Running
) -> None:
    for number in range(3):
        running.take(assessment(), f"d{number}")
    struck = running.submissions()[1].id
    kept = sealed(running, tables.submission, "body", struck)
    reseal(running, tables.submission, "body", struck, damage(kept))
    running.until_rest()
    (broken,) = running.submissions("broken")
    assert broken.id == struck
    assert struck in broken.reason
    assert states(running) == {"confirmed": 2 * WRITES}
    reseal(running, tables.submission, "body", struck, kept)
    with running.store.transaction() as tx:
        tx.submissions.rearm(struck)
    running.until_rest()
    assert states(running) == {"confirmed": 3 * WRITES}
