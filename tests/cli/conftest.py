"""The command line in this process, on a data folder with a few forms in it."""

import logging
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_council import HOST, OTHER_HOST, Council, Ran, Run

from connector.cli import main
from connector.profiles import Configuration, load, packaged_folder
from connector.vault import new_key_text


@pytest.fixture(scope="session")
def small_configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """Two hosts load faster than all of them."""
    folder = tmp_path_factory.mktemp("mappings")
    shutil.copy(packaged_folder() / "policy.yaml", folder)
    for name in (HOST, OTHER_HOST):
        shutil.copytree(packaged_folder() / name, folder / name)
    return load(folder)


@pytest.fixture
def council(small_configuration: Configuration, tmp_path: Path) -> Council:
    data = tmp_path / "data"
    data.mkdir()
    return Council(
        small_configuration,
        {
            "CONNECTOR_CONFIG": str(small_configuration.folder),
            "CONNECTOR_DATA": str(data),
            "CONNECTOR_KEYS": new_key_text(),
            "COLUMNS": "200",
        },
    )


@pytest.fixture
def connector(
    council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run `connector` with arguments; keywords are further variables of the environment."""

    def run(*arguments: str, **environment: str) -> Ran:
        with monkeypatch.context() as given:
            for name, value in (council.environment | environment).items():
                given.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit) as left:
                main(arguments)
        said = capsys.readouterr()
        return Ran(int(left.value.code or 0), said.out, said.err)

    return run


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook)
    yield
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook = hooks
