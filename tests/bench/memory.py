"""Resident memory after the load, as the other measurements noted it."""

from .figures import Figure
from .setting import Setting

BARE = "the bare Flask server after the same load"


def figures(of: Setting) -> list[Figure]:
    """Of the web process and of the worker."""
    bare = of.memory["bare"]
    return [
        Figure("Memory of the web process", "MB", of.memory["web"], bare, BARE),
        Figure("Memory of the worker", "MB", of.memory["worker"], bare, BARE),
    ]
