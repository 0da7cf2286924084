"""The vault: everything about people is sealed with AES-256-GCM before it is written down.

A sealed value is `version (1 byte) · length of the key id (1 byte) · key id · nonce (12 bytes) ·
ciphertext and tag`. The header and the place ("table/row id/column") are authenticated with it,
so a value moved to another row or column no longer opens.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from connector.errors import KeyProblem

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")


class Vault:
    """Seals with the current key; opens with any key it holds. Its repr shows key ids only."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        for key_id, key in keys.items():
            _check_key(key_id, key)
        if current not in keys:
            raise KeyProblem(f"The current encryption key {current!r} is not among the keys given.")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.current = current

    @classmethod
    def from_text(cls, text: str) -> "Vault":
        """Read `k2:<base64 of 32 bytes>,k1:…`; the first key is the current one."""
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, key = _read_entry(entry)
            if key_id in keys:
                raise KeyProblem(f"The encryption key {key_id!r} is given twice.")
            keys[key_id] = key
        if not keys:
            raise KeyProblem("No encryption key is given. `connector keys` makes one.")
        return cls(keys, next(iter(keys)))

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the keys held, the order they were given in."""
        return tuple(self._ciphers)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Encrypt for this place only; the same value sealed twice differs."""
        header = _header(self.current)
        nonce = os.urandom(NONCE_BYTES)
        bound = header + place.encode("utf-8")
        return header + nonce + self._ciphers[self.current].encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for this place; KeyProblem where that cannot be done."""
        key_id, rest = _split(sealed, place)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise KeyProblem(
                f"{place} was encrypted with the key {key_id!r}, which CONNECTOR_KEYS does not "
                "hold. Nothing is lost: add that key after the current one and start again."
            )
        bound = _header(key_id) + place.encode("utf-8")
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], bound)
        except InvalidTag:
            raise KeyProblem(
                f"{place} does not open with the key {key_id!r}: the key in CONNECTOR_KEYS is "
                "not the one it was encrypted with, or the row was altered. Nothing was changed."
            ) from None

    def __repr__(self) -> str:
        return f"Vault(keys={self.key_ids!r}, current={self.current!r})"


def new_key_text(key_id: str = "k1") -> str:
    """A fresh key as CONNECTOR_KEYS wants it: `k1:<base64 of 32 random bytes>`."""
    key = os.urandom(KEY_BYTES)
    _check_key(key_id, key)
    return f"{key_id}:{base64.b64encode(key).decode('ascii')}"


def _header(key_id: str) -> bytes:
    name = key_id.encode("ascii")
    return bytes((FORMAT, len(name))) + name


def _split(sealed: bytes, place: str) -> tuple[str, bytes]:
    if len(sealed) < 2 or sealed[0] != FORMAT or len(sealed) < 2 + sealed[1] + NONCE_BYTES:
        raise KeyProblem(
            f"{place} is not in a sealed form this version knows. Nothing was changed."
        )
    end = 2 + sealed[1]
    return sealed[2:end].decode("ascii", errors="replace"), sealed[end:]


def _read_entry(entry: str) -> tuple[str, bytes]:
    key_id, colon, text = entry.partition(":")
    if not colon:
        raise KeyProblem("An encryption key has no id: write it as id:key, as in k1:<base64>.")
    try:
        return key_id.strip(), base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem(f"The encryption key {key_id.strip()!r} is not base64.") from None


def _check_key(key_id: str, key: bytes) -> None:
    if not _KEY_ID.fullmatch(key_id):
        raise KeyProblem(
            "The id of an encryption key is 1 to 40 letters, digits, dots, dashes or underscores."
        )
    if len(key) != KEY_BYTES:
        raise KeyProblem(
            f"The encryption key {key_id!r} has {len(key)} bytes; it needs exactly {KEY_BYTES}. "
            "`connector keys` makes one."
        )
