"""A backup is put back days or months later: nothing in the case system comes twice, nothing is
missing (reliability G9)."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from life_stage import Council
from made_once import packaged, store_in
from test_whole_lives import lives

from connector.store.backups import back_up, restore
from connector.vault import Vault, new_key_text

pytestmark = pytest.mark.faults("G9", "I2")

FEW = settings(max_examples=int(os.environ.get("LIVES", "6")), deadline=None)
AFTER = 45
"""Days lived after the backup was put back."""


@dataclass(frozen=True)
class Loss:
    """A life whose connector loses `gap` days, from the day of one of its events."""

    life: dict[str, Any]
    event: int
    gap: int

    @property
    def days(self) -> tuple[date, date, date, date]:
        """The first day, the day of the backup, of the restoring, and the last."""
        on = sorted(date.fromisoformat(each["day"]) for each in self.life["events"])
        backup = on[self.event % len(on)]
        restored = backup + timedelta(days=self.gap)
        return on[0], backup, restored, restored + timedelta(days=AFTER)


@dataclass
class Broken:
    """The connector after the restoring; `lost` is what was sent to it in between."""

    council: Council
    lost: list[tuple[str, Any]]

    def receives_again(self) -> None:
        for delivery, payload in self.lost:
            self.council.deliver(delivery, payload)


def lives_on(council: Council, day: date, until: date) -> None:
    """From one day until another, which is not lived any more."""
    waiting = [(date.fromisoformat(each["day"]), each) for each in council.life["events"]]
    while day < until:
        council.live_day(day, [event for on, event in waiting if on == day])
        day = council.next_day(day, [on for on, _ in waiting if on > day])


@contextmanager
def restored(loss: Loss) -> Iterator[Broken]:
    """Lived until the backup, through the gap, and then with the backup put back."""
    first, backup_on, restored_on, _ = loss.days
    vault = Vault.from_text(new_key_text())
    with TemporaryDirectory() as name:
        folders = [Path(name) / each for each in ("old", "new")]
        for each in folders:
            each.mkdir()
        old, new = (
            Council(each, packaged(), loss.life, store=store_in(each, vault)) for each in folders
        )
        lives_on(old, first, backup_on)
        file, so_far = Path(name) / "backup", len(old.sent)
        old.at = max(old.at, datetime.combine(backup_on, time(0), UTC))
        back_up(old.store.database, file, lambda _: lambda *_: None, lambda: old.at)
        lives_on(old, backup_on, restored_on)
        old.at = max(old.at, datetime.combine(restored_on, time(0), UTC))
        restore(file, new.store.database, vault, lambda _: lambda *_: None, lambda: old.at)
        new.goes_on_from(old)
        old.close()
        try:
            yield Broken(new, old.sent[so_far:])
        finally:
            new.close()


def doubles(council: Council) -> list[tuple[str, int]]:
    held = Counter(council.host.references.values())
    return [(reference, times) for reference, times in held.items() if times > 1]


def asked_for(council: Council) -> set[str]:
    return {task.variables["reference"] for task in council.host.tasks.values()}


losses = st.builds(Loss, lives(), st.integers(0, 9), st.sampled_from([1, 2, 10, 120]))


@FEW
@given(losses)
def test_what_is_sent_again_after_the_restoring_leads_to_nothing_twice(loss: Loss) -> None:
    with restored(loss) as broken:
        broken.receives_again()
        lives_on(broken.council, *loss.days[2:])
        assert doubles(broken.council) == []


A_LOST_VERSION = Loss(
    {
        "person": {"id": "P1", "date_of_birth": "2007-10-01"},
        "events": [
            {"day": "2026-03-27", "kind": "agreement", "form_id": "A1"},
            {"day": "2026-04-20", "kind": "agreement", "form_id": "A1", "version": 2},
        ],
        "until": "2027-01-01",
    },
    event=0,
    gap=10,
)
"""The first version came after the backup and never comes again; its tasks are in inboxes."""


@FEW
@given(losses)
@example(A_LOST_VERSION)
def test_what_is_never_sent_again_leads_to_nothing_twice_either(loss: Loss) -> None:
    with restored(loss) as broken:
        lives_on(broken.council, *loss.days[2:])
        assert doubles(broken.council) == []


@FEW
@given(losses)
def test_every_task_of_the_unbroken_life_is_there(loss: Loss) -> None:
    with restored(loss) as broken:
        broken.receives_again()
        lives_on(broken.council, *loss.days[2:])
        there = asked_for(broken.council)
    with TemporaryDirectory() as folder:
        whole = Council(Path(folder), packaged(), loss.life)
        lives_on(whole, loss.days[0], loss.days[-1])
        whole.close()
    assert asked_for(whole) <= there
