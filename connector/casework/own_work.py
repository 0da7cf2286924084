"""Work the connector gives itself: a nightly check, the October overview, an import.

What is owed to a host always hangs on a delivery; this is the delivery of work nobody sent.
"""

import json
from collections.abc import Mapping
from typing import Any

from connector.casework.desk import Desk
from connector.dates import london_date
from connector.store import Transaction


def own_delivery(
    tx: Transaction, desk: Desk, host: str, name: str, content: Mapping[str, Any] | None = None
) -> tuple[str, bool]:
    """The delivery of this name, and whether it was there already.

    `name` holds no personal details ("nightly check 2026-11-21"); `content` is kept sealed.
    """
    now = desk.now()
    submission_id, known = keep_own(tx, desk, host, name, content)
    if not known:
        tx.submissions.settle(
            submission_id,
            "processed",
            processed_at=now,
            completed_at=now,
            as_of=london_date(now),
            event=name.partition(" ")[0],
        )
    return submission_id, known


def keep_own(
    tx: Transaction, desk: Desk, host: str, name: str, content: Mapping[str, Any] | None = None
) -> tuple[str, bool]:
    """The same, for whoever settles it with facts of its own."""
    body = json.dumps(dict(content or {}), sort_keys=True).encode()
    kept = tx.submissions.keep(host, f"connector: {name}", body, desk.now(), state="processed")
    return kept.submission_id, kept.duplicate or kept.conflict
