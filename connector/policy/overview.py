"""T93: one overview for the manager before the yearly exercise (DC-35, A14)."""

from collections.abc import Sequence
from datetime import date

from connector.dates import Window, WorkingDays, in_words
from connector.model import Inbox, Task
from connector.policy.words import TASK_TITLES


def october_overview(count: int, window: Window, today: date, working: WorkingDays) -> Task:
    """In the inbox at once, due on the exercise's first day; `count` people are on the list."""
    due = working.on_or_before(window.first)
    due = due if due > today else working.following(today)
    people = "1 person is" if count == 1 else f"{count} people are"
    return Task(
        task="T93",
        rule="DC-35",
        title=TASK_TITLES["T93"],
        inbox=Inbox.MANAGER,
        assignee=None,
        opens_on=today,
        due_on=due,
        because=f"The yearly contacts are made from {in_words(window.first)} to"
        f" {in_words(window.last)}, and {people} due. The team has a task for each.",
        done_by="You have looked at the list, and each contact has somebody who makes it.",
        role=Inbox.MANAGER,
    )


def listed(lines: Sequence[str], most: int) -> str:
    """The lines that fit into so many characters, and how many more there are."""
    kept: list[str] = []
    left = most
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            kept.append(f"And {len(lines) - len(kept)} more: ask IT for the list of October.")
            break
        kept.append(line)
    return "\n".join(kept)
