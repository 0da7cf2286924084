"""What every test shares."""

import pytest
import structlog


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """One line for each event: drawing a traceback with all its values takes up to a minute."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer(sort_keys=True)])
