"""The units: systemd takes them, they are hardened alike, and they start what there is."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from command_lines import DEPLOY, in_text, not_understood

from connector.settings import SETTINGS

SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
MOST_EXPOSED = 1.2
"""Of 10, by `systemd-analyze security`: what a network service cannot do without."""

every_service = pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)


def analyze(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing: apt-get install -y systemd")
        pytest.skip("systemd-analyze is missing: apt-get install -y systemd")
    asked = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(asked, capture_output=True, text=True, timeout=60)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units with a program that is there: on this machine the connector is not installed."""
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/opt/connector/.venv/bin/connector", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    return tmp_path


def test_systemd_finds_nothing_wrong_with_them(installed: Path) -> None:
    names = [unit.name.replace("@", "@1") for unit in installed.iterdir() if unit.suffix != ".sh"]
    assert len(names) == 5
    verified = analyze("verify", *(installed / name for name in names))
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


def test_systemd_would_find_a_mistake(installed: Path) -> None:
    unit = installed / "connector.service"
    unit.write_text(unit.read_text("utf-8").replace("ProtectHome=yes", "ProtectHouse=yes"), "utf-8")
    assert "ProtectHouse" in analyze("verify", unit).stderr


@every_service
def test_it_is_exposed_no_more_than_a_network_service_must_be(unit: Path) -> None:
    told = analyze("security", "--offline=yes", unit)
    exposure = re.search(r"exposure level for .*: ([\d.]+)", told.stdout)
    assert exposure is not None, told.stderr
    assert float(exposure[1]) <= MOST_EXPOSED


def test_what_they_may_not_do_is_the_same_in_all_of_them() -> None:
    blocks = {unit.read_text("utf-8").partition("# What it may not do.")[2] for unit in SERVICES}
    lines = {tuple(block.partition("\n\n[Install]")[0].strip().splitlines()) for block in blocks}
    assert len(lines) == 1
    assert len(lines.pop()) > 25


@every_service
def test_it_starts_a_command_that_there_is(unit: Path) -> None:
    found = list(in_text(unit.read_text("utf-8")))
    assert len(found) == 1
    assert not_understood(found[0]) == ""


@every_service
def test_it_sets_settings_that_there_are(unit: Path) -> None:
    known = {each.name for each in SETTINGS}
    assert set(re.findall(r"\b(CONNECTOR_[A-Z_]+)=", unit.read_text("utf-8"))) <= known


def test_a_service_that_keeps_running_is_started_again_whatever_ended_it() -> None:
    for unit in SERVICES:
        text = unit.read_text("utf-8")
        kept = "Restart=always" in text and "StartLimitIntervalSec=0" in text
        assert kept == ("Type=exec" in text), unit.name
