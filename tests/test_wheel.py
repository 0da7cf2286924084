"""What an installation gets: the wheel holds all it needs, and works with nothing beside it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[1]
NEEDED = (
    "connector/__main__.py",
    "connector/py.typed",
    "connector/case_summary.typ",
    "connector/web/openapi.json",
    "connector/store/migrations/env.py",
    "connector/store/migrations/versions/v0001_*.py",
    "connector/sandbox/templates/*.html",
    "connector/sandbox/static/*.css",
    "connector/sandbox/forms/*.yaml",
    "connector/mappings/README.md",
    "connector/mappings/OUTBOUND.md",
    "connector/mappings/policy.yaml",
    "schemas/py.typed",
    "schemas/post_21_assessment.py",
    "*.dist-info/licenses/LICENSE",
)
UNWANTED = ("tests/*", "deploy/*", "mappings/*", "*.pyc", "*/conftest.py", ".ci/*")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    return next(folder.glob("leaving_care_connector-*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with ZipFile(wheel) as opened:
        return opened.namelist()


@pytest.fixture
def run(wheel: Path, tmp_path: Path) -> Run:
    """Run Python with the unpacked wheel in front of everything, in an empty folder."""
    unpacked, empty = tmp_path / "unpacked", tmp_path / "empty"
    empty.mkdir()
    with ZipFile(wheel) as opened:
        opened.extractall(unpacked)
    kept = {name: text for name, text in os.environ.items() if not name.startswith("CONNECTOR_")}
    env = kept | {"PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}

    def run_python(*arguments: str) -> "subprocess.CompletedProcess[str]":
        asked = [sys.executable, *arguments]
        return subprocess.run(asked, cwd=empty, env=env, capture_output=True, text=True, timeout=60)

    return run_python


@pytest.mark.parametrize("pattern", NEEDED)
def test_the_wheel_holds(names: list[str], pattern: str) -> None:
    assert any(fnmatch(name, pattern) for name in names)


def test_the_wheel_holds_the_whole_configuration(names: list[str]) -> None:
    shipped = {
        f"connector/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "mappings").rglob("*")
        if path.is_file()
    }
    assert shipped <= set(names)


@pytest.mark.parametrize("pattern", UNWANTED)
def test_the_wheel_does_not_hold(names: list[str], pattern: str) -> None:
    assert [name for name in names if fnmatch(name, pattern)] == []


def test_the_unpacked_wheel_checks_the_configuration_it_brought_along(run: Run) -> None:
    where = run("-c", "from connector.profiles import packaged_folder; print(packaged_folder())")
    assert where.stdout.strip().endswith(os.path.join("unpacked", "connector", "mappings"))
    checked = run("-m", "connector", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_unpacked_wheel_tries_its_own_sample(run: Run) -> None:
    folder = run("-c", "from connector.profiles import packaged_folder; print(packaged_folder())")
    sample = Path(folder.stdout.strip()) / "flat" / "samples" / "tailored_support_agreement.json"
    tried = run(
        "-m", "connector", "try", "flat", str(sample), "--as-of", "2026-03-27", "--json"
    )  # fmt: skip
    assert tried.returncode == 0, tried.stderr
    assert json.loads(tried.stdout)["form"] == "tailored_support_agreement"
