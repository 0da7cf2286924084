"""Signatures made by the openssl program, so that no code of ours has a hand in them."""

import base64
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

# What stands before the 32 bytes of an ed25519 private key in PKCS#8 (RFC 8410).
_PKCS8 = bytes.fromhex("302e020100300506032b657004220420")


@cache
def hmac(key: bytes, content: bytes) -> bytes:
    """HMAC-SHA256."""
    options = ["-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}"]
    return _openssl("dgst", "-sha256", *options, "-binary", sent=content)


@cache
def ed25519(key: bytes, content: bytes) -> bytes:
    """An ed25519 signature by the private key of these 32 bytes."""
    with TemporaryDirectory() as folder:
        file, message = Path(folder) / "key.der", Path(folder) / "message"
        file.write_bytes(_PKCS8 + key)
        message.write_bytes(content)
        with_key = ["-keyform", "DER", "-inkey", str(file)]
        return _openssl("pkeyutl", "-sign", "-rawin", "-in", str(message), *with_key)


@cache
def public_ed25519(key: bytes) -> bytes:
    """The public key to a private one."""
    made = _openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", sent=_PKCS8 + key)
    return made[-32:]


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _openssl(*arguments: str, sent: bytes = b"") -> bytes:
    return subprocess.run(
        ["openssl", *arguments], input=sent, capture_output=True, check=True, timeout=20
    ).stdout
