"""Every fault and every invariant of the reliability list is injected, or checked, by a test.

A test names them with `@pytest.mark.faults("E1", ...)`. The files are read, not run.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
RECEIVING = tuple(f"R{number}" for number in range(1, 14))
EFFECTS = tuple(f"E{number}" for number in range(1, 13))
ENGINE = tuple(f"G{number}" for number in range(1, 12))
MODEL = tuple(f"M{number}" for number in range(1, 6))
INVARIANTS = ("I1", "I2", "I3", "I5", "I6")
"""I4 is for when there is a chain of audit entries to verify."""


def _marks(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.faults":
            yield from (ast.literal_eval(argument) for argument in node.args)


@cache
def marked() -> frozenset[str]:
    """Every id that a test file names in a mark."""
    files = TESTS.rglob("test_*.py")
    return frozenset(
        fault for file in files for fault in _marks(ast.parse(file.read_text(encoding="utf-8")))
    )


@pytest.mark.parametrize("fault", RECEIVING + EFFECTS + ENGINE + MODEL)
def test_every_fault_is_injected(fault: str) -> None:
    assert fault in marked()


@pytest.mark.parametrize("invariant", INVARIANTS)
def test_every_invariant_is_checked(invariant: str) -> None:
    assert invariant in marked()


def test_no_mark_names_what_is_not_on_the_list() -> None:
    assert marked() <= {*RECEIVING, *EFFECTS, *ENGINE, *MODEL, *INVARIANTS}
