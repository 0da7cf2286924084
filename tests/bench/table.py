"""The figures as a table in plain English."""

from collections.abc import Iterable

from rich.table import Table

from .figures import Figure

MEANING = "“Times” is how many times the floor's cost ours is: 1 is as good as it gets."


def table(figures: Iterable[Figure]) -> Table:
    """One row for each figure."""
    made = Table(title="The connector beside its floors", caption=MEANING, title_justify="left")
    made.add_column("What")
    for heading in ("Ours", "Floor", "Times"):
        made.add_column(heading, justify="right")
    made.add_column("The floor is")
    for each in figures:
        ours, floor = (f"{number(value)} {each.unit}" for value in (each.ours, each.floor))
        made.add_row(each.name, ours, floor, f"{each.ratio:.1f}", each.floor_is)
    return made


def number(value: float) -> str:
    """Three figures that count: 1,234 · 12.3 · 1.23."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
