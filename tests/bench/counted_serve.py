"""`python -m tests.bench.counted_serve FILE`: `connector serve` that counts its commits."""

import sys
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from connector.cli import main


def counted(file: Path) -> None:
    """Serve until the process is stopped, then write the number down."""
    commits = count()

    @event.listens_for(Engine, "commit")
    def note(_connection: Any) -> None:
        next(commits)

    try:
        main(["serve"])
    finally:
        file.write_text(str(next(commits)))


if __name__ == "__main__":
    counted(Path(sys.argv[1]))
