"""How a row is written: under its own id, once, and sealed to its place."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from connector.vault import Vault


def new_id(prefix: str) -> str:
    """A fresh row id such as `sub_5f0c…`; it says nothing about anybody."""
    return f"{prefix}_{secrets.token_hex(12)}"


def id_of(prefix: str, *parts: str) -> str:
    """The row id of what is known by these parts: the same again, should the row be lost (G9)."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{prefix}_{digest[:24]}"


def place(table: str, row: str | tuple[str, ...], column: str) -> str:
    """The place a sealed value belongs to: "table/row id/column"."""
    keys = (row,) if isinstance(row, str) else row
    return "/".join((table, *(quote(key, safe="") for key in keys), column))


def seal_json(vault: Vault, value: Any, where: str) -> bytes:
    """Seal a value of JSON kinds; its letters stay as they are."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return vault.seal(text.encode("utf-8"), where)


def open_json(vault: Vault, sealed: bytes | None, where: str) -> Any:
    """Open what `seal_json` sealed; None where nothing was kept or it has been emptied.

    Raises KeyProblem where the key is missing or is not the one used.
    """
    return None if sealed is None else json.loads(vault.open(sealed, where))


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one of its unique keys is taken; True where this call made the row."""
    statement = _once(connection.dialect.name, table)
    return connection.execute(statement, dict(values)).rowcount == 1


def insert_or_replace(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or give the row of the same primary key these values."""
    statement = _or_replace(connection.dialect.name, table, frozenset(values))
    connection.execute(statement, dict(values))


# Making a statement takes longer than running it: each is made once.
@cache
def _once(dialect: str, table: Table) -> Insert:
    once = _insert(dialect, table).on_conflict_do_nothing()
    return once.execution_options(preserve_rowcount=True)


@cache
def _or_replace(dialect: str, table: Table, names: frozenset[str]) -> Insert:
    keys = [column.name for column in table.primary_key]
    statement = _insert(dialect, table)
    changed = {name: statement.excluded[name] for name in sorted(names) if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
