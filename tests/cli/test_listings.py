"""How rows are shown to people on wide and narrow terminals."""

import io

from rich.console import Console

from connector.cli.tables import Listing

TASKS = Listing(
    "Tasks",
    ("Task", "Opens", "Due", "Why"),
    [("T01", "2026-05-20", "2026-06-17", "The lead social worker is contacted every 84 days.")],
)


def shown(listing: Listing, width: int) -> str:
    said = io.StringIO()
    Console(file=said, width=width).print(listing)
    return said.getvalue()


def test_a_wide_terminal_shows_a_table() -> None:
    head, *_ = (line for line in shown(TASKS, 100).splitlines() if "Opens" in line)
    assert "Due" in head


def test_a_narrow_terminal_shows_each_row_as_a_block_and_cuts_nothing() -> None:
    lines = shown(TASKS, 40).splitlines()
    assert "Opens  2026-05-20" in [line.strip() for line in lines]
    assert "…" not in shown(TASKS, 40)


def test_an_empty_cell_takes_no_line_of_a_block() -> None:
    assert "Reason" not in shown(Listing("", ("Id", "Reason"), [("sub_1", "")]), 20)


def test_where_nothing_is_listed_it_says_so() -> None:
    assert shown(Listing("Follow-ups", ("Task",), []), 40).strip() == "Follow-ups: none"
