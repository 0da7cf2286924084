"""The floor of keeping a webhook: one row inserted and committed under the same server, no more.

`python -m tests.bench.bare_insert`, which reads CONNECTOR_LISTEN and CONNECTOR_DATABASE_URL and
imports nothing of the connector.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from threading import local
from typing import Any

import psycopg
from flask import Flask, request
from waitress import serve

PREPARED = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
TABLE = "CREATE TABLE IF NOT EXISTS bare (body {bytes} NOT NULL)"


def app(url: str) -> Flask:
    """Takes what the connector takes, keeps it, and answers as much."""
    bare, mine, connect = Flask("bare"), local(), _connects_to(url)
    connect().close()

    @bare.post("/hooks/<host>")
    def take(host: str) -> tuple[str, int]:
        if not hasattr(mine, "keep"):
            mine.keep = _keeps(connect())
        mine.keep(request.get_data())
        return "x" * 150, 202

    @bare.get("/healthz")
    def alive() -> str:
        return "alive"

    return bare


def _connects_to(url: str) -> Callable[[], Any]:
    if not url.startswith("sqlite"):
        return lambda: _postgres(url)
    return lambda: _sqlite(url.removeprefix("sqlite:///"))


def _postgres(url: str) -> "psycopg.Connection[Any]":
    connection = psycopg.connect(url, autocommit=True)
    connection.execute(TABLE.format(bytes="bytea"))
    return connection


def _sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    for statement in (*PREPARED, TABLE.format(bytes="BLOB")):
        connection.execute(statement)
    return connection


def _keeps(connection: Any) -> Callable[[bytes], Any]:
    """Each statement is committed by itself."""
    blank = "?" if isinstance(connection, sqlite3.Connection) else "%s"
    return lambda body: connection.execute(f"INSERT INTO bare VALUES ({blank})", (body,))  # noqa: S608 - ours


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    kept = app(os.environ["CONNECTOR_DATABASE_URL"])
    where = os.environ["CONNECTOR_LISTEN"]
    serve(kept, listen=where, threads=8, recv_bytes=65_536, ident="")
