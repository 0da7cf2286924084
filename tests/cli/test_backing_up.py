"""`connector backup` and `connector restore`, as IT uses them."""

import stat
from pathlib import Path

import pytest
from cli_council import Council, Run

from connector.assembly import utc_now
from connector.store.effect_row import EffectState

pytestmark = pytest.mark.faults("G9")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "connector.backup"


def test_what_was_kept_is_there_again_in_a_new_folder(
    council: Council, connector: Run, file: Path, tmp_path: Path
) -> None:
    submission = council.take(council.payload())
    made = connector("backup", str(file), "--json")
    assert made.code == 0
    assert made.json["rows"]["submission"] == 1
    assert made.json["bytes"] == file.stat().st_size
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    elsewhere = {"CONNECTOR_DATA": str(tmp_path / "new")}
    put_back = connector("restore", str(file), "--json", **elsewhere)
    assert put_back.code == 0
    assert put_back.json["rows"] == made.json["rows"]
    assert put_back.json["backup_at"] == made.json["made_at"]
    told = connector("show", submission, "--json", **elsewhere).json
    assert put_back.json["looked_for_first"] == len(told["effects"]) > 0
    assert {each["state"] for each in told["effects"]} == {EffectState.UNKNOWN.value}


def test_it_says_in_words_what_was_done_and_what_comes_next(
    council: Council, connector: Run, file: Path, tmp_path: Path
) -> None:
    council.take(council.payload())
    said = connector("backup", str(file)).out
    assert f"Wrote {file}: " in said
    assert "keep them too, in another place" in said
    said = connector("restore", str(file), CONNECTOR_DATA=str(tmp_path / "new")).out
    assert "they are looked for in the case system before they are sent" in said
    assert "Make sure that no connector runs on the old database any more" in said


def test_a_backup_is_replaced_only_where_that_is_said(
    council: Council, connector: Run, file: Path
) -> None:
    council.take(council.payload())
    file.write_text("the one of yesterday")
    refused = connector("backup", str(file))
    assert refused.code == 2
    assert "--force" in refused.err
    assert file.read_text() == "the one of yesterday"
    assert connector("backup", str(file), "--force").code == 0
    assert file.stat().st_size > 1000


def test_a_backup_is_not_put_over_what_is_kept(
    council: Council, connector: Run, file: Path
) -> None:
    council.take(council.payload())
    assert connector("backup", str(file)).code == 0
    refused = connector("restore", str(file))
    assert refused.code == 2
    assert "The database is not empty" in refused.err
    assert "Nothing was changed." in refused.err


def test_a_backup_of_no_database_makes_none(
    connector: Run, council: Council, file: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    refused = connector("backup", str(file), CONNECTOR_DATA=str(empty))
    assert refused.code == 2
    assert "There is no database" in refused.err
    assert not empty.exists()
    assert not file.exists()


def test_a_rehearsal_restores_at_the_time_it_rehearses(
    council: Council, connector: Run, file: Path, tmp_path: Path
) -> None:
    council.take(council.payload())
    connector("backup", str(file))
    later = tmp_path / "now"
    later.write_text(f"{utc_now().year + 3}-05-01")
    clock = ("--clock-from-file", str(later))
    made = connector("restore", str(file), "--json", *clock, CONNECTOR_DATA=str(tmp_path / "new"))
    assert made.json["restored_at"].startswith(f"{utc_now().year + 3}-")
