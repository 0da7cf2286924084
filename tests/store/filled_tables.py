"""Every table with rows in every column, made from the tables themselves: none can be forgotten."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, Integer, LargeBinary, Table, insert, select

from connector.store.columns import Instant
from connector.store.tables import key_check, metadata

NOW = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)
ROWS = 450
"""More than are copied at a time."""


def fill(connection: Connection) -> None:
    """Put rows into every table but that of the keys, which has its own."""
    for table in metadata.sorted_tables:
        if table is not key_check:
            connection.execute(insert(table), [_row(table, number) for number in range(ROWS)])


def rows_of(connection: Connection, but: frozenset[str] = frozenset()) -> dict[str, list[Any]]:
    """Everything in the tables, in the order of their keys."""
    return {
        table.name: [tuple(row) for row in connection.execute(_in_order(table))]
        for table in metadata.sorted_tables
        if table.name not in but
    }


def _in_order(table: Table) -> Any:
    return select(table).order_by(*table.primary_key.columns)


def _row(table: Table, number: int) -> dict[str, Any]:
    return {column.name: _value(table, column, number) for column in table.columns}


def _value(table: Table, column: Column[Any], number: int) -> Any:
    if column.nullable and number % 3 == 0:
        return None
    for key in column.foreign_keys:
        return f"{key.column.table.name}-{key.column.name}-{number:05}"[-20:]
    kind = column.type
    if isinstance(kind, Instant):
        return NOW + timedelta(microseconds=number)
    if isinstance(kind, Date):
        return date(2024, 2, 29) + timedelta(days=number)
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, LargeBinary):
        return bytes(range(256)) + bytes([number % 256])
    if isinstance(kind, JSON):
        return ["P1", f"Łódź “{number}”"]
    return f"{table.name}-{column.name}-{number:05}"[-20:]
