"""A backup is put back days or months later: nothing in the case system comes twice, nothing is
missing (reliability G9)."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from life_stage import Council
from made_once import packaged, store_in
from test_whole_lives import lives

from connector.store.backups import back_up, restore
from connector.vault import Vault, new_key_text

pytestmark = pytest.mark.faults("G9", "I2")

FEW = settings(max_examples=int(os.environ.get("LIVES", "6")), deadline=None)
BEFORE, AFTER = 30, 45
"""Days lived before the backup, and after it was put back."""


@dataclass
class Broken:
    """A life whose connector loses `gap` days in the middle; `lost` is what was sent in them."""

    council: Council
    lost: list[tuple[str, Any]]


def days_of(council: Council, first: date, count: int) -> None:
    for day in (first + timedelta(days=each) for each in range(count)):
        events = [each for each in council.life["events"] if each["day"] == day.isoformat()]
        council.live_day(day, events)


@contextmanager
def restored(life: dict[str, Any], gap: int) -> Iterator[Broken]:
    """Lived until the backup, through the gap, and then with the backup put back."""
    first = date.fromisoformat(min(each["day"] for each in life["events"]))
    vault = Vault.from_text(new_key_text())
    with TemporaryDirectory() as name:
        folders = [Path(name) / each for each in ("old", "new")]
        for each in folders:
            each.mkdir()
        old, new = (
            Council(each, packaged(), life, store=store_in(each, vault)) for each in folders
        )
        days_of(old, first, BEFORE)
        file, so_far = Path(name) / "backup", len(old.sent)
        back_up(old.store.database, file, lambda _: lambda *_: None, lambda: old.at)
        days_of(old, first + timedelta(days=BEFORE), gap)
        restore(file, new.store.database, vault, lambda _: lambda *_: None, lambda: old.at)
        new.goes_on_from(old)
        old.close()
        try:
            yield Broken(new, old.sent[so_far:])
        finally:
            new.close()


def goes_on(broken: Broken, life: dict[str, Any], gap: int) -> None:
    first = date.fromisoformat(min(each["day"] for each in life["events"]))
    days_of(broken.council, first + timedelta(days=BEFORE + gap), AFTER)


def doubles(council: Council) -> list[tuple[str, int]]:
    held = Counter(council.host.references.values())
    return [(reference, times) for reference, times in held.items() if times > 1]


def asked_for(council: Council) -> set[str]:
    return {task.variables["reference"] for task in council.host.tasks.values()}


gaps = st.sampled_from([1, 2, 10, 120])


@FEW
@given(life=lives(), gap=gaps)
def test_what_is_sent_again_after_the_restoring_leads_to_nothing_twice(
    life: dict[str, Any], gap: int
) -> None:
    with restored(life, gap) as broken:
        for delivery, payload in broken.lost:
            broken.council.deliver(delivery, payload)
        goes_on(broken, life, gap)
        assert doubles(broken.council) == []


@FEW
@given(life=lives(), gap=gaps)
def test_what_is_never_sent_again_leads_to_nothing_twice_either(
    life: dict[str, Any], gap: int
) -> None:
    with restored(life, gap) as broken:
        goes_on(broken, life, gap)
        assert doubles(broken.council) == []


@FEW
@given(life=lives(), gap=gaps)
def test_every_task_of_the_unbroken_life_is_there(life: dict[str, Any], gap: int) -> None:
    with restored(life, gap) as broken:
        for delivery, payload in broken.lost:
            broken.council.deliver(delivery, payload)
        goes_on(broken, life, gap)
        there = asked_for(broken.council)
    with TemporaryDirectory() as folder:
        whole = Council(Path(folder), packaged(), life)
        first = date.fromisoformat(min(each["day"] for each in life["events"]))
        days_of(whole, first, BEFORE + gap + AFTER)
        whole.close()
    assert asked_for(whole) <= there
