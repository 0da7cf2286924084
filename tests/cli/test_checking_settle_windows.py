"""`check` says where a host is given less time than is safe before a write is sent again."""

import shutil
from pathlib import Path

import pytest
from cli_council import HOST, Council, Run

WRITTEN = "  settle_seconds: 2\n"
TIMEOUTS = "timeouts: {connect: 5, read: 20}"


def said_of(connector: Run, folder: Path) -> list[str]:
    said = connector("check", HOST, "--config", str(folder), "--json")
    assert said.code == 0
    warnings: list[str] = said.json["hosts"][0]["warnings"]
    return warnings


@pytest.fixture
def folder(council: Council, tmp_path: Path) -> Path:
    """A configuration of its own, whose host is not this machine."""
    copy = tmp_path / "mappings"
    shutil.copytree(council.configuration.folder, copy)
    replace(copy, "base_url_env: SANDBOX_URL", "base_url: https://host.example.gov.uk")
    return copy


def replace(folder: Path, old: str, new: str) -> None:
    file = folder / HOST / "host.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_short_window_of_a_real_host_is_told_and_no_mistake(connector: Run, folder: Path) -> None:
    (warning,) = said_of(connector, folder)
    assert warning.startswith("settle_seconds is 2: ")
    assert "(it is then 600)" in warning
    told = " ".join(connector("check", HOST, "--config", str(folder)).out.split())
    assert f"look at {warning}" in told


def test_a_window_shorter_than_the_gateway_asks_for_is_told(connector: Run, folder: Path) -> None:
    replace(folder, WRITTEN, "  settle_seconds: 700\n")
    assert said_of(connector, folder) == []
    replace(folder, TIMEOUTS, "timeouts: {connect: 5, read: 20, gateway: 240}")
    (warning,) = said_of(connector, folder)
    assert "(it is then 720)" in warning


def test_a_window_that_is_left_out_is_long_enough(connector: Run, folder: Path) -> None:
    replace(folder, WRITTEN, "")
    assert said_of(connector, folder) == []


def test_a_host_on_this_machine_is_for_trying_out(connector: Run, folder: Path) -> None:
    replace(folder, "https://host.example.gov.uk", "http://127.0.0.1:8090")
    assert said_of(connector, folder) == []
