"""A sealed canary for each key ever used: a wrong key is found at start, not at the first form."""

from collections.abc import Iterable

import structlog
from sqlalchemy import Connection, insert, select

from connector.errors import KeyProblem
from connector.store.rows import place
from connector.store.tables import key_check
from connector.vault import Vault

CANARY = b"sealed by the connector"
_log = structlog.get_logger(__name__)


def check_keys(connection: Connection, vault: Vault) -> None:
    """Open the canary of every key held; the first use of a new current key leaves its own.

    Raises KeyProblem where a key is not the one this database knows by that id, or where none of
    its keys is held. An older key that is missing is logged: its rows alone cannot be read.
    """
    canaries = refuse_other_keys(connection, vault)
    if vault.current not in canaries:
        sealed = vault.seal(CANARY, _place(vault.current))
        connection.execute(insert(key_check).values(key_id=vault.current, canary=sealed))
    for key_id in sorted(set(canaries) - set(vault.key_ids)):
        _log.warning("older encryption key missing", key_id=key_id)


def refuse_other_keys(connection: Connection, vault: Vault) -> set[str]:
    """The ids of the keys ever used here, whose canaries open. Raises KeyProblem; writes nothing.

    At least one of them is held, unless there are none.
    """
    query = select(key_check.c.key_id, key_check.c.canary)
    canaries = {row.key_id: row.canary for row in connection.execute(query)}
    held = [key_id for key_id in vault.key_ids if key_id in canaries]
    if canaries and not held:
        raise KeyProblem(
            f"The database is encrypted with the key {_names(canaries)}, and CONNECTOR_KEYS holds "
            f"only {_names(vault.key_ids)}. Nothing was changed: add the key it was encrypted with."
        )
    for key_id in held:
        _open_canary(vault, key_id, canaries[key_id])
    return set(canaries)


def _open_canary(vault: Vault, key_id: str, sealed: bytes) -> None:
    try:
        vault.open(sealed, _place(key_id))
    except KeyProblem:
        raise KeyProblem(
            f"The key {key_id!r} in CONNECTOR_KEYS is not the key {key_id!r} this database is "
            "encrypted with. Nothing was changed: set the right one and start again."
        ) from None


def _place(key_id: str) -> str:
    return place("key_check", key_id, "canary")


def _names(key_ids: Iterable[str]) -> str:
    return ", ".join(repr(key_id) for key_id in sorted(key_ids))
