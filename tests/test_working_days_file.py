"""bank_holidays.yaml: a council's own days off, and the bank holidays it works on (A4)."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from connector.errors import ConfigurationProblem
from connector.profiles import ENGLAND, load, packaged_folder, read_working_days

CHRISTMAS_EVE, BOXING_DAY, ORDINARY = date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 30)


def written(folder: Path, text: str) -> Path:
    file = folder / "bank_holidays.yaml"
    file.write_text(text, "utf-8")
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(ConfigurationProblem) as found:
        read_working_days(file)
    return [f"{place.line} {place.path}: {place.message}" for place in found.value.places]


def test_without_the_file_englands_bank_holidays_hold(tmp_path: Path) -> None:
    assert read_working_days(tmp_path / "bank_holidays.yaml") == ENGLAND
    assert ENGLAND.includes(CHRISTMAS_EVE)
    assert not ENGLAND.includes(BOXING_DAY)


def test_a_council_may_close_and_open_on_days_of_its_own(tmp_path: Path) -> None:
    days = read_working_days(written(tmp_path, "closed: [2026-12-24]\nopen:\n  - 2026-12-28\n"))
    assert not days.includes(CHRISTMAS_EVE)
    assert days.includes(BOXING_DAY)
    assert days.includes(ORDINARY)


def test_a_weekend_stays_a_weekend_even_where_it_is_listed_as_open(tmp_path: Path) -> None:
    assert not read_working_days(written(tmp_path, "open: [2026-12-26]\n")).includes(
        date(2026, 12, 26)
    )


@pytest.mark.parametrize("text", ["", "closed: []\nopen: []\n", "# nothing yet\n"])
def test_an_empty_file_changes_nothing(tmp_path: Path, text: str) -> None:
    assert read_working_days(written(tmp_path, text)) == ENGLAND


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    found = problems(written(tmp_path, "closed:\n  - 24/12/2026\n  - 2026-12-31\nshut: []\n"))
    assert [each.split(":")[0] for each in found] == ["2 closed[1]", "4 shut"]


def test_the_file_is_read_with_the_rest_of_the_folder(tmp_path: Path) -> None:
    folder = copytree(packaged_folder(), tmp_path / "config")
    before = load(folder).hash
    written(folder, "closed: [2026-12-24]\n")
    chosen = load(folder)
    assert not chosen.working.includes(CHRISTMAS_EVE)
    assert chosen.hash != before


def test_a_mistake_in_it_is_reported_with_those_of_the_folder(tmp_path: Path) -> None:
    folder = copytree(packaged_folder(), tmp_path / "config")
    written(folder, "closed: tomorrow\n")
    with pytest.raises(ConfigurationProblem, match=r"bank_holidays\.yaml"):
        load(folder)
