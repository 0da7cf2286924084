"""One council for each test."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from rounds_stage import Council, council_in


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Nobody reads the log."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    made = council_in(tmp_path)
    yield made
    made.store.close()
