"""One council for each test, and the configuration all of them share."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from made_once import packaged
from short_life import ShortLife

_SILENT = logging.CRITICAL


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Nobody reads the log of so many days."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(_SILENT))


@pytest.fixture
def new_life(tmp_path: Path) -> Iterator[Callable[..., ShortLife]]:
    """Make lives, each in a council of its own."""
    lives: list[ShortLife] = []

    def make(**more: Any) -> ShortLife:
        folder = tmp_path / str(len(lives))
        folder.mkdir()
        lives.append(ShortLife(folder, packaged(), **more))
        return lives[-1]

    yield make
    for each in lives:
        each.council.close()


@pytest.fixture
def life(new_life: Callable[..., ShortLife]) -> ShortLife:
    """A life in a council with every setting as it comes."""
    return new_life()
