"""The case summaries to attach, made once, so that every attempt sends the same bytes."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select

from connector.store import tables
from connector.store.rows import insert_once, place
from connector.vault import Vault

_table = tables.document


@dataclass(frozen=True)
class Document:
    """A rendered document. `content` is None once it has been emptied; the hash stays."""

    effect_id: str
    name: str
    sha256: str
    size: int
    content: bytes | None


class Documents:
    """One document for each effect that attaches one."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def keep(self, effect_id: str, name: str, content: bytes) -> bool:
        """Keep the rendered bytes; False where this effect has its document already."""
        values = {
            "effect_id": effect_id,
            "name": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "content": self._vault.seal(content, place("document", effect_id, "content")),
        }
        return insert_once(self._connection, _table, values)

    def get(self, effect_id: str) -> Document | None:
        """The document of an effect, opened. Raises KeyProblem."""
        query = select(_table).where(_table.c.effect_id == effect_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        sealed = row["content"]
        where = place("document", effect_id, "content")
        content = None if sealed is None else self._vault.open(sealed, where)
        return Document(**{**row, "content": content})
