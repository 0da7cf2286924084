"""The leaving care forms connector: a completed form becomes an outcome, a summary and tasks."""

__version__ = "0.1.0"
