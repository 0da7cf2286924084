"""Casework: what a form, an event or a day that comes changes about a young person's follow-ups.

`desk` is what it needs at hand; `knowing` gathers what is known; `settling` and `owing` take a form
up; `telling` an event; `opening`, `finishing`, `overdue` and `turning` are what time does.
"""

from connector.casework.desk import Desk

__all__ = ["Desk"]
