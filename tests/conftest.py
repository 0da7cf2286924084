"""What every test shares."""

from typing import Any

import pytest
import structlog
from xdist.scheduler.loadscope import LoadScopeScheduling


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """One line for each event, whatever the test before configured.

    As it comes, structlog draws a traceback with all its values, which takes up to a minute.
    """
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.processors.KeyValueRenderer(sort_keys=True)])


class LiveTogether(LoadScopeScheduling):
    """The tests on one live stage go to one process, first, since they wait more than they work."""

    def _split_scope(self, nodeid: str) -> str:
        return "live" if nodeid.startswith("tests/live/") else nodeid


def pytest_xdist_make_scheduler(config: Any, log: Any) -> LoadScopeScheduling:
    """How tests are shared out among processes."""
    return LiveTogether(config, log)
