"""The floor of an import: the file is read, and one plain row is inserted for each person.

`python -m tests.bench.bare_import FILE DATABASE`. As safe on disk: WAL, synchronous=FULL, and a
transaction for as many rows.
"""

import csv
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

ROWS_TOGETHER = 200


def take_in(file: Path, database: Path) -> None:
    """Read and insert everything."""
    with closing(sqlite3.connect(database)) as into, file.open(newline="") as opened:
        into.execute("PRAGMA journal_mode=WAL")
        into.execute("PRAGMA synchronous=FULL")
        rows: Iterator[list[str]] = csv.reader(opened)
        names = next(rows)
        into.execute(f"CREATE TABLE people ({', '.join(names)})")
        blanks = ", ".join("?" for _ in names)
        while batch := list(islice(rows, ROWS_TOGETHER)):
            with into:
                into.executemany(f"INSERT INTO people VALUES ({blanks})", batch)  # noqa: S608


if __name__ == "__main__":
    take_in(Path(sys.argv[1]), Path(sys.argv[2]))
