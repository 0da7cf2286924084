"""The configuration folder is found, read and checked as a whole."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from connector import profiles
from connector.errors import ConfigurationProblem

MAPPINGS = Path(__file__).parents[1] / "mappings"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "mappings"
    shutil.copytree(MAPPINGS, copied)
    return copied


def places(folder: Path) -> list[str]:
    with pytest.raises(ConfigurationProblem) as caught:
        profiles.load(folder)
    return [str(place) for place in caught.value.places]


def test_the_shipped_folder_loads_with_its_five_hosts() -> None:
    loaded = profiles.load(MAPPINGS)
    assert sorted(loaded.hosts) == ["dataverse", "fhir", "flat", "question-code", "sandbox"]
    assert loaded.policy.tailored.social_worker_contact_days == 84


def test_problems_of_all_files_come_together(folder: Path) -> None:
    (folder / "policy.yaml").write_text("limits: {min_age: x}\n")
    (folder / "flat" / "host.yaml").write_text("a: 1\na: 2\n")
    (folder / "fhir" / "post_22_assessment.yaml").write_text("fields: {}\n")
    found = "\n".join(places(folder))
    assert "mappings/policy.yaml:1 at limits.min_age" in found
    assert "flat/host.yaml:2 at a" in found
    assert "fhir/post_22_assessment.yaml: There is no form" in found
    assert "Did you mean “post_21_assessment”?" in found


def test_the_hash_changes_with_any_yaml(folder: Path) -> None:
    before = profiles.load(folder).hash
    assert profiles.load(folder).hash == before
    (folder / "README.md").write_text("changed")
    assert profiles.load(folder).hash == before
    with (folder / "flat" / "host.yaml").open("a") as file:
        file.write("# changed\n")
    assert profiles.load(folder).hash != before


def test_a_file_that_is_not_utf_8_or_has_a_mark_at_its_start(folder: Path) -> None:
    host = folder / "flat" / "host.yaml"
    host.write_text(host.read_text("utf-8"), encoding="utf-8-sig")
    assert "flat" in profiles.load(folder).hosts
    host.write_bytes(b"title: caf\xe9\n")
    assert "Save this file as UTF-8" in places(folder)[0]


def test_an_empty_folder_says_that_there_is_no_host(tmp_path: Path) -> None:
    assert "No host here" in places(tmp_path)[0]


def test_without_a_policy_file_the_defaults_hold(folder: Path) -> None:
    (folder / "policy.yaml").unlink()
    assert profiles.load(folder).policy.limits.upper_age == 25


def test_the_folder_asked_for_comes_before_the_environment(tmp_path: Path) -> None:
    asked, other = tmp_path / "a", tmp_path / "b"
    asked.mkdir()
    other.mkdir()
    assert profiles.find_folder(asked, {"CONNECTOR_CONFIG": str(other)}) == asked
    assert profiles.find_folder(None, {"CONNECTOR_CONFIG": str(other)}) == other
    with pytest.raises(ConfigurationProblem, match="no such folder"):
        profiles.find_folder(tmp_path / "c", {})


def test_else_it_is_the_folder_here_or_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert profiles.find_folder(None, {}) == MAPPINGS
    (tmp_path / "mappings").mkdir()
    assert profiles.find_folder(None, {}) == Path("mappings")


def test_a_councils_own_days_off_are_read(folder: Path) -> None:
    (folder / "bank_holidays.yaml").write_text("closed: [2026-12-24]\n")
    assert not profiles.load(folder).working.includes(date(2026, 12, 24))


def test_one_host_alone_is_read_though_another_is_unfinished(folder: Path) -> None:
    (folder / "fhir" / "host.yaml").write_text("inbound: {", "utf-8")
    assert set(profiles.load(folder, "flat").hosts) == {"flat"}
    with pytest.raises(ConfigurationProblem):
        profiles.load(folder)
