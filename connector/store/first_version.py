"""What the first version kept sealed about a follow-up, and later versions ask for in clear."""

from collections import Counter
from typing import Any

import structlog
from sqlalchemy import Connection, select, update

from connector.errors import KeyProblem
from connector.plan import action_key
from connector.store.rows import open_json, place
from connector.store.tables import follow_up
from connector.vault import Vault

FIRST_REVISION = "0001"

_log = structlog.get_logger(__name__)


def tell_apart(connection: Connection, vault: Vault) -> None:
    """Name whose inbox each follow-up is in, and of an agreed action (T20) which one it is.

    Without it an amended form would not know its actions again. One that does not open is logged
    and stays known by its reference.
    """
    rows = select(follow_up).order_by(follow_up.c.created_at, follow_up.c.id)
    times: Counter[tuple[str, ...]] = Counter()
    for row in connection.execute(rows).mappings().all():
        try:
            kept = open_json(vault, row["content"], place("follow_up", row["id"], "content"))
        except KeyProblem as problem:
            _log.error("follow-up not opened", follow_up=row["id"], exc_info=problem)
            continue
        if kept is not None:
            mine = update(follow_up).where(follow_up.c.id == row["id"])
            connection.execute(mine.values(_named(row, kept["task"], times)))


def _named(row: Any, task: dict[str, Any], times: Counter[tuple[str, ...]]) -> dict[str, Any]:
    named = {"assignee": task["assignee"]}
    if row["task"] == "T20":
        key = action_key(row["form_id"], task["occurrence"])
        which = (row["host"], row["person_id"], key)
        times[which] += 1
        # One that was taken back and asked for again has a row for each time.
        named["period_key"] = key if times[which] == 1 else f"{key}~{times[which]}"
    return named
