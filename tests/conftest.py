"""What every test shares."""

import pytest
import structlog


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """One line for each event, whatever the test before configured.

    As it comes, structlog draws a traceback with all its values, which takes up to a minute.
    """
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.processors.KeyValueRenderer(sort_keys=True)])
