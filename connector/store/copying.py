"""Every row from one database to another, whichever of the two kinds each is.

Values are copied as they stand: what is sealed stays sealed, and no key is needed.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, MetaData, Table, func, insert, select

BATCH = 200
"""Rows held in memory at once; a document in a row may have a few hundred kilobytes."""

NOT_ROWS = frozenset({"alembic_version", "backup"})
"""What says something of the database or of the backup itself."""

Progress = Callable[[str, int], None]
"""Told the table and how many of its rows have just been copied."""


def tables_of(connection: Connection) -> tuple[Table, ...]:
    """The tables that hold rows of ours, as they are there; whatever is named comes first."""
    found = MetaData()
    found.reflect(connection)
    return tuple(table for table in found.sorted_tables if table.name not in NOT_ROWS)


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in tables_of(connection)
    }


def copy_rows(source: Connection, target: Connection, progress: Progress) -> Mapping[str, int]:
    """Copy all rows into empty tables of the same shape; how many of each were copied.

    Both are of the same version. The rows are streamed, however many there are.
    """
    from_tables = {table.name: table for table in tables_of(source)}
    return {
        table.name: _copy_table(source, from_tables[table.name], target, table, progress)
        for table in tables_of(target)
    }


def _copy_table(
    source: Connection, there: Table, target: Connection, here: Table, progress: Progress
) -> int:
    statement, copied = insert(here), 0
    found = source.execute(select(there).execution_options(yield_per=BATCH))
    for rows in found.mappings().partitions():
        target.execute(statement, [dict(row) for row in rows])
        copied += len(rows)
        progress(here.name, len(rows))
    return copied
