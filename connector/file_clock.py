"""A clock that a file sets, to rehearse years in an afternoon. Off unless a file is named.

The file holds a date ("2026-03-25", nine in the morning in London) or a date-time. From the moment
it is written the clock goes on as clocks do, so that waits come to an end.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from connector.dates import LONDON
from connector.errors import SetupProblem

MORNING = time_of_day(9)


@dataclass
class FileClock:
    """The time that stands in a file. SetupProblem where it holds none at the start; later on, a
    file that is being written is read again at the next look."""

    path: Path
    _text: str = ""
    _at: datetime = field(default=datetime(1970, 1, 1, tzinfo=UTC))
    _since: float = 0.0

    def __post_init__(self) -> None:
        if not self._read():
            raise SetupProblem(
                f"{self.path} holds no time. Write a date such as 2026-03-25 into it, or a date and"
                " time such as 2026-03-25T09:00."
            )

    def __call__(self) -> datetime:
        """Now, by the file."""
        self._read()
        return self._at + timedelta(seconds=time.monotonic() - self._since)

    def _read(self) -> bool:
        try:
            text = self.path.read_text("utf-8").strip()
            moment = _moment(text)
        except (OSError, ValueError):
            return False
        if text != self._text:
            self._text, self._at, self._since = text, moment, time.monotonic()
        return True


def _moment(text: str) -> datetime:
    if len(text) == len("2026-03-25"):
        return datetime.combine(date.fromisoformat(text), MORNING, LONDON).astimezone(UTC)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
