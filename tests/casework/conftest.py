"""One council for each test."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from rounds_stage import Council, council_in


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nobody reads the log, and the traces of a whole configuration take long to draw."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    made = council_in(tmp_path)
    yield made
    made.store.close()
