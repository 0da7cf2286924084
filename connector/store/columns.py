"""The kinds of column: those SQLite and PostgreSQL both have."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, LargeBinary, String, Text, TypeDecorator

ID = String(40)
NAME = String(200).with_variant(Text(), "postgresql")
"""An id or a name of a host's, however long it is."""
HASH = String(64)
SEALED = LargeBinary
"""What the vault sealed under the place "table/row id/column"; None once emptied."""


class Instant(TypeDecorator[datetime]):
    """An aware moment, kept as UTC text of fixed width, so that text order is time order."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Refuse a naive moment: nobody could say later which clock it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        return None if value is None else datetime.fromisoformat(value)
