"""Every rule of the two service documents is proved by a test.

A test names its rules with `@pytest.mark.rules("DC-06", ...)`. The files are read, not run.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
AGREEMENT = tuple(f"DS-{number:02}" for number in range(1, 36))
ASSESSMENT = tuple(f"DC-{number:02}" for number in range(1, 40))
ENVELOPE = tuple(f"EN-{number:02}" for number in range(1, 12))


def _marks(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rules"
        if called and isinstance(node, ast.Call):
            yield from (ast.literal_eval(argument) for argument in node.args)


@cache
def marked() -> frozenset[str]:
    """Every rule id that a test file names in a mark."""
    files = TESTS.rglob("test_*.py")
    return frozenset(
        rule for file in files for rule in _marks(ast.parse(file.read_text(encoding="utf-8")))
    )


def test_there_are_74_rules() -> None:
    assert len(AGREEMENT + ASSESSMENT) == 74


@pytest.mark.parametrize("rule", AGREEMENT + ASSESSMENT)
def test_every_rule_of_the_service_is_tested(rule: str) -> None:
    assert rule in marked()


@pytest.mark.parametrize("rule", ENVELOPE)
def test_every_rule_about_the_form_itself_is_tested(rule: str) -> None:
    assert rule in marked()


def test_no_mark_names_a_rule_that_does_not_exist() -> None:
    assert marked() <= {*AGREEMENT, *ASSESSMENT, *ENVELOPE}
