"""`connector import` and `connector report`, as they are typed."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from cli_council import HOST, Council, Run

from connector.assembly import utc_now
from connector.dates import london_date

TODAY = london_date(utc_now())
GOOD = f"closed_case,C1,2003-03-04,{TODAY - timedelta(days=40)},07700 900123"
BAD = "closed_case,C2,2003-03-04,31/02/2026,"
HEADING = "kind,person_id,date_of_birth,closed_on,phone"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A sheet with a row that can be used and one that cannot."""
    return written(tmp_path, HEADING, GOOD, BAD)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "people.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_a_refused_row_is_named_by_line_and_record_and_leaves_with_1(
    connector: Run, people: Path
) -> None:
    ran = connector("import", HOST, str(people))
    assert ran.code == 1
    assert "Line 3, record C2: closed_on: 31/02/2026 is not a real date." in ran.out
    assert "1 imported, 0 unchanged (imported before), 1 refused." in ran.out


def test_the_second_time_all_is_unchanged_and_good(connector: Run, tmp_path: Path) -> None:
    path = str(written(tmp_path, HEADING, GOOD))
    assert connector("import", HOST, path).code == 0
    again = connector("import", HOST, path, "--json")
    assert (again.code, again.json["rows"][0]["result"]) == (0, "unchanged")
    assert again.json["summary"]["unchanged"] == 1


def test_a_dry_run_counts_what_would_be_planned(connector: Run, people: Path) -> None:
    tried = connector("import", HOST, str(people), "--dry-run", "--json").json
    (row, refused) = tried["rows"]
    (task,) = row["tasks"]
    assert refused["reason"]
    assert tried["dry_run"] is True
    assert tried["summary"]["tasks"] == {
        "T30": {"count": 1, "first_due_on": task["due_on"], "last_due_on": task["due_on"]}
    }
    assert connector("report", "october", "--json").json == []


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("kind,person_id,dateofbirth", "There is no column dateofbirth. Did you mean"),
        ("kind,person_id", "must name these columns: kind, person_id, date_of_birth"),
        ("kind,kind,person_id,date_of_birth", "The column kind is there twice."),
        ("", "must name these columns"),
    ],
)
def test_a_heading_that_cannot_be_used_is_wrong_use_and_says_which_columns_there_are(
    heading: str, said: str, connector: Run, tmp_path: Path
) -> None:
    ran = connector("import", HOST, str(written(tmp_path, heading, GOOD)))
    assert ran.code == 2
    assert said in ran.err
    assert "agreement_date" in ran.err


def test_a_sheet_parted_by_semicolons_with_a_byte_order_mark_is_read(
    connector: Run, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    text = f"{HEADING}\n{GOOD}\n".replace(",", ";").replace("kind", "Kind", 1)
    path.write_text(text, "utf-8-sig")
    assert connector("import", HOST, str(path)).code == 0


def test_a_sheet_in_another_encoding_says_how_to_save_it(connector: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"{HEADING}\n{GOOD} caf\xe9\n".encode("latin-1"))
    ran = connector("import", HOST, str(path))
    assert (ran.code, "Save the file as CSV UTF-8." in ran.err) == (2, True)


def test_a_row_with_too_many_cells_is_refused_alone(connector: Run, tmp_path: Path) -> None:
    ran = connector("import", HOST, str(written(tmp_path, HEADING, f"{GOOD},x,y", GOOD)))
    assert ran.code == 1
    assert "Line 2: The row has more cells than the first line." in ran.out
    assert "1 imported" in ran.out


def test_an_unknown_host_is_wrong_use(connector: Run, people: Path) -> None:
    assert connector("import", "nowhere", str(people)).code == 2


def test_a_host_that_cannot_be_asked_about_people_is_said_so(connector: Run, people: Path) -> None:
    ran = connector("import", HOST, str(people), "--check-host")
    assert (ran.code, "cannot be asked about people" in ran.err) == (2, True)


def test_the_list_of_agreements_is_a_table_for_people(council: Council, connector: Run) -> None:
    council.take(council.payload())
    ran = connector("report", "agreements", "--host", HOST)
    assert ran.code == 0
    assert "Record number" in ran.out
    assert "400123" in ran.out


def test_a_sheet_opens_in_excel_and_holds_no_name_or_number(
    council: Council, connector: Run, tmp_path: Path
) -> None:
    council.take(council.payload())
    connector("import", HOST, str(written(tmp_path, HEADING, GOOD)))
    path = tmp_path / "october.csv"
    ran = connector("report", "october", "--csv", str(path))
    assert (ran.code, ran.out) == (0, "")
    assert f"Wrote {path}." in ran.err
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, row = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert heading[:3] == ["Case system", "Record number", "Due"]
    assert row[:2] == [HOST, "C1"]
    assert b"07700" not in raw


def test_a_sheet_goes_to_the_standard_output_too(council: Council, connector: Run) -> None:
    council.take(council.payload())
    ran = connector("report", "agreements", "--csv", "-", "--host", HOST)
    assert ran.out.startswith("\ufeffRecord number,Agreed on")


def test_facts_are_printed_as_json(council: Council, connector: Run) -> None:
    council.take(council.payload())
    (row,) = connector("report", "agreements", "--json").json
    assert row["host"] == HOST
    assert "Example" not in json.dumps(row)


def test_a_report_of_another_name_is_wrong_use(connector: Run) -> None:
    assert connector("report", "everybody").code == 2
