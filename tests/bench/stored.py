"""A database with many follow-ups of other days beside those that are due; each row opens."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from connector.model import Effect, EffectKind, FollowUp, Inbox, Task
from connector.store import Store
from connector.store.follow_up_row import to_json
from connector.store.rows import place
from connector.store.tables import follow_up
from connector.vault import Vault

DAY = date(2027, 3, 10)
HOST = "sandbox"
TASKS_OF_A_FORM = 5
MADE = datetime(2026, 3, 10, 9, tzinfo=UTC).isoformat(timespec="microseconds")
LIVES = ("planned", "planned", "open", "done", "cancelled")
"""How the follow-ups of other days stand, in turn; what is planned or open is for a later day."""


def fill(data: Path, vault: Vault, stored: int, due: int) -> None:
    """Make the database in this folder."""
    data.mkdir(parents=True)
    path = data / "connector.db"
    Store.open(f"sqlite:///{path}", vault).close()
    names = [column.name for column in follow_up.c]
    blanks = ", ".join(f":{name}" for name in names)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA synchronous=OFF")
        database.executemany(
            "INSERT INTO submission (id, host, delivery_id, body_sha256, received_at, state,"
            " reason, person_ids) VALUES (?, ?, ?, '', ?, 'processed', '', '[]')",
            ((f"sub_{n}", HOST, f"d{n}", MADE) for n in range(stored // TASKS_OF_A_FORM + 1)),
        )
        database.executemany(
            f"INSERT INTO follow_up ({', '.join(names)}) VALUES ({blanks})",  # noqa: S608 - ours
            _rows(vault, stored, due),
        )
    with path.open("rb+") as written:
        os.fsync(written.fileno())  # or the first commit that is measured would wait for all this


def _rows(vault: Vault, stored: int, due: int) -> Iterator[dict[str, Any]]:
    text = json.dumps(to_json(_follow_up()), separators=(",", ":")).encode()
    every = max(1, stored // due)
    for number in range(stored):
        is_due = number % every == 0 and number // every < due
        yield _row(vault, text, number, is_due)


def _row(vault: Vault, text: bytes, number: int, is_due: bool) -> dict[str, Any]:
    row_id = f"fup_{number:08}"
    state = "planned" if is_due else LIVES[number % len(LIVES)]
    later = 0 if is_due else 1 + number % 300
    opens = DAY + timedelta(days=later)
    values: dict[str, Any] = dict.fromkeys((column.name for column in follow_up.c), None)
    return values | {
        "id": row_id,
        "host": HOST,
        "person_id": f"P{number // TASKS_OF_A_FORM}",
        "task": "T01",
        "rule": "DS-18",
        "reference": f"lcf-{number:020}",
        "submission_id": f"sub_{number // TASKS_OF_A_FORM}",
        "form_type": "tailored_support_agreement",
        "form_id": f"F{number // TASKS_OF_A_FORM}",
        "period_key": f"#{number % TASKS_OF_A_FORM}",
        "scheduled_for": str(opens + timedelta(days=28)),
        "opens_on": str(opens),
        "due_on": str(opens + timedelta(days=28)),
        "escalates_on": str(opens + timedelta(days=35)) if state == "open" else None,
        "state": state,
        "role": "worker",
        "inbox": "worker",
        "assignee": "W1",
        "content": vault.seal(text, place("follow_up", row_id, "content")),
        "reason": "",
        "created_at": MADE,
    }


def _follow_up() -> FollowUp:
    """One as it is kept; whose it is stands in its row."""
    why = "84 days after the last contact with the lead social worker. " * 4
    due = DAY + timedelta(days=28)
    task = Task("T01", "DS-18", "Contact", Inbox.WORKER, "W1", DAY, due, "Because.", text=why)
    content = {"title": "Contact the lead social worker", "text": why, "due_on": str(due)}
    content |= {"inbox": {"kind": "worker", "id": "W1"}, "worker_id": "W1", "team_id": "T1"}
    effect = Effect(EffectKind.TASK, "task T01", "lcf-0", "P0", 100, content)
    return FollowUp(task, "P0", "lcf-0", effect, "#0")
