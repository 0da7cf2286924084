"""What a form changes about the tasks of a young person: kept, moved, added or cancelled. Pure.

Nothing done is undone. A task is known by its id and period, never by its dates, so that a date
that moves makes no twin. The changes are data; whoever applies them also tells them in the note.
"""

from connector.comparing.changes import (
    NEWER_CLOCK,
    NOT_ASKED,
    SOMEBODY_ELSE,
    WITHDRAWN,
    Change,
    compare,
)
from connector.comparing.comparison import Comparison

__all__ = [
    "NEWER_CLOCK",
    "NOT_ASKED",
    "SOMEBODY_ELSE",
    "WITHDRAWN",
    "Change",
    "Comparison",
    "compare",
]
