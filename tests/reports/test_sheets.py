"""A sheet that a spreadsheet opens as text, whatever stands in it."""

import csv
import io
from datetime import date

import pytest

from connector.reports.sheets import as_sheet, harmless, words

COLUMNS = {"record_number": "Record number", "due_on": "Due", "overdue": "Overdue"}


def test_the_heading_is_in_plain_words_and_facts_are_shown_as_people_write_them() -> None:
    rows = [{"record_number": "C1", "due_on": date(2026, 10, 30), "overdue": True}]
    assert as_sheet(rows, COLUMNS) == "Record number,Due,Overdue\r\nC1,2026-10-30,Yes\r\n"


@pytest.mark.parametrize("cell", ["=1+1", "+44 1332", "-2", "@here", "\t=1", " =cmd|x", "\r=1"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["C-1", "phone, text", "", "2026-10-30", "Weekly = usual"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_commas_quotes_and_line_ends_stay_in_their_cell() -> None:
    pattern = 'Weekly, "if well"\nelse monthly'
    sheet = as_sheet([{"record_number": "C1", "due_on": pattern}], COLUMNS)
    assert list(csv.reader(io.StringIO(sheet)))[1] == ["C1", pattern, ""]


def test_a_restricted_row_says_so_in_words() -> None:
    assert words({"record_number": "C1", "restricted": True}, COLUMNS) == ["C1", "restricted", ""]
