"""Every line of the log that the product writes: plain words, allowed keys, a level that fits."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import connector
from connector import logs

SOURCE = Path(connector.__file__).parent
LOGGERS = ("log", "_log")
LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True)
class Call:
    """One call of a logger: where, at which level (none where it is chosen), what and with what."""

    place: str
    level: str
    event: str | None
    keys: frozenset[str]


def calls() -> Iterator[Call]:
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        chosen = {
            target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.IfExp)
            for target in node.targets
            if isinstance(target, ast.Name) and _is_logger(node.value.body)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _logs(node.func, chosen):
                yield _call(node, f"{path.relative_to(SOURCE)}:{node.lineno}")


def _is_logger(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in LOGGERS
        and node.attr in LEVELS
    )


def _logs(function: ast.expr, chosen: set[str]) -> bool:
    return _is_logger(function) or (isinstance(function, ast.Name) and function.id in chosen)


def _call(node: ast.Call, place: str) -> Call:
    level = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    (event,) = node.args
    text = event.value if isinstance(event, ast.Constant) else None
    return Call(place, level, text, frozenset(each.arg or "**" for each in node.keywords))


CALLS = tuple(calls())
every_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.place)


def test_the_calls_are_found() -> None:
    assert len(CALLS) > 50
    assert {call.level for call in CALLS} == {*LEVELS, ""}


@every_call
def test_a_line_of_the_log_prints_all_that_it_is_given(call: Call) -> None:
    assert call.keys <= logs.KEYS | {"exc_info", "**"}


@every_call
def test_an_event_is_a_few_plain_words(call: Call) -> None:
    assert call.event is not None
    assert logs.is_plain(call.event)
    assert call.level in (*LEVELS, "")


@every_call
def test_an_error_says_what_it_is_about(call: Call) -> None:
    if call.level in ("error", "critical"):
        about = {"error", "exc_info", "reason_code", "submission", "effect", "host", "**"}
        assert call.keys & about
