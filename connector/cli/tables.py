"""How facts are listed for people: a table, or one block for each row where that is too narrow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

NARROWEST_COLUMN = 13
"""A column narrower than this, in characters, would cut a date in two."""

NEVER_CUT = ("Submission", "Id")
"""Columns that people copy into the next command."""


@dataclass(frozen=True)
class Listing:
    """Rows under a heading. Cells are rich markup: what was typed by people comes escaped."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __rich_console__(
        self, console: "Console", options: "ConsoleOptions"
    ) -> "Iterator[RenderableType]":
        """As rich prints it on a terminal of this width."""
        if not self.rows:
            yield f"{self.title or 'Found'}: none"
        elif options.max_width < NARROWEST_COLUMN * len(self.columns):
            yield from self._blocks()
        else:
            yield self._table()

    def _table(self) -> "RenderableType":
        from rich.table import Table

        made = Table(title=self.title or None, title_justify="left", header_style="bold")
        for column in self.columns:
            made.add_column(column, overflow="fold", no_wrap=column in NEVER_CUT)
        for row in self.rows:
            made.add_row(*row)
        return made

    def _blocks(self) -> "Iterator[RenderableType]":
        from rich.table import Table

        if self.title:
            yield f"[italic]{self.title}[/italic]"
        for row in self.rows:
            made = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
            made.add_column(style="bold", no_wrap=True)
            made.add_column(overflow="fold")
            for column, cell in zip(self.columns, row, strict=True):
                if cell:
                    made.add_row(column, cell)
            yield made
            yield ""
