"""The image: it is built from what there is, runs as nobody much, and asks a page there is."""

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from clean_root import instructions
from command_lines import DEPLOY, not_understood

from connector.settings import SETTINGS

ROOT = DEPLOY.parent
STEPS = instructions((DEPLOY / "Dockerfile").read_text("utf-8"))
LAST = STEPS[max(at for at, (word, _) in enumerate(STEPS) if word == "FROM") :]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def said(word: str) -> str:
    """What the last stage says under this word, which it says once."""
    (only,) = [rest for each, rest in LAST if each == word]
    return only


def copied_from_the_source() -> set[str]:
    copies = [rest.split()[:-1] for word, rest in STEPS if word == "COPY" and "--from" not in rest]
    return {each for copy in copies for each in copy}


def test_everything_it_copies_is_there_and_let_through() -> None:
    ignore = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in ignore if line.startswith("!")} == copied_from_the_source()
    assert all((ROOT / each).exists() for each in copied_from_the_source())


def test_it_copies_all_that_the_wheel_is_made_of() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    target = wheel["targets"]["wheel"]
    needed = {*target["packages"], *target["force-include"], PROJECT["readme"], "pyproject.toml"}
    assert needed | set(PROJECT["license-files"]) <= copied_from_the_source()


def test_the_extras_it_installs_exist() -> None:
    named = re.findall(r"\[([a-z,]+)\]\"", " ".join(rest for word, rest in STEPS if word == "RUN"))
    assert named
    assert set(",".join(named).split(",")) <= set(PROJECT["optional-dependencies"])


def test_its_python_is_one_that_the_project_takes() -> None:
    for word, rest in STEPS:
        if word == "FROM":
            version = re.fullmatch(r"python:3\.(\d+)-slim-\w+(?: AS \w+)?", rest)
            assert version is not None
            assert int(version[1]) >= int(PROJECT["requires-python"].removeprefix(">=3."))


def test_the_last_stage_installs_nothing_and_runs_as_a_user_without_rights() -> None:
    runs = " ".join(rest for word, rest in LAST if word == "RUN")
    assert not re.search(r"\b(apt-get|pip|gcc|build-essential|curl)\b", runs)
    user, group = said("USER").split(":")
    assert f"--uid {user}" in runs
    assert f"--gid {group}" in runs
    assert "0" not in (user, group)


def test_it_starts_a_command_that_there_is() -> None:
    assert json.loads(said("ENTRYPOINT")) == ["connector"]
    assert not_understood(json.loads(said("CMD"))) == ""


def test_it_asks_a_page_that_there_is_where_it_listens() -> None:
    pages = json.loads((ROOT / "connector/web/openapi.json").read_text("utf-8"))["paths"]
    asked = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", said("HEALTHCHECK"))
    assert asked is not None
    assert asked[2] in pages
    assert f"CONNECTOR_LISTEN=0.0.0.0:{asked[1]}" in said("ENV")
    assert said("EXPOSE") == asked[1]


def test_it_sets_settings_that_there_are() -> None:
    known = {each.name for each in SETTINGS}
    assert set(re.findall(r"(CONNECTOR_[A-Z_]+)=", said("ENV"))) <= known


def test_nothing_of_the_source_that_is_made_while_running_gets_in() -> None:
    ignored = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line]
    for made in ("connector/__pycache__", "connector/cli/looking.cpython-311.pyc"):
        assert any(fnmatch(Path(made).as_posix(), line) for line in ignored if line != "*")
