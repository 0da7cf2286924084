"""Bodies that came under a delivery id we already hold another body for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from connector.store import tables
from connector.store.retention import purge_quarantine
from connector.store.rows import insert_once, new_id, place
from connector.vault import Vault

_table = tables.quarantine
_QUERY = select(*(column for column in _table.c if column is not _table.c.body)).order_by(
    _table.c.received_at.desc(), _table.c.id
)


@dataclass(frozen=True)
class Quarantined:
    """One body put aside for a look; the body itself is read with `body`."""

    id: str
    host: str
    delivery_id: str
    body_sha256: str
    received_at: datetime
    reason: str


class Quarantine:
    """What was refused but kept, once for each distinct body."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def keep(
        self, host: str, delivery_id: str, body: bytes, received_at: datetime, reason: str
    ) -> bool:
        """Put a body aside; False where this very body is here already."""
        row_id = new_id("qua")
        values = {
            "id": row_id,
            "host": host,
            "delivery_id": delivery_id,
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "body": self._vault.seal(body, place("quarantine", row_id, "body")),
            "received_at": received_at,
            "reason": reason,
        }
        return insert_once(self._connection, _table, values)

    def listing(self, limit: int = 100) -> list[Quarantined]:
        """What was put aside, newest first."""
        return self._read(_QUERY.limit(limit))

    def of_delivery(self, host: str, delivery_id: str) -> list[Quarantined]:
        """What was put aside under one delivery id, newest first."""
        mine = (_table.c.host == host, _table.c.delivery_id == delivery_id)
        return self._read(_QUERY.where(*mine))

    def _read(self, query: Select[Any]) -> list[Quarantined]:
        return [Quarantined(**row) for row in self._connection.execute(query).mappings()]

    def purge(self, before: datetime) -> int:
        """Empty the bodies put aside before this moment; how many there were."""
        return purge_quarantine(self._connection, before)

    def body(self, row_id: str) -> bytes | None:
        """The bytes as they came; None once emptied or where there is no such row.

        Raises KeyProblem.
        """
        query = select(_table.c.body).where(_table.c.id == row_id)
        sealed = self._connection.execute(query).scalar_one_or_none()
        if sealed is None:
            return None
        return self._vault.open(sealed, place("quarantine", row_id, "body"))
